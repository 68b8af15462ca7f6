"""Confirm that the user who sends a request is present: by the current password.

New credentials require it, as GitHub's do: a new password and API tokens. So an open browser or a stolen access token
is not enough to get access for longer than its session.
"""

from datetime import timedelta

from sqlalchemy import Row, select

from shoptrack.errors import Forbidden, ValidationError
from shoptrack.resources import REQUIRED
from shoptrack_auth.events import AuthenticationFailed, publish
from shoptrack_auth.hashers import MAX_PASSWORD_BYTES, UNUSABLE_PREFIX, UserPasswordHasher
from shoptrack_auth.models import User, UserSession, get_utc_now
from shoptrack_auth.throttle import Attempt, Throttle
from shoptrack_auth.translation import _

WRONG_PASSWORD = _("This is not your current password.")
RECENT = timedelta(minutes=15)

_columns = select(User.username, User.password, User.password_version)


class RecentSignInRequired(Forbidden):
    """The user has no password, and the session is too old to count in its place."""

    detail = _(
        "Your last sign-in was too long ago. Sign in again, and repeat this within 15 minutes."
    )


def confirm_password(request, password: str | None) -> int:
    """Check the current password of the user who sends the request, and return the password's version.

    A wrong one counts as a failed attempt to sign in. Users without a password, whom an authenticator or another
    sign-in of a plugin identifies, confirm by that: at this request, or by a session that began within `RECENT`. The
    request must not have written before.

    :raises ValidationError: with an error for ``password``
    :raises RecentSignInRequired: the user has no password, and signed in too long ago
    :raises TooManyRequests: too many attempts have failed
    :raises ServiceUnavailable: too many passwords are being hashed, or memory is short; this is no failed attempt
    """
    registry, id = request.registry, request.identity.id
    row = request.reader.execute(_columns.where(User.id == id)).one()
    if row.password.startswith(UNUSABLE_PREFIX):
        _check_recent_sign_in(request)
        return row.password_version
    if not password:
        raise ValidationError({"password": [REQUIRED]})
    throttle, hasher = Throttle.of(registry), registry[UserPasswordHasher]
    attempt = throttle.make_password_attempt(row.username, request.client_addr or "")
    throttle.check(request.reader, attempt)
    with hasher.reserve_slot():
        if not verify_current_password(request, row, password, attempt):
            raise ValidationError({"password": [WRONG_PASSWORD]})
    throttle.check(request.reader, attempt)
    throttle.clear_failures(request.db, attempt)
    return row.password_version


def has_password(request) -> bool:
    """Return whether the user who sends the request has a password to confirm."""
    row = request.reader.execute(_columns.where(User.id == request.identity.id)).one()
    return not row.password.startswith(UNUSABLE_PREFIX)


def verify_current_password(request, row: Row, password: str, attempt: Attempt) -> bool:
    """Return whether the password is the user's. A wrong one is recorded as a failed attempt.

    :param row: with the user's ``username`` and ``password``
    """
    registry = request.registry
    too_long = len(password.encode()) > MAX_PASSWORD_BYTES
    if not too_long and registry[UserPasswordHasher].verify(row.password, password):
        return True
    Throttle.of(registry).record_failure(attempt)
    publish(
        AuthenticationFailed(
            registry=registry,
            address=attempt.address,
            user_id=request.identity.id,
            username=row.username,
        )
    )
    return False


def _check_recent_sign_in(request) -> None:
    identity = request.identity
    if identity.authenticator is not None:
        return  # it has verified the user for this request
    created_at = request.reader.scalar(
        select(UserSession.created_at).where(UserSession.id == identity.session_id)
    )
    if created_at is None or created_at < get_utc_now() - RECENT:
        raise RecentSignInRequired
