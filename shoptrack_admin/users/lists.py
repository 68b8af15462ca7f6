"""The list of users: searched, narrowed, ordered, a page at a time."""

from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, func, or_, select

from shoptrack.db.folding import by_code_points, fold, fold_lookalikes, translate_lookalikes
from shoptrack.i18n.text_input import clean_text
from shoptrack.resources.fields import InvalidValue, parse_id
from shoptrack_admin.pages import add_page
from shoptrack_admin.translation import _
from shoptrack_admin.users.reading import all_groups, email_column
from shoptrack_auth.models import User, UserGroup
from shoptrack_auth.names import make_username_key
from shoptrack_auth.permissions import AuthPermission

PAGE = 50  # users
ORDERS: dict[str, Any] = {
    "username": by_code_points(User.username_key),
    "email": None,  # as `email_column` shows it
    "joined_at": User.joined_at,
    "last_login_at": User.last_login_at,
}
SWITCHES = {"is_active": _("active"), "is_staff": _("staff"), "is_superuser": _("superuser")}
ANSWERS = {"yes": True, "no": False}
PARAMETERS = {"search", *SWITCHES, "group", "ordering", "page"}


def show(request) -> dict[str, Any]:
    """Show a page of users. What an address asks for that there is not is passed over, and said."""
    sent = _sent(request)
    email = email_column(request.identity)
    conditions, ordering = _conditions(request, sent, email), _ordering(request, sent)
    total = request.reader.scalar(select(func.count()).select_from(User).where(*conditions))
    last = max(1, -(-total // PAGE))
    page = _page(sent.get("page", "1"), last)
    rows = (
        select(*_columns, email.label("email"))
        .where(*conditions)
        .order_by(*_order(ordering, email))
    )
    kept = {name: text for name, text in sent.items() if name != "page"}
    unordered = {name: text for name, text in kept.items() if name != "ordering"}
    return {
        "rows": list(request.reader.execute(rows.limit(PAGE).offset((page - 1) * PAGE))),
        "total": total,
        "sent": kept,
        "ordering": ordering,
        "orders": {
            name: f"?{urlencode(unordered | {'ordering': f'-{name}' if ordering == name else name})}"
            for name in ORDERS
        },
        "links": _links(kept, page, last),
        "groups": all_groups(request.reader),
        "switches": SWITCHES,
        "is_narrowed": bool(unordered),
        "may_add": bool(request.has_permission(AuthPermission.ADD_USERS)),
        "may_change": bool(request.has_permission(AuthPermission.CHANGE_USERS)),
        "may_delete": bool(request.has_permission(AuthPermission.DELETE_USERS)),
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


def _sent(request) -> dict[str, str]:
    """Return the parameters that say anything and that there are; all others are passed over at once."""
    sent = {name: text for name, text in request.GET.items() if text.strip()}
    if unknown := [name for name in sent if name not in PARAMETERS]:
        _passed_over(request, ", ".join(unknown))
    return {name: text for name, text in sent.items() if name in PARAMETERS}


def _conditions(request, sent: dict[str, str], email: Any) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for name, text in sent.items():
        match name:
            case "search":
                conditions.append(_found(clean_text(text, 200), email))
            case "is_active" | "is_staff" | "is_superuser" if text in ANSWERS:
                conditions.append(getattr(User, name).is_(ANSWERS[text]))
            case "group" if (id := _id(text)) is not None:
                members = select(UserGroup.user_id).where(UserGroup.group_id == id)
                conditions.append(User.id.in_(members))
            case "ordering" | "page":
                pass
            case _:
                _passed_over(request, name)
    return conditions


def _found(text: str, email: Any) -> ColumnElement[bool]:
    """Return the condition that a name or an address holds a text, whatever its case, width and dashes."""
    plain = text.strip()
    searched = [
        (User.username_key, {make_username_key(plain)}),
        *(
            (func.lower(spelled), {fold(plain), plain.lower()})
            for column in (email, User.first_name, User.last_name)
            # A database may lower more letters than ASCII's, and some of those in another way.
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


def _ordering(request, sent: dict[str, str]) -> str:
    """Return what is ordered by, as it is sent."""
    ordering = sent.get("ordering", "username")
    if ordering.removeprefix("-") in ORDERS:
        return ordering
    _passed_over(request, "ordering")
    return "username"


def _page(text: str, last: int) -> int:
    """Return the number of a page that there is."""
    whole = text.isascii() and text.isdecimal() and len(text) < 9
    return min(max(int(text), 1), last) if whole else 1


def _links(kept: dict[str, str], page: int, last: int) -> dict[str, str]:
    """Return the queries of the pages beside one, as far as there are some."""
    beside = {"prev": page - 1, "next": page + 1}
    return {
        name: f"?{urlencode(kept | {'page': number})}"
        for name, number in beside.items()
        if 1 <= number <= last
    }


def _order(ordering: str, email: Any) -> list[Any]:
    column = (ORDERS | {"email": by_code_points(email)})[ordering.removeprefix("-")]
    first = column.desc().nulls_last() if ordering.startswith("-") else column.asc().nulls_last()
    return [first, User.id]


def _id(text: str) -> int | None:
    try:
        id = parse_id(text)
    except InvalidValue:
        return None
    return id if 0 < id < 2**31 else None


def _passed_over(request, name: str) -> None:
    said = _("The list cannot be asked for that, so it was passed over: ${name}.", name=name[:50])
    request.messages.add(said, "warning")


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
