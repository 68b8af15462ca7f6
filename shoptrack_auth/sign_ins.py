"""Signing in, going on, signing out. Free of HTTP."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import BigInteger, Connection, bindparam, select, update
from sqlalchemy.orm import Session

from shoptrack_auth.models import SignIn, User, now
from shoptrack_auth.passwords import Passwords
from shoptrack_auth.users import MAX_PASSWORD_BYTES, key


@dataclass(frozen=True)
class Device:
    """From where somebody signs in."""

    address: str
    name: str


@dataclass(frozen=True)
class Proof:
    """Somebody gave the right password; ``password_version`` tells which one that was."""

    user_id: int
    password_version: int


def authenticate(
    connection: Connection, passwords: Passwords, username: str, password: str
) -> Proof | None:
    """Prove by a name and a password that somebody is an active user.

    The same work is done whether the name is unknown, inactive or right, so that the time tells nothing.
    """
    columns = (User.id, User.password, User.password_version, User.is_active)
    user = connection.execute(select(*columns).where(User.username_key == key(username))).first()
    if len(password.encode()) > MAX_PASSWORD_BYTES:
        return None
    fits = passwords.verify(user.password if user else None, password)
    return Proof(user.id, user.password_version) if user and fits and user.is_active else None


def start(db: Session, proof: Proof, device: Device, seconds: int) -> SignIn | None:
    """Record a sign-in that lasts for ``seconds``.

    :returns: ``None`` where the user was deleted or deactivated, or got another password, since the proof
    """
    at = now()
    still = (
        User.id == proof.user_id,
        User.password_version == proof.password_version,
        User.is_active,
    )
    # Changing the row also keeps it from being deleted until the sign-in is stored.
    if not db.scalar(update(User).where(*still).values(last_login_at=at).returning(User.id)):
        return None
    sign_in = SignIn(
        user_id=proof.user_id,
        password_version=proof.password_version,
        created_at=at,
        last_used_at=at,
        expires_at=at + timedelta(seconds=seconds),
        address=device.address[:45],
        device=device.name.replace("\0", "")[:255],  # PostgreSQL's text has no NUL
    )
    db.add(sign_in)
    db.flush()
    return sign_in


def use(db: Session, id: int) -> None:
    """Record that a sign-in was used to get a new access token."""
    db.execute(update(SignIn).where(SignIn.id == id).values(last_used_at=now()))


def end(db: Session, ids: Iterable[int]) -> None:
    """End sign-ins; their tokens hold no longer.

    :param ids: any 64-bit numbers
    """
    named = bindparam("ids", list(ids), type_=BigInteger, expanding=True)
    statement = update(SignIn).where(SignIn.id.in_(named), SignIn.ended_at.is_(None))
    db.execute(statement.values(ended_at=now()))
