"""Signing in and out."""

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.errors import TooManyRequests, ValidationError
from shoptrack.resources.schema import Schema
from shoptrack_admin.addresses import safe_path
from shoptrack_admin.pages import add_page
from shoptrack_admin.resuming import resume
from shoptrack_admin.translation import _
from shoptrack_auth import browser_sessions
from shoptrack_auth.profiles import PASSWORD, USERNAME
from shoptrack_auth.sign_in import InvalidCredentials

CREDENTIALS = Schema("credentials", (USERNAME, PASSWORD))
WRONG = _(
    "Please enter the correct username and password for a staff account. Note that the password is "
    "case-sensitive."
)


def show(request):
    """Ask for name and password; a member of the staff who is signed in is led on."""
    following = safe_path(request.GET.get("next"), request.script_name)
    if request.identity and request.identity.is_staff:
        return HTTPSeeOther(following or request.route_path("admin:index"))
    return {"errors": {}, "username": "", "next": following, "waiting": ""}


def sign_in(request):
    """Start a session for a member of the staff who gave the right password."""
    following = safe_path(request.form.get("next"), request.script_name)
    waiting = request.form.get("waiting", "")
    try:
        browser_sessions.start_session(request, **CREDENTIALS.validate(dict(request.form)))
    except ValidationError as invalid:
        status, errors = 400, invalid.errors
    except InvalidCredentials:
        status, errors = 400, {"": [WRONG]}
    except TooManyRequests as refusal:
        status, errors = 429, {"": [later(refusal.retry_after)]}
        request.response.headers.update(refusal.headers())
    else:
        if following and waiting:
            return resume(request, following, waiting)
        return HTTPSeeOther(following or request.route_path("admin:index"))
    request.response.status_int = status
    return {
        "errors": errors,
        "username": request.form.get("username", ""),
        "next": following,
        "waiting": waiting,
    }


def sign_out(request):
    """End the session, if there is one."""
    browser_sessions.end_session(request)
    return HTTPSeeOther(request.route_path("admin:sign-in"))


def later(seconds: int) -> str:
    """Return the sentence for whoever has to wait."""
    minutes = -(-seconds // 60)
    return _("Too many attempts have failed. Try again in ${minutes} min.", minutes=minutes)


def includeme(config):
    """Serve both to everybody."""
    add_page(
        config,
        "sign-in",
        "login/",
        get=show,
        post=sign_in,
        template="shoptrack_admin:templates/sign_in.jinja2",
        permission=NO_PERMISSION_REQUIRED,
    )
    add_page(config, "sign-out", "logout/", post=sign_out, permission=NO_PERMISSION_REQUIRED)
