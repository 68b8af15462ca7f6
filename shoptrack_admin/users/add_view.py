"""Adding a user: by a link that invites the user to set a password, or with a password."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import ValidationError
from shoptrack_admin.account import parse_new_password
from shoptrack_admin.form_keys import redirect_repeats
from shoptrack_admin.pages import add_page
from shoptrack_admin.password_link import make_link_url
from shoptrack_admin.translation import _
from shoptrack_admin.users import queries
from shoptrack_auth import password_links, users
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.permissions import AuthPermission

DAYS = password_links.DEFAULT_LINK_SECONDS // 86_400
INVITED_BEFORE = _(
    "You have added this user already. If you did not copy the link, create another one here."
)


def show_form(request) -> dict[str, Any]:
    """Show the form."""
    return _page(request)


def add(request) -> Any:
    """Create the user, and show a link once; redirect to the user's page if there is a password."""
    form = request.form
    chosen: dict[str, Any] = {
        "by": request.identity.id,
        "is_staff": "is_staff" in form,
        "groups": queries.parse_ids(form, "groups"),
    }
    username, hasher = form.get("username", ""), request.registry[UserPasswordHasher]
    try:
        if not (form.get("password") or form.get("password2")):
            user, secret = password_links.invite(request.db, hasher, username, **chosen)
            # After a second click, the browser shows its response in place of this one.
            path = request.route_path("admin:user-password", id=user.id)
            redirect_repeats(request, path, INVITED_BEFORE)
            link = make_link_url(request, secret)
            return _page(request) | {"invited": user, "link": link, "days": DAYS}
        password = parse_new_password(request)
        user = users.create(request.db, hasher, username, password, **chosen)
    except ValidationError as invalid:
        request.response.status_int = 400
        return _page(request, invalid.errors)
    request.messages.add(_("The user “${name}” was added.", name=user.username))
    return HTTPSeeOther(request.route_path("admin:user", id=user.id))


def _page(request, errors: Any = None) -> dict[str, Any]:
    return {
        "errors": errors or {},
        "values": request.form,
        "groups": queries.get_all_groups(request.reader),
        "selected_groups": set(queries.parse_ids(request.form, "groups")),
        "invited": None,
    }


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
