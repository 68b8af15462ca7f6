"""Signing in and out."""

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.errors import TooManyRequests, ValidationError
from shoptrack.permissions import get_refusal
from shoptrack.resources import Schema
from shoptrack_admin.form_recovery import confirm_resubmission
from shoptrack_admin.pages import add_page
from shoptrack_admin.redirects import parse_safe_path
from shoptrack_admin.translation import _
from shoptrack_auth import browser_sessions
from shoptrack_auth.profiles import PASSWORD, USERNAME
from shoptrack_auth.sign_in import InvalidCredentials

CREDENTIALS = Schema("credentials", (USERNAME, PASSWORD))
INVALID_CREDENTIALS = _(
    "Please enter a correct username and password. Note that the password is case-sensitive."
)


def show(request):
    """Show the sign-in form; redirect a user who is signed in."""
    following = parse_safe_path(request.GET.get("next"), request.script_name)
    if request.identity:
        return HTTPSeeOther(following or request.route_path("admin:index"))
    refusal = get_refusal(request)  # as of a proxy's user who has no account
    errors = {"": [refusal.detail]} if refusal else {}
    return {"errors": errors, "username": "", "next": following, "saved_form": ""}


def sign_in(request):
    """Check username and password, and start a session."""
    following = parse_safe_path(request.form.get("next"), request.script_name)
    saved_form = request.form.get("saved_form", "")
    try:
        browser_sessions.start_session(request, **CREDENTIALS.validate(dict(request.form)))
    except ValidationError as invalid:
        status, errors = 400, invalid.errors
    except InvalidCredentials:
        status, errors = 400, {"": [INVALID_CREDENTIALS]}
    except TooManyRequests as refusal:
        status, errors = 429, {"": [make_retry_message(refusal.retry_after)]}
        request.response.headers.update(refusal.headers())
    else:
        if following and saved_form:
            return confirm_resubmission(request, following, saved_form)
        return HTTPSeeOther(following or request.route_path("admin:index"))
    request.response.status_int = status
    return {
        "errors": errors,
        "username": request.form.get("username", ""),
        "next": following,
        "saved_form": saved_form,
    }


def sign_out(request):
    """End the session, if there is one."""
    browser_sessions.end_session(request)
    return HTTPSeeOther(request.route_path("admin:sign-in"))


def make_retry_message(seconds: int) -> str:
    """Return the error for too many failed attempts."""
    minutes = -(-seconds // 60)
    return _("Too many failed attempts. Try again in ${minutes} min.", minutes=minutes)


def includeme(config):
    """Serve both pages without authentication."""
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
