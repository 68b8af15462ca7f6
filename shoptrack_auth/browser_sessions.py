"""Sessions of browsers, by a cookie. They are valid on the pages of ``config.set_browser_pages`` only.

The cookie has a random key, and the database its digest. So a copy of the database is not enough to take over a
session. An unknown key is ignored: it never becomes the key of a new session.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from hashlib import sha256

from sqlalchemy import Row, bindparam, select, update

from shoptrack.db import Database
from shoptrack.permissions import BrowserPages, Permissions, Principal
from shoptrack.settings import Settings
from shoptrack_auth.identity import UserIdentity, make_identity
from shoptrack_auth.models import SessionKind, User, UserSession, get_utc_now
from shoptrack_auth.permissions import GRANTED_COLUMNS
from shoptrack_auth.settings import AuthSettings
from shoptrack_auth.sign_in import NewSession, sign_in, sign_in_principal, sign_out

KEY_BYTES = 32
LAST_USED_PRECISION = timedelta(minutes=1)  # so that few requests write

_by_key = (
    select(
        User.id,
        User.username,
        User.email,
        User.is_staff,
        User.is_superuser,
        User.language,
        UserSession.id.label("session_id"),
        UserSession.last_used_at,
        UserSession.expires_at,
        *GRANTED_COLUMNS,
    )
    .join(User, User.id == UserSession.user_id)
    .where(
        UserSession.key_digest == bindparam("key_digest"),
        UserSession.kind == SessionKind.BROWSER,
        UserSession.ended_at.is_(None),
        UserSession.password_version == User.password_version,
        User.is_active,
    )
)


def get_cookie_path(request) -> str:
    """Return the path of the pages' cookies, as browsers see it."""
    return str(request.script_name + _get_pages(request).path)


def get_cookie_name(request) -> str:
    """Return the cookie's name. The prefix ``__Secure-`` keeps plain http from overwriting the cookie."""
    name = add_cookie_prefix(request, _get_pages(request).cookie_name)
    return f"__Secure-{name}" if _is_secure(request) and request.scheme == "https" else name


def add_cookie_prefix(request, name: str) -> str:
    """Return a cookie's name with the prefix of this installation."""
    return AuthSettings.of(request.registry).cookie_name(name)


def get_session_key(request) -> str | None:
    """Return the key in the request's cookie or in the response's. It may belong to no session."""
    return getattr(request, "new_browser_key", None) or request.cookies.get(
        get_cookie_name(request)
    )


def set_new_session_key(request) -> str:
    """Set a cookie with a new key, which belongs to no session yet, and return the key."""
    key = secrets.token_urlsafe(KEY_BYTES)
    _set_cookie(request, key)
    return key


def identify(request) -> UserIdentity | None:
    """Return the user of the cookie's session, and update the session's last use at most once a minute."""
    key = get_session_key(request)
    if not key:
        return None
    row = request.reader.execute(_by_key, {"key_digest": hash_key(key)}).first()
    if row is None or _is_expired(request, row):
        return None
    if get_utc_now() - row.last_used_at >= LAST_USED_PRECISION:
        _update_last_used(request, row)
    return make_identity(request, row)


def start_session(request, username: str, password: str) -> UserSession:
    """Start a session under a new key, against session fixation.

    :raises InvalidCredentials: no active user has this username and password
    :raises TooManyRequests: too many attempts have failed
    """
    return _start_session(request, partial(sign_in, request, username, password))


def start_browser_session(request, principal: Principal, method: str) -> UserSession:
    """Start a session on the administration's pages, for a principal that a plugin has verified.

    The response sets the session's cookie, whatever its path. Throttling, events and the history's entry are as for a
    password. The request must not have written before.

    :param method: how the user signed in, for the log, such as ``openid``
    :raises NoActiveUser: no active user has the principal's name
    :raises TooManyRequests: too many attempts have failed
    """
    return _start_session(request, partial(sign_in_principal, request, principal, method))


def cycle_key(request, session_id: int | None) -> None:
    """Give a session a new key, so that a key that was stolen before is useless. ``None`` is no session."""
    if session_id is None:
        return
    statement = update(UserSession).where(UserSession.id == session_id)
    request.db.execute(statement.values(key_digest=hash_key(set_new_session_key(request))))


def end_session(request) -> None:
    """End the session, if any, and delete the cookie."""
    if request.identity and request.identity.session_id is not None:
        sign_out(request, [request.identity.session_id])
    _set_cookie(request, None)


def _start_session(request, sign_in: Callable[..., UserSession]) -> UserSession:
    key = secrets.token_urlsafe(KEY_BYTES)
    seconds = AuthSettings.of(request.registry).browser_seconds
    new = NewSession(seconds, SessionKind.BROWSER, hash_key(key))
    session = sign_in(new=new)
    _set_cookie(request, key)
    return session


def _is_expired(request, row: Row) -> bool:
    idle = timedelta(seconds=AuthSettings.of(request.registry).browser_idle_seconds)
    return get_utc_now() >= min(row.expires_at, row.last_used_at + idle)


def _update_last_used(request, row: Row) -> None:
    # In a transaction of its own: the request's may be rolled back, and the session was used all the same.
    at = get_utc_now()
    statement = update(UserSession).where(
        UserSession.id == row.session_id, UserSession.last_used_at < at - LAST_USED_PRECISION
    )
    with Database.of(request.registry).engine.begin() as connection:
        connection.execute(statement.values(last_used_at=at))


def hash_key(key: str) -> str:
    """Return a key's digest, as it is stored."""
    return sha256(key.encode()).hexdigest()


def _get_pages(request) -> BrowserPages:
    pages = Permissions.of(request.registry).browser_pages
    assert pages is not None, "nothing but a page asks for browsers' sessions"
    return pages


def _is_secure(request) -> bool:
    return not Settings.of(request.registry).debug


def _set_cookie(request, value: str | None) -> None:
    """Set the cookie on the response, even on an error, or delete the cookie (``None``)."""
    request.new_browser_key = value

    def set_cookie(request, response):
        response.set_cookie(
            get_cookie_name(request),
            value,
            path=get_cookie_path(request),
            httponly=True,
            samesite="Strict",
            secure=_is_secure(request),
            overwrite=True,
        )

    request.add_response_callback(set_cookie)
