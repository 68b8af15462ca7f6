"""A user: profile, what the user is, groups and permissions, and where each permission comes from."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.contributions import Contributions
from shoptrack.errors import DomainError, NotFound, ValidationError
from shoptrack_admin.pages import add_page
from shoptrack_admin.rows.edit_views import EDIT_CONFLICT
from shoptrack_admin.translation import _
from shoptrack_admin.users import reading
from shoptrack_admin.users.lists import SWITCHES
from shoptrack_auth import permissions, sessions, users
from shoptrack_auth.permissions import AuthPermission
from shoptrack_auth.settings import AuthSettings

TEXTS = {
    "username": _("Username"),
    "email": _("Email address"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
}
LABELS = TEXTS | SWITCHES | {"groups": _("Groups"), "permissions": _("Permissions")}


def show(request) -> dict[str, Any]:
    """Show a user, in a form for who may change users."""
    return _page(request, reading.user(request, request.reader))


def change(request) -> Any:
    """Change a user, unless somebody else has changed this one meanwhile."""
    known, form = reading.user(request, request.reader), request.form
    if form.get("version") != known.version:
        return _page(request, known, {"": [EDIT_CONFLICT]}, form)
    kept = reading.undeclared(request, known.permissions)
    values: dict[str, Any] = {name: form.get(name, "") for name in TEXTS}
    values |= {name: name in form for name in SWITCHES}
    try:
        user = users.change(
            request.db,
            known.row.id,
            by=request.identity.id,
            **values,
            groups=_ids(form),
            permissions={*form.getall("permissions"), *kept},
            request=request,
        )
    except ValidationError as invalid:
        return _page(request, known, invalid.errors, form)
    except NotFound:
        raise reading.gone(request, "admin:users", _("user")) from None
    except DomainError as refusal:
        return _page(request, known, {"": [refusal.detail]}, form)
    request.messages.add(_("The user “${name}” was saved.", name=user.username))
    route = "admin:user" if "continue" in form else "admin:users"
    arguments = {"id": user.id} if "continue" in form else {}
    return HTTPSeeOther(request.route_path(route, **arguments))


def _ids(form) -> list[int]:
    """Return the groups that a form chooses. What is no number, or a longer one than ids are, is no group."""
    return [
        int(id) if id.isascii() and id.isdecimal() and len(id) < 20 else -1
        for id in form.getall("groups")
    ]


def _page(request, known: reading.Known, errors: Any = None, form: Any = None) -> dict[str, Any]:
    """Return what the template shows.

    :param form: what was sent, where that was refused
    """
    if errors:
        request.response.status_int = 400
    row, registry = known.row, request.registry
    values = {name: getattr(row, name) for name in (*TEXTS, *SWITCHES)}
    chosen_groups, chosen = known.groups, known.permissions
    if form is not None:
        values = {name: form.get(name, "") for name in TEXTS}
        values |= {name: name in form for name in SWITCHES}
        chosen_groups, chosen = set(_ids(form)), set(form.getall("permissions"))
    idle = AuthSettings.of(registry).browser_idle_seconds
    declared = Contributions.of(registry).permissions
    subjects = reading.permissions_by_subject(request)
    is_open = reading.can_see_private(request.identity, row)
    return {
        "errors": errors or {},
        "row": row,
        "version": known.version,
        "values": values,
        "labels": LABELS,
        "texts": TEXTS,
        "switches": SWITCHES,
        "groups": reading.all_groups(request.reader),
        "chosen_groups": chosen_groups,
        "subjects": subjects,
        "named": {
            permission.name: (subject, permission.label)
            for subject, given in subjects.items()
            for permission in given
        },
        "chosen": chosen,
        "held": permissions.get_effective_permissions(request.reader, row.id, declared),
        "sessions": sessions.get_active_sessions(request.reader, idle, row.id) if is_open else [],
        "is_open": is_open,
        "here": request.identity.session_id,
        "may_change": bool(request.has_permission(AuthPermission.CHANGE_USERS)),
        "may_delete": row.id != request.identity.id
        and bool(request.has_permission(AuthPermission.DELETE_USERS)),
    }


def includeme(config):
    """Serve the page."""
    add_page(
        config,
        "user",
        "users/{id}/",
        get=show,
        post=change,
        template="shoptrack_admin:templates/users/user.jinja2",
        permission=AuthPermission.VIEW_USERS,
        post_permission=AuthPermission.CHANGE_USERS,
    )
