"""Sign-ins: starting one, going on, ending it. Free of HTTP."""

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

from shoptrack.i18n.text_input import clean_text
from shoptrack_auth import purging
from shoptrack_auth.models import NumberedSessions, SignIn, SignInKind, User, now
from shoptrack_auth.names import key
from shoptrack_auth.passwords import MAX_PASSWORD_BYTES, Match, Passwords
from shoptrack_auth.tokens import Claims

PURGED_AT_ONCE = 100  # rows
LISTED = 1000  # rows, at most
SID_BYTES = 16  # of chance


@dataclass(frozen=True)
class Device:
    """From where somebody signs in."""

    address: str
    name: str

    @classmethod
    def of(cls, request) -> "Device":
        """Return the one that sent a request."""
        return cls(request.client_addr or "", request.user_agent or "")


@dataclass(frozen=True)
class Proof:
    """Somebody gave the right password; ``password_version`` tells which one that was.

    :param rehashed: a hash of it that replaces the stored one, which is of another form than ours
    """

    user_id: int
    password_version: int
    rehashed: str | None = None


def find(connection: Connection, username: str) -> Row | None:
    """Return the account of whoever has a name, however it is spelled."""
    columns = (
        User.id,
        User.username,
        User.first_name,
        User.last_name,
        User.email,
        User.password,
        User.password_version,
        User.is_active,
        User.is_staff,
    )
    return connection.execute(select(*columns).where(User.username_key == key(username))).first()


def authenticate(
    passwords: Passwords,
    account: Row | None,
    password: str,
    *,
    instead: str,
    staff_only: bool = False,
) -> Proof | None:
    """Prove by a password that somebody is an active user.

    The same is computed whether the account is missing, inactive, without a password or not this password's, so that
    the time tells nothing. Another hash may be computed for a right password, and replaces the stored one.

    :param instead: the hash that is computed where no other is (`StoredHashes.instead`)
    :raises ServiceUnavailable: too many hash at once, or memory is short: nothing was found out
    """
    if len(password.encode()) > MAX_PASSWORD_BYTES:
        return None
    stored = account.password if account else None
    with passwords.place():
        match = passwords.verify(stored, password, instead)
        if not account or not match or not account.is_active:
            return None
        if staff_only and not account.is_staff:
            return None
        # From now on the password can be sent in any form.
        is_current = match is Match.NORMALIZED and passwords.is_own(account.password)
        rehashed = None if is_current else passwords.hash(password)
    return Proof(account.id, account.password_version, rehashed)


def start(
    db: Session,
    proof: Proof,
    device: Device,
    seconds: int,
    kind: SignInKind = SignInKind.TOKEN,
    key_digest: str | None = None,
) -> SignIn | None:
    """Record a sign-in that lasts for ``seconds``.

    :param key_digest: of the cookie by which a browser names it
    :returns: ``None`` where the user was deleted or deactivated, or got another password, since the proof
    """
    at = now()
    still = (
        User.id == proof.user_id,
        User.password_version == proof.password_version,
        User.is_active,
    )
    values: dict[str, Any] = {"last_login_at": at}
    if proof.rehashed:
        values["password"] = proof.rehashed  # still the same one, so that its sign-ins go on
    numbered = select(NumberedSessions.until).where(NumberedSessions.until > at).exists()
    # Changing the row also keeps it from being deleted until the sign-in is stored.
    changed = (
        update(User).where(*still).values(values).returning(User.id, numbered.label("numbered"))
    )
    row = db.execute(changed).first()
    if row is None:
        return None
    is_numbered = row.numbered and kind == SignInKind.TOKEN
    sign_in = SignIn(
        user_id=proof.user_id,
        password_version=proof.password_version,
        created_at=at,
        last_used_at=at,
        expires_at=at + timedelta(seconds=seconds),
        address=device.address[:45],
        device=clean_text(device.name, 255),
        kind=kind,
        key_digest=key_digest,
        sid=None if is_numbered else secrets.token_urlsafe(SID_BYTES),
    )
    db.add(sign_in)
    db.flush()
    return sign_in


def ongoing(connection: Connection, idle_seconds: int, user_id: int | None = None) -> Sequence[Row]:
    """Return the sign-ins that go on, those used last first, and at most as many as anybody reads.

    :param idle_seconds: after which time without use a browser's is over
    :param user_id: whose; ``None`` for everybody's
    """
    at = now()
    whose = () if user_id is None else (SignIn.user_id == user_id,)
    idle = and_(
        SignIn.kind == SignInKind.BROWSER,
        SignIn.last_used_at <= at - timedelta(seconds=idle_seconds),
    )
    statement = (
        select(*SignIn.__table__.columns, User.username)
        .join(User, User.id == SignIn.user_id)
        .where(
            *whose,
            SignIn.ended_at.is_(None),
            SignIn.expires_at > at,
            SignIn.password_version == User.password_version,
            User.is_active,
            ~idle,
        )
        .order_by(SignIn.last_used_at.desc(), SignIn.id.desc())
        .limit(LISTED)
    )
    return connection.execute(statement).all()


def use(db: Session, id: int) -> None:
    """Record that a sign-in was used to get a new access token."""
    db.execute(update(SignIn).where(SignIn.id == id).values(last_used_at=now()))


def keep(db: Session, id: int, password_version: int) -> None:
    """Let a sign-in go on though its user has another password."""
    kept = update(SignIn).where(SignIn.id == id)
    db.execute(kept.values(password_version=password_version))


def end(db: Session, ids: Iterable[int], user_id: int | None = None) -> Sequence[Row]:
    """End sign-ins; their tokens and cookies hold no longer.

    :param ids: any 64-bit numbers
    :param user_id: whose they must be; ``None`` for anybody's
    :returns: those that went on until now
    """
    whose = () if user_id is None else (SignIn.user_id == user_id,)
    return _end(db, _has_id(ids), *whose)


def end_named(db: Session, claims: Collection[Claims]) -> Sequence[Row]:
    """End the sign-ins that tokens name; their tokens hold no longer.

    :returns: those that went on until now
    """
    sids = [claim.sid for claim in claims if claim.session_id is None]
    ids = [claim.session_id for claim in claims if claim.session_id is not None]
    return _end(db, or_(SignIn.sid.in_(sids), and_(_has_id(ids), SignIn.sid.is_(None))))


def end_all(db: Session, user_id: int | None, but: int | None = None) -> Sequence[Row]:
    """End every sign-in of a user, as when the user is deactivated.

    :param user_id: ``None`` for everybody's
    :param but: one that is kept
    :returns: those that went on until now
    """
    whose = () if user_id is None else (SignIn.user_id == user_id,)
    others = () if but is None else (SignIn.id != but,)
    return _end(db, *whose, *others)


def _has_id(ids: Iterable[int]) -> ColumnElement[bool]:
    return SignIn.id.in_(bindparam("ids", list(ids), type_=BigInteger, expanding=True))


def _end(db: Session, *conditions) -> Sequence[Row]:
    at = now()
    username = select(User.username).where(User.id == SignIn.user_id).scalar_subquery()
    ended = (
        update(SignIn)
        .where(SignIn.ended_at.is_(None), SignIn.expires_at > at, *conditions)
        .values(ended_at=at)
        .returning(SignIn.id, SignIn.kind, SignIn.user_id, username.label("username"))
        .execution_options(synchronize_session=False)
    )
    return db.execute(ended).all()


def purge(db: Session, most: int) -> int:
    """Delete sign-ins that have expired, and return how many.

    :param most: how many at a time, so that nobody waits for long
    """
    return purging.purge(db, SignIn, SignIn.expires_at < now(), most)
