"""The list of users: search, filters, ordering and pages."""

from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, func, or_, select

from shoptrack.db import by_code_points, fold, fold_lookalikes, translate_lookalikes
from shoptrack.i18n import clean_text
from shoptrack.resources import InvalidValue, parse_id
from shoptrack_admin.pages import add_page
from shoptrack_admin.translation import _
from shoptrack_admin.users.queries import email_column, get_all_groups
from shoptrack_auth.models import User, UserGroup
from shoptrack_auth.names import make_username_key
from shoptrack_auth.permissions import AuthPermission

PAGE_SIZE = 50
ORDERS: dict[str, Any] = {
    "username": by_code_points(User.username_key),
    "email": None,  # the expression is that of `email_column`
    "joined_at": User.joined_at,
    "last_login_at": User.last_login_at,
}
FLAG_LABELS = {"is_active": _("active"), "is_staff": _("staff"), "is_superuser": _("superuser")}
YES_NO = {"yes": True, "no": False}
PARAMETERS = {"search", *FLAG_LABELS, "group", "ordering", "page"}


def show(request) -> dict[str, Any]:
    """Show a page of users. Invalid parameters are ignored with a warning."""
    params = _get_parameters(request)
    email = email_column(request.identity)
    conditions, ordering = _make_conditions(request, params, email), _get_ordering(request, params)
    total = request.reader.scalar(select(func.count()).select_from(User).where(*conditions))
    last = max(1, -(-total // PAGE_SIZE))
    page = _get_page_number(params.get("page", "1"), last)
    rows = (
        select(*_columns, email.label("email"))
        .where(*conditions)
        .order_by(*_make_order(ordering, email))
    )
    kept_params = {name: text for name, text in params.items() if name != "page"}
    filters = {name: text for name, text in kept_params.items() if name != "ordering"}
    return {
        "rows": list(request.reader.execute(rows.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))),
        "total": total,
        "params": kept_params,
        "ordering": ordering,
        "orders": {
            name: f"?{urlencode(filters | {'ordering': f'-{name}' if ordering == name else name})}"
            for name in ORDERS
        },
        "links": _make_links(kept_params, page, last),
        "groups": get_all_groups(request.reader),
        "flags": FLAG_LABELS,
        "is_filtered": bool(filters),
        "can_add": bool(request.has_permission(AuthPermission.ADD_USERS)),
        "can_change": bool(request.has_permission(AuthPermission.CHANGE_USERS)),
        "can_delete": bool(request.has_permission(AuthPermission.DELETE_USERS)),
    }


_columns = (
    User.id,
    User.username,
    User.first_name,
    User.last_name,
    User.is_active,
    User.is_staff,
    User.is_superuser,
    User.joined_at,
    User.last_login_at,
)


def _get_parameters(request) -> dict[str, str]:
    """Return the known parameters with a value; warn about others."""
    params = {name: text for name, text in request.GET.items() if text.strip()}
    if unknown := [name for name in params if name not in PARAMETERS]:
        _warn_ignored(request, ", ".join(unknown))
    return {name: text for name, text in params.items() if name in PARAMETERS}


def _make_conditions(request, params: dict[str, str], email: Any) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for name, text in params.items():
        match name:
            case "search":
                conditions.append(_search_condition(clean_text(text, 200), email))
            case "is_active" | "is_staff" | "is_superuser" if text in YES_NO:
                conditions.append(getattr(User, name).is_(YES_NO[text]))
            case "group" if (id := _parse_group_id(text)) is not None:
                members = select(UserGroup.user_id).where(UserGroup.group_id == id)
                conditions.append(User.id.in_(members))
            case "ordering" | "page":
                pass
            case _:
                _warn_ignored(request, name)
    return conditions


def _search_condition(text: str, email: Any) -> ColumnElement[bool]:
    """Return the condition that a name or email address contains a text, in any case, width and kind of dash."""
    plain = text.strip()
    searched = [
        (User.username_key, {make_username_key(plain)}),
        *(
            (func.lower(spelled), {fold(plain), plain.lower()})
            for column in (email, User.first_name, User.last_name)
            # A database may lower more letters than ASCII's, and some in another way.
            for spelled in (column, by_code_points(column))
        ),
    ]
    return or_(
        *(
            translate_lookalikes(column).contains(fold_lookalikes(piece), autoescape=True)
            for column, pieces in searched
            for piece in pieces
        )
    )


def _get_ordering(request, params: dict[str, str]) -> str:
    """Return the ordering parameter, or the default."""
    ordering = params.get("ordering", "username")
    if ordering.removeprefix("-") in ORDERS:
        return ordering
    _warn_ignored(request, "ordering")
    return "username"


def _get_page_number(text: str, last: int) -> int:
    """Return a valid page number."""
    is_number = text.isascii() and text.isdecimal() and len(text) < 9
    return min(max(int(text), 1), last) if is_number else 1


def _make_links(kept_params: dict[str, str], page: int, last: int) -> dict[str, str]:
    """Return the query strings of the previous and the next page."""
    beside = {"prev": page - 1, "next": page + 1}
    return {
        name: f"?{urlencode(kept_params | {'page': number})}"
        for name, number in beside.items()
        if 1 <= number <= last
    }


def _make_order(ordering: str, email: Any) -> list[Any]:
    column = (ORDERS | {"email": by_code_points(email)})[ordering.removeprefix("-")]
    first = column.desc().nulls_last() if ordering.startswith("-") else column.asc().nulls_last()
    return [first, User.id]


def _parse_group_id(text: str) -> int | None:
    try:
        id = parse_id(text)
    except InvalidValue:
        return None
    return id if 0 < id < 2**31 else None


def _warn_ignored(request, name: str) -> None:
    message = _("Ignored invalid parameter: ${name}.", name=name[:50])
    request.messages.add(message, "warning")


def includeme(config):
    """Serve the list."""
    add_page(
        config,
        "users",
        "users/",
        get=show,
        template="shoptrack_admin:templates/users/list.jinja2",
        permission=AuthPermission.VIEW_USERS,
    )
