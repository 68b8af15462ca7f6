"""Signing in by a name and a password, and out: the endpoints and the administration's pages do it alike."""

from collections.abc import Collection, Iterable

from sqlalchemy import Row

from shoptrack.errors import NotAuthenticated
from shoptrack_auth import sign_ins
from shoptrack_auth.events import Failed, SessionEnded, SessionEvent, SignedIn, SignedOut, tell
from shoptrack_auth.models import SignIn, SignInKind
from shoptrack_auth.passwords import Passwords
from shoptrack_auth.stored_hashes import StoredHashes
from shoptrack_auth.throttle import Throttle
from shoptrack_auth.tokens import Claims


class WrongCredentials(NotAuthenticated):
    """Nobody who may sign in has this name and this password."""

    detail = "No active account found with the given credentials"


def sign_in(
    request,
    username: str,
    password: str,
    *,
    seconds: int,
    kind: SignInKind = SignInKind.TOKEN,
    key_digest: str | None = None,
    staff_only: bool = False,
) -> SignIn:
    """Start a sign-in in the request's transaction, which must not have written yet.

    :param seconds: how long the sign-in lasts
    :param key_digest: what tells a browser's sign-in by its cookie
    :param staff_only: whether others are refused, with what a wrong password is refused with
    :raises WrongCredentials: nobody who may sign in has this name and this password
    :raises TooManyRequests: too many have failed
    :raises ServiceUnavailable: too many hash at once, or memory is short; it does not count as a failure
    """
    registry, reader = request.registry, request.reader
    throttle = Throttle.of(registry)
    device = sign_ins.Device.of(request)
    attempt = throttle.by_password(username, device.address)
    throttle.check(reader, attempt)
    passwords = registry[Passwords]
    with passwords.place():
        instead = StoredHashes.of(registry).instead(reader, username)
        account = sign_ins.find(reader, username)
        proof = sign_ins.authenticate(
            passwords, account, password, instead=instead, staff_only=staff_only
        )
    whose = {"user_id": account.id, "username": account.username} if account else {}
    told = {"registry": registry, "address": device.address, **whose}
    if not proof:
        throttle.failed(attempt)
        tell(Failed(**told))
        raise WrongCredentials
    throttle.check(reader, attempt)
    started = sign_ins.start(request.db, proof, device, seconds, kind, key_digest)
    if not started:
        raise WrongCredentials
    throttle.succeeded(request.db, attempt)
    sign_ins.purge(request.db, sign_ins.PURGED_AT_ONCE)
    tell(SignedIn(db=request.db, sign_in_id=started.id, kind=kind, **told))
    return started


def sign_out(request, ids: Iterable[int]) -> None:
    """End sign-ins that their owner names.

    :param ids: any 64-bit numbers
    """
    _tell(SignedOut, request, sign_ins.end(request.db, ids))


def sign_out_named(request, claims: Collection[Claims]) -> None:
    """End sign-ins that their owner's tokens name."""
    _tell(SignedOut, request, sign_ins.end_named(request.db, claims))


def tell_ended(request, ended: Iterable[Row]) -> None:
    """Tell of sign-ins that a request ended from elsewhere.

    :param ended: what `sign_ins.end` or `sign_ins.end_all` returned
    """
    _tell(SessionEnded, request, ended)


def _tell(kind: type[SessionEvent], request, ended: Iterable[Row]) -> None:
    address = request.client_addr or ""
    for row in ended:
        tell(kind.of(row, request.registry, request.db, address=address))
