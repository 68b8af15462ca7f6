"""Set passwords: `set_password` for user administrators, `change_own_password` for the user.

Both store the password by `store_password`, which ends the user's other sessions. `password_links` stores by it, too.
"""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shoptrack.errors import ValidationError
from shoptrack_auth import api_tokens, sessions
from shoptrack_auth.events import PasswordChanged, publish
from shoptrack_auth.hashers import UNUSABLE_PREFIX, UserPasswordHasher
from shoptrack_auth.models import PasswordLink, User
from shoptrack_auth.password_confirmation import WRONG_PASSWORD, verify_current_password
from shoptrack_auth.permissions import AuthPermission
from shoptrack_auth.profiles import check_password, find_password_errors, make_profile
from shoptrack_auth.throttle import Throttle
from shoptrack_auth.user_management import (
    LAST_SUPERUSER,
    ActorId,
    get_managed_user,
    is_last_superuser,
    lock_and_get_actor,
)

_columns = select(
    User.username,
    User.first_name,
    User.last_name,
    User.email,
    User.password,
    User.password_version,
)


def set_password(
    db: Session,
    hasher: UserPasswordHasher,
    id: int,
    password: str | None,
    *,
    by: ActorId,
    force: bool = False,
    with_tokens: bool = False,
) -> User:
    """Set a user's password, end all the user's sessions and invalidate the user's links.

    :param password: ``None`` for a user who sets the password by a link
    :param force: skip the password validators
    :param with_tokens: also revoke the user's API tokens
    :raises NotFound: the user does not exist
    :raises Forbidden: the actor lacks a permission, or one that the user has
    :raises ValidationError: with errors for ``password``
    """
    hashed = UNUSABLE_PREFIX
    if password is not None:
        check_password(password)
        # Before the first statement, with which SQLite would make every other writer wait.
        hashed = hasher.hash(password)
    actor = lock_and_get_actor(db, by, AuthPermission.CHANGE_USERS)
    user = get_managed_user(db, actor, id)
    if password is not None:
        if errors := find_password_errors(password, make_profile(user), force=force):
            raise ValidationError(errors)
    elif is_last_superuser(db, user):
        raise actor.log_denial(ValidationError({"password": [LAST_SUPERUSER]}))
    store_password(db, user, hashed)
    if with_tokens:
        api_tokens.revoke_tokens(db, user.id)
    return user


def change_own_password(request, current: str, password: str, *, with_tokens: bool = False) -> None:
    """Change the password of the user who sends the request, and end the user's other sessions.

    The current password is required, so that an open browser or a stolen token is not enough. A wrong one counts as a
    failed attempt to sign in. The request must not have written before.

    :param with_tokens: also revoke the user's API tokens
    :raises ValidationError: with errors for ``current`` and ``password``
    :raises TooManyRequests: too many attempts have failed
    :raises ServiceUnavailable: too many passwords are being hashed, or memory is short; this is no failed attempt
    """
    registry, id, address = request.registry, request.identity.id, request.client_addr or ""
    row = request.reader.execute(_columns.where(User.id == id)).one()
    throttle, hasher = Throttle.of(registry), registry[UserPasswordHasher]
    attempt = throttle.make_password_attempt(row.username, address)
    throttle.check(request.reader, attempt)
    errors = find_password_errors(password, make_profile(row))
    with hasher.reserve_slot():
        if not verify_current_password(request, row, current, attempt):
            errors["current"] = [WRONG_PASSWORD]
        if errors:
            raise ValidationError(errors)
        # Before the first statement that writes, with which SQLite would make every other writer wait.
        hashed = hasher.hash(password)
    throttle.check(request.reader, attempt)
    unchanged = (User.id == id, User.password_version == row.password_version, User.is_active)
    user = request.db.scalar(select(User).where(*unchanged).with_for_update())
    if user is None:  # the password has changed since the check
        raise ValidationError({"current": [WRONG_PASSWORD]})
    throttle.clear_failures(request.db, attempt)
    store_password(request.db, user, hashed, except_id=request.identity.session_id, address=address)
    if with_tokens:
        api_tokens.revoke_tokens(request.db, id, address=address)


def store_password(
    db: Session, user: User, hashed: str, *, except_id: int | None = None, address: str = ""
) -> None:
    """Store the hash of a new password, end the user's sessions and invalidate the user's links.

    :param except_id: the id of a session that stays active
    :param address: the client's, if the user has changed the password
    """
    user.password = hashed
    user.password_version += 1
    db.flush()
    db.execute(delete(PasswordLink).where(PasswordLink.user_id == user.id))
    sessions.end_all_sessions(db, user.id, except_id)
    if except_id is not None:
        sessions.update_password_version(db, except_id, user.password_version)
    publish(
        PasswordChanged(
            registry=db.info["registry"],
            db=db,
            address=address,
            user_id=user.id,
            username=user.username,
        )
    )
