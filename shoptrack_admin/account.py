"""The user's own account: profile, password, sessions and API tokens."""

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import TooManyRequests, ValidationError
from shoptrack.resources import InvalidValue, parse_id
from shoptrack_admin.pages import add_page
from shoptrack_admin.sign_in import make_retry_message
from shoptrack_admin.translation import _
from shoptrack_auth import api_tokens, browser_sessions, password_change, sessions
from shoptrack_auth.models import get_utc_now
from shoptrack_auth.own_profile import get_own_profile
from shoptrack_auth.settings import AuthSettings
from shoptrack_auth.sign_in import publish_ended

MISMATCH = _("The two password fields didn’t match.")
MAX_LISTED_SESSIONS = 50


def show(request) -> dict:
    """Show the user's profile, sessions and API tokens."""
    return {
        "profile": get_own_profile(request),
        "sessions": get_own_sessions(request),
        "here": request.identity.session_id,
        "tokens": api_tokens.get_tokens(request.reader, request.identity.id),
        "now": get_utc_now(),
    }


def get_own_sessions(request) -> list:
    """Return the user's active sessions, the last used first."""
    idle = AuthSettings.of(request.registry).browser_idle_seconds
    return list(
        sessions.get_active_sessions(request.reader, idle, request.identity.id)[
            :MAX_LISTED_SESSIONS
        ]
    )


def end_session(request) -> HTTPSeeOther:
    """End one of the user's own sessions."""
    try:
        id = parse_id(request.form.get("session", ""))
    except InvalidValue as refused:
        raise ValidationError({"session": list(refused.args)}) from None
    publish_ended(request, sessions.end_sessions(request.db, [id], user_id=request.identity.id))
    request.messages.add(_("The session was ended."))
    return HTTPSeeOther(request.route_path("admin:account"))


def show_password_form(request) -> dict:
    """Show the form for a new password."""
    return {"errors": {}}


def change_password(request):
    """Change the user's own password."""
    try:
        password = parse_new_password(request)
        current, with_tokens = request.form.get("current", ""), "revoke_tokens" in request.form
        password_change.change_own_password(request, current, password, with_tokens=with_tokens)
        browser_sessions.cycle_key(request, request.identity.session_id)
    except ValidationError as invalid:
        request.response.status_int = 400
        return {"errors": invalid.errors}
    except TooManyRequests as refusal:
        request.response.status_int = refusal.status
        request.response.headers.update(refusal.headers())
        return {"errors": {"": [make_retry_message(refusal.retry_after)]}}
    request.messages.add(_("Your password was changed. You were signed out everywhere else."))
    return HTTPSeeOther(request.route_path("admin:account"))


def parse_new_password(request) -> str:
    """Return the new password of a form.

    :raises ValidationError: the two password fields differ
    """
    password = request.form.get("password", "")
    if password != request.form.get("password2", ""):
        raise ValidationError({"password2": [MISMATCH]})
    return password


def includeme(config):
    """Serve the pages to every user."""
    add_page(
        config,
        "account",
        "account/",
        get=show,
        post=end_session,
        template="shoptrack_admin:templates/account.jinja2",
        staff_only=False,
    )
    add_page(
        config,
        "password",
        "account/password/",
        get=show_password_form,
        post=change_password,
        template="shoptrack_admin:templates/password.jinja2",
        staff_only=False,
    )
