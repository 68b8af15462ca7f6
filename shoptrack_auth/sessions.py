"""Create, list and end users' sessions."""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from shoptrack.i18n import clean_text
from shoptrack_auth.hashers import MAX_PASSWORD_BYTES, Match, UserPasswordHasher
from shoptrack_auth.models import (
    NumberedSessions,
    SessionKind,
    User,
    UserSession,
    delete_expired,
    get_utc_now,
)
from shoptrack_auth.names import make_username_key
from shoptrack_auth.tokens import Claims

PURGE_BATCH_ROWS = 100
MAX_LISTED_SESSIONS = 1000
SID_BYTES = 16  # random


@dataclass(frozen=True)
class Device:
    """The device from which a user signs in.

    :param name: the User-Agent header
    """

    address: str
    name: str

    @classmethod
    def from_request(cls, request) -> "Device":
        """Return the device that sends a request."""
        return cls(request.client_addr or "", request.user_agent or "")


@dataclass(frozen=True)
class VerifiedPassword:
    """The proof that a user has entered the right password, or that another authenticator has verified the user.

    :param password_version: the version of the password that was right, or current when the user was verified
    :param new_hash: replaces a stored hash of another algorithm or cost
    """

    user_id: int
    password_version: int
    new_hash: str | None = None


def look_up_user(connection: Connection, username: str) -> Row | None:
    """Return the user with a username, in any spelling."""
    columns = (
        User.id,
        User.username,
        User.first_name,
        User.last_name,
        User.email,
        User.password,
        User.password_version,
        User.is_active,
    )
    return connection.execute(
        select(*columns).where(User.username_key == make_username_key(username))
    ).first()


def authenticate(
    hasher: UserPasswordHasher,
    account: Row | None,
    password: str,
    *,
    dummy: str,
) -> VerifiedPassword | None:
    """Check the password of an active user.

    The same work is done whether the account is missing, inactive, without a password or has another one. So the time
    reveals nothing. Only a right password may cost another hash, which replaces the stored one.

    :param dummy: the hash to compute without an account (`StoredHashes.get_dummy`)
    :returns: ``None`` if the credentials are wrong
    :raises ServiceUnavailable: too many passwords are being hashed, or memory is short
    """
    if len(password.encode()) > MAX_PASSWORD_BYTES:
        return None
    stored = account.password if account else None
    with hasher.reserve_slot():
        match = hasher.verify(stored, password, dummy)
        if not account or not match or not account.is_active:
            return None
        # The new hash is of the normalized password, and so matches all its Unicode forms.
        is_current = match is Match.NORMALIZED and hasher.is_own(account.password)
        new_hash = None if is_current else hasher.hash(password)
    return VerifiedPassword(account.id, account.password_version, new_hash)


def create_session(
    db: Session,
    verified: VerifiedPassword,
    device: Device,
    seconds: int,
    kind: SessionKind = SessionKind.TOKEN,
    key_digest: str | None = None,
) -> UserSession | None:
    """Create a session that expires after ``seconds``.

    :param key_digest: of the key in a browser's cookie
    :returns: ``None`` if the user was deleted or deactivated, or the password changed, since it was verified
    """
    at = get_utc_now()
    unchanged = (
        User.id == verified.user_id,
        User.password_version == verified.password_version,
        User.is_active,
    )
    values: dict[str, Any] = {"last_login_at": at}
    if verified.new_hash:
        values["password"] = (
            verified.new_hash
        )  # of the same password, so that other sessions stay active
    numbered = select(NumberedSessions.until).where(NumberedSessions.until > at).exists()
    # The update also locks the row, so that the user is not deleted before the session is stored.
    statement = (
        update(User).where(*unchanged).values(values).returning(User.id, numbered.label("numbered"))
    )
    row = db.execute(statement).first()
    if row is None:
        return None
    is_numbered = row.numbered and kind == SessionKind.TOKEN
    session = UserSession(
        user_id=verified.user_id,
        password_version=verified.password_version,
        created_at=at,
        last_used_at=at,
        expires_at=at + timedelta(seconds=seconds),
        address=device.address[:45],
        device=clean_text(device.name, 255),
        kind=kind,
        key_digest=key_digest,
        sid=None if is_numbered else secrets.token_urlsafe(SID_BYTES),
    )
    db.add(session)
    db.flush()
    return session


