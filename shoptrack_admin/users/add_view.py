"""Adding a user: the first step asks for a username and a password, or for a link later."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import ValidationError
from shoptrack_admin.account import parse_new_password
from shoptrack_admin.pages import add_page
from shoptrack_admin.translation import _
from shoptrack_auth import users
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.permissions import AuthPermission


def show_form(request) -> dict[str, Any]:
    """Show the form."""
    return {"errors": {}, "values": {}}


def add(request) -> Any:
    """Create the user, and redirect to the second step."""
    form = request.form
    try:
        password = None if "later" in form else parse_new_password(request)
        user = users.create(
            request.db,
            request.registry[UserPasswordHasher],
            form.get("username", ""),
            password,
            by=request.identity.id,
        )
    except ValidationError as invalid:
        request.response.status_int = 400
        return {"errors": invalid.errors, "values": form}
    request.messages.add(
        _(
            "The user “${name}” was added. You can set status and permissions below.",
            name=user.username,
        )
    )
    return HTTPSeeOther(request.route_path("admin:user", id=user.id))


def includeme(config):
    """Serve the page."""
    add_page(
        config,
        "user-add",
        "users/add/",
        get=show_form,
        post=add,
        template="shoptrack_admin:templates/users/add.jinja2",
        permission=AuthPermission.ADD_USERS,
    )
