"""The page to which a one-time link leads: its user chooses a password there, which nobody else ever knows."""

from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.errors import ValidationError
from shoptrack_admin.account import new_password
from shoptrack_admin.pages import add_page
from shoptrack_auth import password_links
from shoptrack_auth.hashers import UserPasswordHasher

# The secret stands in the query, which no log line has. Nor does any request name it as where it came from, while
# the form still names its origin.
REFERRER_POLICY = "strict-origin"


def address(request, secret: str) -> str:
    """Return the whole address of a link, to be handed to its user."""
    return request.route_url("admin:set-password", _query={"key": secret})


def ask(request) -> dict:
    """Ask twice for a password. A link that is only looked at goes on holding."""
    return _page(request, request.GET.get("key", ""))


def choose(request) -> dict:
    """Give the link's user the password."""
    secret = request.form.get("key", "")
    try:
        password = new_password(request)
        password_links.redeem(request.db, request.registry[UserPasswordHasher], secret, password)
    except password_links.InvalidLink:
        return _page(request, secret)
    except ValidationError as invalid:
        request.response.status_int = 400
        return _page(request, secret, invalid.errors)
    request.response.headers["Referrer-Policy"] = REFERRER_POLICY
    return {"state": "done", "errors": {}}


def _page(request, secret: str, errors: dict | None = None) -> dict:
    """Return the form, or the sentence about a link that holds no longer."""
    request.response.headers["Referrer-Policy"] = REFERRER_POLICY
    try:
        user = password_links.get_link(request.reader, secret)
    except password_links.InvalidLink as void:
        request.response.status_int = void.status
        return {"state": "void", "sentence": void.detail, "errors": {}}
    return {"state": "open", "username": user.username, "secret": secret, "errors": errors or {}}


def includeme(config):
    """Serve the page to whoever has a link."""
    add_page(
        config,
        "set-password",
        "set-password/",
        get=ask,
        post=choose,
        template="shoptrack_admin:templates/set_password.jinja2",
        permission=NO_PERMISSION_REQUIRED,
    )
