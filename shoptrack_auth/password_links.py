"""Links by which a user chooses a password, once: whoever makes the account never knows it. Free of HTTP.

The link holds a random secret, and the database its digest alone. A newer link, another password, deactivation and
time make it void.
"""

import secrets
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import Connection, Row, delete, or_, select
from sqlalchemy.orm import Session

from shoptrack.errors import NotFound, ValidationError
from shoptrack_auth.delegation import By, acting, touched_user
from shoptrack_auth.models import PasswordLink, User, now
from shoptrack_auth.passwords import Passwords
from shoptrack_auth.permissions import Permission
from shoptrack_auth.profiles import password_faults, profile_of
from shoptrack_auth.translation import _
from shoptrack_auth.user_passwords import store_password

SECONDS = 3 * 86_400  # how long a link holds unless another time is given
SECRET_BYTES = 32

_columns = select(
    User.id, User.username, User.first_name, User.last_name, User.email, PasswordLink.expires_at
)


class LinkVoid(NotFound):
    """A link was used, replaced, or is too old; or it never was one."""

    detail = _("This link holds no longer. Ask whoever gave it to you for another one.")


def make(db: Session, user_id: int, *, by: By, seconds: int = SECONDS) -> str:
    """Return the secret of a new link for a user; those made before are void.

    :param seconds: how long it holds
    :raises NotFound: there is no such user
    :raises Forbidden: this is not the actor's to do, or the user holds what the actor lacks
    :raises ValidationError: the user is not active, and could not sign in with a password either
    """
    actor = acting(db, by, Permission.CHANGE_USERS)
    user = touched_user(db, actor, user_id)
    if not user.is_active:
        raise ValidationError(
            {"is_active": [_("The user is not active, and so cannot use a link.")]}
        )
    secret, at = secrets.token_urlsafe(SECRET_BYTES), now()
    # With those of others that nobody used in time.
    void = or_(PasswordLink.user_id == user.id, PasswordLink.expires_at <= at)
    db.execute(delete(PasswordLink).where(void))
    db.add(
        PasswordLink(
            user_id=user.id,
            key_digest=_digest(secret),
            password_version=user.password_version,
            created_at=at,
            expires_at=at + timedelta(seconds=seconds),
        )
    )
    db.flush()
    return secret


def find(connection: Connection, secret: str) -> Row:
    """Return whose link it is (``id``, ``username`` and the rest of a profile), and when it ends.

    :raises LinkVoid: it holds no longer
    """
    row = connection.execute(_columns.where(*_holding(secret))).first()
    if row is None:
        raise LinkVoid
    return row


def redeem(db: Session, passwords: Passwords, secret: str, password: str) -> User:
    """Give the user of a link the password that the user chose. Of two who use it at once one wins.

    The session must not have written yet.

    :raises LinkVoid: it holds no longer
    :raises ValidationError: with sentences about ``password``; the link holds on
    """
    with db.info["database"].read_engine.connect() as connection:
        row = find(connection, secret)
    faults = password_faults(password, profile_of(row))
    if faults:
        raise ValidationError(faults)
    # Before the first statement, with which SQLite would make every other writer wait.
    hashed = passwords.hash(password)
    user = db.scalar(
        select(User).join(PasswordLink).where(*_holding(secret)).with_for_update(of=User)
    )
    if user is None:
        raise LinkVoid
    store_password(db, user, hashed)
    return user


def _holding(secret: str) -> tuple:
    """Return the conditions of the link with a secret, and of its user, under which it holds."""
    return (
        PasswordLink.user_id == User.id,
        PasswordLink.key_digest == _digest(secret),
        PasswordLink.expires_at > now(),
        PasswordLink.password_version == User.password_version,
        User.is_active,
    )


def _digest(secret: str) -> str:
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()