def get_active_sessions(
    connection: Connection, idle_seconds: int, user_id: int | None = None
) -> Sequence[Row]:
    """Return the active sessions that were used last, at most `MAX_LISTED_SESSIONS`.

    :param idle_seconds: a browser's session expires after this time without a request
    :param user_id: ``None`` for all users
    """
    at = get_utc_now()
    user_conditions = () if user_id is None else (UserSession.user_id == user_id,)
    idle = and_(
        UserSession.kind == SessionKind.BROWSER,
        UserSession.last_used_at <= at - timedelta(seconds=idle_seconds),
    )
    statement = (
        select(*UserSession.__table__.columns, User.username)
        .join(User, User.id == UserSession.user_id)
        .where(
            *user_conditions,
            UserSession.ended_at.is_(None),
            UserSession.expires_at > at,
            UserSession.password_version == User.password_version,
            User.is_active,
            ~idle,
        )
        .order_by(UserSession.last_used_at.desc(), UserSession.id.desc())
        .limit(MAX_LISTED_SESSIONS)
    )
    return connection.execute(statement).all()


def touch_session(db: Session, id: int) -> None:
    """Update the time of a session's last use."""
    db.execute(update(UserSession).where(UserSession.id == id).values(last_used_at=get_utc_now()))


def update_password_version(db: Session, id: int, password_version: int) -> None:
    """Keep a session active after a change of the user's password."""
    statement = update(UserSession).where(UserSession.id == id)
    db.execute(statement.values(password_version=password_version))


def end_sessions(db: Session, ids: Iterable[int], user_id: int | None = None) -> Sequence[Row]:
    """End sessions. Their tokens and cookies become invalid.

    :param ids: any 64-bit numbers
    :param user_id: end only this user's sessions; ``None`` for all users
    :returns: the sessions that were active
    """
    user_conditions = () if user_id is None else (UserSession.user_id == user_id,)
    return _end(db, _id_condition(ids), *user_conditions)


def end_named_sessions(db: Session, claims: Collection[Claims]) -> Sequence[Row]:
    """End the sessions of tokens.

    :returns: the sessions that were active
    """
    sids = [claim.sid for claim in claims if claim.session_id is None]
    ids = [claim.session_id for claim in claims if claim.session_id is not None]
    return _end(
        db, or_(UserSession.sid.in_(sids), and_(_id_condition(ids), UserSession.sid.is_(None)))
    )


def end_all_sessions(
    db: Session, user_id: int | None, except_id: int | None = None
) -> Sequence[Row]:
    """End all sessions of a user.

    :param user_id: ``None`` for all users
    :param except_id: the id of a session that stays active
    :returns: the sessions that were active
    """
    user_conditions = () if user_id is None else (UserSession.user_id == user_id,)
    others = () if except_id is None else (UserSession.id != except_id,)
    return _end(db, *user_conditions, *others)


def _id_condition(ids: Iterable[int]) -> ColumnElement[bool]:
    return UserSession.id.in_(bindparam("ids", list(ids), type_=BigInteger, expanding=True))


def _end(db: Session, *conditions) -> Sequence[Row]:
    at = get_utc_now()
    username = select(User.username).where(User.id == UserSession.user_id).scalar_subquery()
    statement = (
        update(UserSession)
        .where(UserSession.ended_at.is_(None), UserSession.expires_at > at, *conditions)
        .values(ended_at=at)
        .returning(
            UserSession.id, UserSession.kind, UserSession.user_id, username.label("username")
        )
        .execution_options(synchronize_session=False)
    )
    return db.execute(statement).all()


def purge_sessions(db: Session, limit: int) -> int:
    """Delete expired sessions, and return how many were deleted.

    :param limit: maximum number of rows
    """
    return delete_expired(db, UserSession, UserSession.expires_at < get_utc_now(), limit)
