"""The page of a one-time link, on which its user sets a password that stays private."""

from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.errors import ValidationError
from shoptrack_admin.account import parse_new_password
from shoptrack_admin.pages import add_page
from shoptrack_auth import password_links
from shoptrack_auth.hashers import UserPasswordHasher

# The secret is in the query, which is never logged. No request sends it as Referer, while the form still
# sends its origin.
REFERRER_POLICY = "strict-origin"


def make_link_url(request, secret: str) -> str:
    """Return the absolute URL of a link, for its user."""
    return request.route_url("admin:set-password", _query={"key": secret})


def show_form(request) -> dict:
    """Show the form. That does not use the link up."""
    return _page(request, request.GET.get("key", ""))


def set_password(request) -> dict:
    """Set the password of the link's user."""
    secret = request.form.get("key", "")
    try:
        password = parse_new_password(request)
        password_links.redeem(request.db, request.registry[UserPasswordHasher], secret, password)
    except password_links.InvalidLink:
        return _page(request, secret)
    except ValidationError as invalid:
        request.response.status_int = 400
        return _page(request, secret, invalid.errors)
    request.response.headers["Referrer-Policy"] = REFERRER_POLICY
    return {"state": "done", "errors": {}}


def _page(request, secret: str, errors: dict | None = None) -> dict:
    """Return the values of the form, or the error of an invalid link."""
    request.response.headers["Referrer-Policy"] = REFERRER_POLICY
    try:
        user = password_links.get_link(request.reader, secret)
    except password_links.InvalidLink as void:
        request.response.status_int = void.status
        return {"state": "void", "message": void.detail, "errors": {}}
    return {"state": "open", "username": user.username, "secret": secret, "errors": errors or {}}


def includeme(config):
    """Serve the page without authentication."""
    add_page(
        config,
        "set-password",
        "set-password/",
        get=show_form,
        post=set_password,
        template="shoptrack_admin:templates/set_password.jinja2",
        permission=NO_PERMISSION_REQUIRED,
    )
