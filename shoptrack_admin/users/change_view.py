"""The page of a user: profile, flags, groups, permissions with their sources, sessions and API tokens."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import DomainError, NotFound, ValidationError
from shoptrack.permissions import Permissions
from shoptrack_admin.pages import add_page
from shoptrack_admin.rows.edit_views import EDIT_CONFLICT
from shoptrack_admin.translation import _
from shoptrack_admin.users import queries
from shoptrack_admin.users.list_view import FLAG_LABELS
from shoptrack_auth import api_tokens, permissions, sessions, users
from shoptrack_auth.models import get_utc_now
from shoptrack_auth.permissions import AuthPermission
from shoptrack_auth.settings import AuthSettings

TEXTS = {
    "username": _("Username"),
    "email": _("Email address"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
}
LABELS = TEXTS | FLAG_LABELS | {"groups": _("Groups"), "permissions": _("Permissions")}


def show(request) -> dict[str, Any]:
    """Show the user, as a form if it may be changed."""
    return _page(request, queries.get_user(request, request.reader))


def change(request) -> Any:
    """Change the user, unless someone else has changed it since the form was opened."""
    details, form = queries.get_user(request, request.reader), request.form
    if form.get("version") != details.version:
        return _page(request, details, {"": [EDIT_CONFLICT]}, form)
    undeclared = queries.find_undeclared(request, details.permissions)
    values: dict[str, Any] = {name: form.get(name, "") for name in TEXTS}
    values |= {name: name in form for name in FLAG_LABELS}
    try:
        user = users.change(
            request.db,
            details.row.id,
            by=request.identity.id,
            **values,
            groups=queries.parse_ids(form, "groups"),
            permissions={*form.getall("permissions"), *undeclared},
        )
    except ValidationError as invalid:
        return _page(request, details, invalid.errors, form)
    except NotFound:
        raise queries.make_missing_row_redirect(request, "admin:users", _("user")) from None
    except DomainError as refusal:
        return _page(request, details, {"": [refusal.detail]}, form)
    request.messages.add(_("The user “${name}” was saved.", name=user.username))
    route = "admin:user" if "continue" in form else "admin:users"
    arguments = {"id": user.id} if "continue" in form else {}
    return HTTPSeeOther(request.route_path(route, **arguments))


def _page(
    request, details: queries.AccountDetails, errors: Any = None, form: Any = None
) -> dict[str, Any]:
    """Return the template's values.

    :param form: the rejected form data, if there is any
    """
    if errors:
        request.response.status_int = 400
    row, registry = details.row, request.registry
    values = {name: getattr(row, name) for name in (*TEXTS, *FLAG_LABELS)}
    selected_groups, selected = details.groups, details.permissions
    if form is not None:
        values = {name: form.get(name, "") for name in TEXTS}
        values |= {name: name in form for name in FLAG_LABELS}
        selected_groups, selected = (
            set(queries.parse_ids(form, "groups")),
            set(form.getall("permissions")),
        )
    idle = AuthSettings.of(registry).browser_idle_seconds
    declared = Permissions.of(registry).declared
    subjects = queries.get_permissions_by_subject(request)
    can_view_private = queries.can_see_private(request.identity, row)
    return {
        "errors": errors or {},
        "row": row,
        "version": details.version,
        "values": values,
        "labels": LABELS,
        "texts": TEXTS,
        "flags": FLAG_LABELS,
        "groups": queries.get_all_groups(request.reader),
        "selected_groups": selected_groups,
        "subjects": subjects,
        "named": {
            permission.name: (subject, permission.label)
            for subject, given in subjects.items()
            for permission in given
        },
        "selected": selected,
        "permission_sources": permissions.get_effective_permissions(
            request.reader, row.id, declared
        ),
        "sessions": sessions.get_active_sessions(request.reader, idle, row.id)
        if can_view_private
        else [],
        "tokens": api_tokens.get_tokens(request.reader, row.id) if can_view_private else [],
        "now": get_utc_now(),
        "can_view_private": can_view_private,
        "here": request.identity.session_id,
        "can_change": bool(request.has_permission(AuthPermission.CHANGE_USERS)),
        "can_delete": row.id != request.identity.id
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
