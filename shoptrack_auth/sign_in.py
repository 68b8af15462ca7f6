"""Sign users in and out, for the endpoints and for the administration's pages."""

from collections.abc import Collection, Iterable

from sqlalchemy import Row

from shoptrack.errors import NotAuthenticated
from shoptrack_auth import sessions
from shoptrack_auth.events import (
    AuthenticationFailed,
    SessionEnded,
    SessionEvent,
    SignedIn,
    SignedOut,
    publish,
)
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.models import SessionKind, UserSession
from shoptrack_auth.stored_hashes import StoredHashes
from shoptrack_auth.throttle import Throttle
from shoptrack_auth.tokens import Claims


class InvalidCredentials(NotAuthenticated):
    """The username or the password is wrong, or the user may not sign in."""

    component_name = "WrongCredentials"
    detail = "No active account found with the given credentials"


def sign_in(
    request,
    username: str,
    password: str,
    *,
    seconds: int,
    kind: SessionKind = SessionKind.TOKEN,
    key_digest: str | None = None,
    staff_only: bool = False,
) -> UserSession:
    """Create a session in the request's transaction, which must not have written before.

    :param seconds: until the session expires
    :param key_digest: of the key in a browser's cookie
    :param staff_only: reject other users, as if the password were wrong
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
        verified = sessions.authenticate(
            hasher, account, password, dummy=dummy, staff_only=staff_only
        )
    user = {"user_id": account.id, "username": account.username} if account else {}
    event_data = {"registry": registry, "address": device.address, **user}
    if not verified:
        throttle.record_failure(attempt)
        publish(AuthenticationFailed(**event_data))
        raise InvalidCredentials
    throttle.check(reader, attempt)
    session = sessions.create_session(request.db, verified, device, seconds, kind, key_digest)
    if not session:
        raise InvalidCredentials
    throttle.clear_failures(request.db, attempt)
    sessions.purge_sessions(request.db, sessions.PURGE_BATCH_ROWS)
    publish(SignedIn(db=request.db, session_id=session.id, kind=kind, **event_data))
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
