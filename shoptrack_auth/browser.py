"""Sessions of browsers: sign-ins that a cookie names, on the administration's pages and nowhere else.

The cookie holds a random key, of which the database keeps the digest. Whoever reads the database can therefore take
over no session, and whoever sends a cookie that names no session is simply nobody: it is never taken as a new key.
"""

import secrets
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import Row, select, update

from shoptrack.db import Database
from shoptrack.settings import Settings
from shoptrack_auth.identity import UserIdentity
from shoptrack_auth.models import SignIn, SignInKind, User, now
from shoptrack_auth.permissions import GRANTED, granted
from shoptrack_auth.settings import AuthSettings
from shoptrack_auth.signing_in import sign_in, sign_out

PATH = "/admin/"  # below the path of the application
NAME = "shoptrack-admin"
KEY_BYTES = 32
NOTED_EVERY = timedelta(minutes=1)  # how exactly the last use of a session is known

_session = (
    select(
        User.id,
        User.username,
        User.email,
        User.is_staff,
        User.is_superuser,
        SignIn.id.label("sign_in_id"),
        SignIn.last_used_at,
        SignIn.expires_at,
        *GRANTED,
    )
    .join(User, User.id == SignIn.user_id)
    .where(
        SignIn.kind == SignInKind.BROWSER,
        SignIn.ended_at.is_(None),
        SignIn.password_version == User.password_version,
        User.is_active,
    )
)


def is_page(request) -> bool:
    """Tell whether a request is for one of the pages on which browsers' sessions count."""
    return request.environ.get("PATH_INFO", "").startswith(PATH)


def cookie_path(request) -> str:
    """Return the path of the administration's cookies, as browsers see it."""
    return str(request.script_name + PATH)


def cookie_name(request) -> str:
    """Return the cookie's name. Browsers keep plain http from setting one with the prefix."""
    name = prefixed(request, NAME)
    return f"__Secure-{name}" if _secure(request) and request.scheme == "https" else name


def prefixed(request, name: str) -> str:
    """Return the name under which this installation sends a cookie of the pages."""
    return AuthSettings.of(request.registry).cookie_name(name)


def key(request) -> str | None:
    """Return what the cookie holds, or will by the answer, whether or not it names a session."""
    return getattr(request, "new_browser_key", None) or request.cookies.get(cookie_name(request))


def new_key(request) -> str:
    """Give the browser a new key, which names nothing yet, and return it."""
    value = secrets.token_urlsafe(KEY_BYTES)
    _send(request, value)
    return value


def identify(request) -> UserIdentity | None:
    """Return whose session the cookie names, and note once a minute that it is in use."""
    sent = key(request)
    if not sent:
        return None
    statement = _session.where(SignIn.key_digest == digest(sent))
    row = request.reader.execute(statement).first()
    if row is None or _is_over(request, row):
        return None
    if now() - row.last_used_at >= NOTED_EVERY:
        _note_use(request, row)
    return UserIdentity.of(row, given=lambda: granted(row))


def begin(request, username: str, password: str) -> SignIn:
    """Start a session of a member of the staff, under a new key whatever key the browser had before.

    :raises WrongCredentials: no member of the staff has this name and this password
    :raises TooManyRequests: too many have failed
    """
    value = secrets.token_urlsafe(KEY_BYTES)
    started = sign_in(
        request,
        username,
        password,
        seconds=AuthSettings.of(request.registry).browser_seconds,
        kind=SignInKind.BROWSER,
        key_digest=digest(value),
        staff_only=True,
    )
    _send(request, value)
    return started


def renew(request, sign_in_id: int) -> None:
    """Let a session go on under a new key, so that a key that was stolen before is of no use."""
    named = update(SignIn).where(SignIn.id == sign_in_id)
    request.db.execute(named.values(key_digest=digest(new_key(request))))


def end(request) -> None:
    """End the session, if there is one, and have the browser delete the cookie."""
    if request.identity:
        sign_out(request, [request.identity.sign_in_id])
    _send(request, None)


def _is_over(request, row: Row) -> bool:
    idle = timedelta(seconds=AuthSettings.of(request.registry).browser_idle_seconds)
    return now() >= min(row.expires_at, row.last_used_at + idle)


def _note_use(request, row: Row) -> None:
    # In a transaction of its own: what the page does may be refused, and it was used all the same.
    at = now()
    used = update(SignIn).where(SignIn.id == row.sign_in_id, SignIn.last_used_at < at - NOTED_EVERY)
    with Database.of(request.registry).engine.begin() as connection:
        connection.execute(used.values(last_used_at=at))


def digest(value: str) -> str:
    """Return what the database keeps of a key."""
    return sha256(value.encode()).hexdigest()


def _secure(request) -> bool:
    return not Settings.of(request.registry).debug


def _send(request, value: str | None) -> None:
    """Set the cookie on whatever answer the request gets, or delete it."""
    request.new_browser_key = value

    def set_cookie(request, response):
        response.set_cookie(
            cookie_name(request),
            value,
            path=cookie_path(request),
            httponly=True,
            samesite="Strict",
            secure=_secure(request),
            overwrite=True,
        )

    request.add_response_callback(set_cookie)
