"""One's own account: the password, and where else one is signed in."""

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import TooManyRequests, ValidationError
from shoptrack.resources.fields import InvalidValue, parse_id
from shoptrack_admin.pages import add_page
from shoptrack_admin.sign_in import later
from shoptrack_admin.translation import _
from shoptrack_auth import browser_sessions, password_change, sessions
from shoptrack_auth.settings import AuthSettings
from shoptrack_auth.sign_in import publish_ended

MISMATCH = _("The two password fields didn’t match.")
MOST_SESSIONS = 50


def show(request) -> dict:
    """Show who is signed in, and where else."""
    return {"sessions": get_own_sessions(request), "here": request.identity.session_id}


def get_own_sessions(request) -> list:
    """Return the sign-ins of who is signed in that go on, the last used first."""
    idle = AuthSettings.of(request.registry).browser_idle_seconds
    return list(
        sessions.get_active_sessions(request.reader, idle, request.identity.id)[:MOST_SESSIONS]
    )


def end_session(request) -> HTTPSeeOther:
    """End another of one's own sign-ins."""
    try:
        id = parse_id(request.form.get("session", ""))
    except InvalidValue as refused:
        raise ValidationError({"session": list(refused.args)}) from None
    publish_ended(request, sessions.end_sessions(request.db, [id], user_id=request.identity.id))
    request.messages.add(_("The session was ended."))
    return HTTPSeeOther(request.route_path("admin:account"))


def ask_password(request) -> dict:
    """Ask for the current password and, twice, for another one."""
    return {"errors": {}}


def change_password(request):
    """Give who is signed in another password."""
    try:
        password = new_password(request)
        password_change.change_own_password(request, request.form.get("current", ""), password)
        browser_sessions.cycle_key(request, request.identity.session_id)
    except ValidationError as invalid:
        request.response.status_int = 400
        return {"errors": invalid.errors}
    except TooManyRequests as refusal:
        request.response.status_int = refusal.status
        request.response.headers.update(refusal.headers())
        return {"errors": {"": [later(refusal.retry_after)]}}
    request.messages.add(_("Your password was changed. Everywhere else you were signed out."))
    return HTTPSeeOther(request.route_path("admin:account"))


def new_password(request) -> str:
    """Return the password that a form has twice.

    :raises ValidationError: the two are different
    """
    password = request.form.get("password", "")
    if password != request.form.get("password2", ""):
        raise ValidationError({"password2": [MISMATCH]})
    return password


def includeme(config):
    """Serve the pages to every member of the staff."""
    add_page(
        config,
        "account",
        "account/",
        get=show,
        post=end_session,
        template="shoptrack_admin:templates/account.jinja2",
    )
    add_page(
        config,
        "password",
        "account/password/",
        get=ask_password,
        post=change_password,
        template="shoptrack_admin:templates/password.jinja2",
    )
