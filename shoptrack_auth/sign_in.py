"""Sign users in and out, for the endpoints and for the administration's pages."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from shoptrack.errors import NotAuthenticated
from shoptrack.permissions import Principal
from shoptrack_auth import sessions
from shoptrack_auth.events import (
    AuthenticationFailed,
    PrincipalRefused,
    SessionEnded,
    SessionEvent,
    SignedIn,
    SignedOut,
    publish,
)
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.models import SessionKind, UserSession
from shoptrack_auth.principals import NoActiveUser, find_principal_user
from shoptrack_auth.stored_hashes import StoredHashes
from shoptrack_auth.throttle import Attempt, Throttle
from shoptrack_auth.tokens import Claims


class InvalidCredentials(NotAuthenticated):
    """The username or the password is wrong, or the user may not sign in."""

    component_name = "WrongCredentials"
    detail = "No active account found with the given credentials"


@dataclass(frozen=True)
class NewSession:
    """The session that a sign-in is to create.

    :param seconds: until the session expires
    :param key_digest: of the key in a browser's cookie
    """

    seconds: int
    kind: SessionKind = SessionKind.TOKEN
    key_digest: str | None = None


def sign_in(request, username: str, password: str, new: NewSession) -> UserSession:
    """Create a session in the request's transaction, which must not have written before.

    :raises InvalidCredentials: the username or the password is wrong, or the user may not sign in
    :raises TooManyRequests: too many attempts have failed
    :raises ServiceUnavailable: too many passwords are being hashed, or memory is short; this is no failed attempt
    """
    registry, reader = request.registry, request.reader
    throttle = Throttle.of(registry)
    device = sessions.Device.from_request(request)
    attempt = throttle.make_password_attempt(username, device.address)
    throttle.check(reader, attempt)
    hasher = registry[UserPasswordHasher]
    with hasher.reserve_slot():
        dummy = StoredHashes.of(registry).get_dummy(reader, username)
        account = sessions.look_up_user(reader, username)
        verified = sessions.authenticate(hasher, account, password, dummy=dummy)
    event_data = _make_event_data(request, account)
    if not verified:
        throttle.record_failure(attempt)
        publish(AuthenticationFailed(**event_data))
        raise InvalidCredentials
    session = _create_session(request, new, verified, device, attempt, event_data)
    if not session:
        raise InvalidCredentials
    return session


def sign_in_principal(request, principal: Principal, method: str, new: NewSession) -> UserSession:
    """Create a session for a principal, whom another authenticator has verified, as `sign_in` does for a password.

    :param method: how the user signed in, for the log and for subscribers
    :raises NoActiveUser: nobody or an inactive user has this name
    :raises TooManyRequests: too many attempts have failed
    """
    throttle = Throttle.of(request.registry)
    device = sessions.Device.from_request(request)
    name = principal.username or principal.email or str(principal.id)
    attempt = throttle.make_password_attempt(name, device.address)
    throttle.check(request.reader, attempt)
    account = find_principal_user(request.reader, principal)
    event_data = {**_make_event_data(request, account), "method": method}
    if not account or not account.is_active:
        throttle.record_failure(attempt)
        publish(PrincipalRefused(**event_data))
        raise NoActiveUser
    verified = sessions.VerifiedPassword(account.id, account.password_version)
    session = _create_session(request, new, verified, device, attempt, event_data)
    if not session:
        raise NoActiveUser
    return session


def _make_event_data(request, account: Row | None) -> dict[str, Any]:
    user = {"user_id": account.id, "username": account.username} if account else {}
    return {"registry": request.registry, "address": request.client_addr or "", **user}


def _create_session(
    request,
    new: NewSession,
    verified: sessions.VerifiedPassword,
    device: sessions.Device,
    attempt: Attempt,
    event_data: dict[str, Any],
) -> UserSession | None:
    """Create the session of a verified user; ``None`` if the user has changed meanwhile.

    :raises TooManyRequests: other attempts have failed meanwhile
    """
    throttle = Throttle.of(request.registry)
    throttle.check(request.reader, attempt)
    session = sessions.create_session(
        request.db, verified, device, new.seconds, new.kind, new.key_digest
    )
    if session:
        throttle.clear_failures(request.db, attempt)
        sessions.purge_sessions(request.db, sessions.PURGE_BATCH_ROWS)
        event = SignedIn(db=request.db, session_id=session.id, kind=new.kind, **event_data)
        publish(event)
    return session


def sign_out(request, ids: Iterable[int]) -> None:
    """End sessions of the user who sends the request.

    :param ids: any 64-bit numbers
    """
    _publish(SignedOut, request, sessions.end_sessions(request.db, ids))


def sign_out_named(request, claims: Collection[Claims]) -> None:
    """End the sessions of the tokens that the request has."""
    _publish(SignedOut, request, sessions.end_named_sessions(request.db, claims))


def publish_ended(request, ended: Iterable[Row]) -> None:
    """Publish that a request has ended other sessions.

    :param ended: rows of `sessions.end_sessions` or `sessions.end_all_sessions`
    """
    _publish(SessionEnded, request, ended)


def _publish(kind: type[SessionEvent], request, ended: Iterable[Row]) -> None:
    address = request.client_addr or ""
    for row in ended:
        publish(kind.from_row(row, request.registry, request.db, address=address))
