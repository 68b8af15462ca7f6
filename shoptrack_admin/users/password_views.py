"""Setting a user's password, or creating a link for the user to set one."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import Forbidden, ValidationError
from shoptrack_admin.account import parse_new_password
from shoptrack_admin.pages import add_page
from shoptrack_admin.password_link import make_link_url
from shoptrack_admin.translation import _
from shoptrack_admin.users import queries
from shoptrack_auth import password_change, password_links
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.permissions import AuthPermission

DAYS = password_links.DEFAULT_LINK_SECONDS // 86_400


def show_form(request) -> dict[str, Any]:
    """Show both forms."""
    return _page(request)


def set_password(request) -> Any:
    """Set the password, or create a link and show it once."""
    row = queries.get_user(request, request.reader).row
    by = request.identity.id
    try:
        if "link" in request.form:
            secret = password_links.create_link(request.db, row.id, by=by)
            return _page(request) | {"link": make_link_url(request, secret)}
        password = parse_new_password(request)
        password_change.set_password(
            request.db,
            request.registry[UserPasswordHasher],
            row.id,
            password,
            by=by,
            with_tokens="revoke_tokens" in request.form,
        )
    except ValidationError as invalid:
        return _page(request, invalid.errors)
    except Forbidden as refusal:
        return _page(request, {"": [refusal.detail]}, refusal.status)
    request.messages.add(
        _(
            "The password of “${name}” was set. The user was signed out everywhere.",
            name=row.username,
        )
    )
    return HTTPSeeOther(request.route_path("admin:user", id=row.id))


def _page(request, errors: Any = None, status: int = 400) -> dict[str, Any]:
    if errors:
        request.response.status_int = status
    row = queries.get_user(request, request.reader).row
    return {"errors": errors or {}, "row": row, "link": None, "days": DAYS}


def includeme(config):
    """Serve the page."""
    add_page(
        config,
        "user-password",
        "users/{id}/password/",
        get=show_form,
        post=set_password,
        template="shoptrack_admin:templates/users/password.jinja2",
        permission=AuthPermission.CHANGE_USERS,
    )
