"""Adding a user, the first of two steps: a name, and a password or a link with which the user sets one."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import ValidationError
from shoptrack_admin.account import new_password
from shoptrack_admin.pages import add_page
from shoptrack_admin.translation import _
from shoptrack_auth import users
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.permissions import AuthPermission


def ask(request) -> dict[str, Any]:
    """Ask for a name and a password."""
    return {"errors": {}, "values": {}}


def add(request) -> Any:
    """Add the user, and lead to the second step."""
    form = request.form
    try:
        password = None if "later" in form else new_password(request)
        user = users.create(
            request.db,
            request.registry[UserPasswordHasher],
            form.get("username", ""),
            password,
            by=request.identity.id,
            request=request,
        )
    except ValidationError as invalid:
        request.response.status_int = 400
        return {"errors": invalid.errors, "values": form}
    request.messages.add(
        _("The user “${name}” was added. Choose here what this user may do.", name=user.username)
    )
    return HTTPSeeOther(request.route_path("admin:user", id=user.id))


def includeme(config):
    """Serve the page."""
    add_page(
        config,
        "user-add",
        "users/add/",
        get=ask,
        post=add,
        template="shoptrack_admin:templates/users/add.jinja2",
        permission=AuthPermission.ADD_USERS,
    )
