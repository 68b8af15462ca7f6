"""Links with which users set their passwords, so that the administrator never knows them.

A link has a random secret, and the database its digest. A link works once. A newer link, a change of the password,
deactivation and time invalidate it.
"""

import secrets
from collections.abc import Collection
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import Connection, Row, delete, or_, select
from sqlalchemy.orm import Session

from shoptrack.errors import NotFound, ValidationError
from shoptrack_auth import users
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.models import PasswordLink, User, get_utc_now
from shoptrack_auth.password_change import store_password
from shoptrack_auth.permissions import AuthPermission
from shoptrack_auth.profiles import find_password_errors, make_profile
from shoptrack_auth.translation import _
from shoptrack_auth.user_management import ActorId, get_managed_user, lock_and_get_actor

DEFAULT_LINK_SECONDS = 3 * 86_400  # until a link expires, by default
SECRET_BYTES = 32

_columns = select(
    User.id, User.username, User.first_name, User.last_name, User.email, PasswordLink.expires_at
)


class InvalidLink(NotFound):
    """A link was used or replaced, has expired, or never existed."""

    detail = _("This link is invalid or has expired. Ask for a new one.")


def create_link(
    db: Session, user_id: int, *, by: ActorId, seconds: int = DEFAULT_LINK_SECONDS
) -> str:
    """Create a link for a user, and return its secret. The user's older links become invalid.

    :param seconds: until the link expires
    :raises NotFound: the user does not exist
    :raises Forbidden: the actor lacks a permission, or one that the user has
    :raises ValidationError: the user is not active
    """
    actor = lock_and_get_actor(db, by, AuthPermission.CHANGE_USERS)
    user = get_managed_user(db, actor, user_id)
    if not user.is_active:
        raise ValidationError({"is_active": [_("This user is inactive and cannot use a link.")]})
    return _add_link(db, user, seconds)


def invite(
    db: Session,
    hasher: UserPasswordHasher,
    username: str,
    *,
    by: ActorId,
    is_staff: bool = False,
    groups: Collection[int] = (),
) -> tuple[User, str]:
    """Create a user without a password, and return the user with a link's secret.

    :param groups: ids
    :raises Forbidden: the actor lacks a permission
    :raises ValidationError: errors by field
    """
    user = users.create(db, hasher, username, None, by=by, is_staff=is_staff, groups=groups)
    return user, _add_link(db, user, DEFAULT_LINK_SECONDS)


def _add_link(db: Session, user: User, seconds: int) -> str:
    secret, at = secrets.token_urlsafe(SECRET_BYTES), get_utc_now()
    # Including expired links of other users.
    replaced = or_(PasswordLink.user_id == user.id, PasswordLink.expires_at <= at)
    db.execute(delete(PasswordLink).where(replaced))
    db.add(
        PasswordLink(
            user_id=user.id,
            key_digest=_hash_secret(secret),
            password_version=user.password_version,
            created_at=at,
            expires_at=at + timedelta(seconds=seconds),
        )
    )
    db.flush()
    return secret


def get_link(connection: Connection, secret: str) -> Row:
    """Return the link's user (``id`` and profile) and ``expires_at``.

    :raises InvalidLink: the link is invalid or has expired
    """
    row = connection.execute(_columns.where(*_valid_link_conditions(secret))).first()
    if row is None:
        raise InvalidLink
    return row


def redeem(db: Session, hasher: UserPasswordHasher, secret: str, password: str) -> User:
    """Set the password of a link's user. If a link is used twice at the same time, one use succeeds.

    The session must not have written before.

    :raises InvalidLink: the link is invalid or has expired
    :raises ValidationError: with errors for ``password``; the link stays valid
    """
    with db.info["database"].read_engine.connect() as connection:
        row = get_link(connection, secret)
    errors = find_password_errors(password, make_profile(row))
    if errors:
        raise ValidationError(errors)
    # Before the first statement, with which SQLite would make every other writer wait.
    hashed = hasher.hash(password)
    user = db.scalar(
        select(User)
        .join(PasswordLink)
        .where(*_valid_link_conditions(secret))
        .with_for_update(of=User)
    )
    if user is None:
        raise InvalidLink
    store_password(db, user, hashed)
    return user


def _valid_link_conditions(secret: str) -> tuple:
    """Return the conditions for a valid link with this secret, and for its user."""
    return (
        PasswordLink.user_id == User.id,
        PasswordLink.key_digest == _hash_secret(secret),
        PasswordLink.expires_at > get_utc_now(),
        PasswordLink.password_version == User.password_version,
        User.is_active,
    )


def _hash_secret(secret: str) -> str:
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()
