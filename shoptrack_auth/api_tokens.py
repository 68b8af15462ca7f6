"""Create, list and revoke API tokens: long-lived tokens with which scripts use the API as their users.

A token may do no more than its user at the time of the request. It ends with its user, by deletion or deactivation, and
not by a change of the password, unless the user asks for that.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, bindparam, delete, func, or_, select
from sqlalchemy.orm import Session

from shoptrack.errors import Conflict, NotFound, ValidationError
from shoptrack.permissions import Permissions
from shoptrack_auth.api_token_secrets import hash_secret, make_secret
from shoptrack_auth.events import TokenCreated, TokenRevoked, publish
from shoptrack_auth.models import ApiToken, TokenScope, User, delete_expired, get_utc_now
from shoptrack_auth.permissions import get_granted_permissions
from shoptrack_auth.settings import AuthSettings
from shoptrack_auth.translation import _

DEFAULT_TOKEN_DAYS = 365
MAX_TOKENS = 100  # of a user, without expired ones
# An expired token stays for a while, so that its user sees why a script has stopped.
KEEP_EXPIRED = timedelta(days=30)
MAX_LISTED_TOKENS = 1000

PAST_EXPIRY = _("Choose a time in the future, or none for a token that never expires.")
NO_PERMISSIONS = _("Choose at least one permission, or leave the permissions out for all.")


class TooManyTokens(Conflict):
    """The user has as many tokens as a user may have."""

    code = "too_many_tokens"
    detail = _(
        "You have ${count} API tokens, which is the maximum. Revoke one first.", count=MAX_TOKENS
    )


def get_default_expiry() -> datetime:
    """Return when a token expires for which nothing else was chosen."""
    return get_utc_now() + timedelta(days=DEFAULT_TOKEN_DAYS)


@dataclass(frozen=True)
class NewToken:
    """What a user chooses for a new token.

    :param expires_at: ``None`` for never
    :param permissions: ``None`` for all that the user has at the time of a request
    """

    name: str
    scope: TokenScope = TokenScope.READ
    expires_at: datetime | None = field(default_factory=get_default_expiry)
    permissions: Collection[str] | None = None


def get_api_permissions(connection: Connection, registry: Any, user: Any) -> frozenset[str]:
    """Return the permissions that a user has in the API, by ``SHOPTRACK_API_PERMISSIONS``.

    :param user: with ``id`` and ``is_superuser``
    """
    permissions = Permissions.of(registry)
    if user.is_superuser:
        return frozenset(permissions.declared)
    granted = get_granted_permissions(connection, user.id) & permissions.declared.keys()
    if AuthSettings.of(registry).api_permissions == "model":
        return granted
    return granted | permissions.shared


def create_token(
    db: Session,
    user_id: int,
    new: NewToken,
    *,
    password_version: int | None = None,
    address: str = "",
) -> tuple[ApiToken, str]:
    """Create a token, and return it with its secret, which cannot be read again.

    :param password_version: the version of the password that the user has entered; ``None`` for a command
    :param address: the client's
    :raises NotFound: the user does not exist, is inactive, or has another password by now
    :raises ValidationError: errors by field
    :raises TooManyTokens: the user has `MAX_TOKENS` tokens
    """
    at = get_utc_now()
    # The lock keeps the user from being deactivated meanwhile, and parallel requests from exceeding the limit.
    user = db.scalar(
        select(User).where(User.id == bindparam("id", user_id, BigInteger)).with_for_update()
    )
    if user is None or not user.is_active or password_version not in (None, user.password_version):
        raise NotFound(_("No active User matches the given query."))
    if errors := _find_errors(db, user, new, at):
        raise ValidationError(errors)
    active = or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > at)
    count = select(func.count()).select_from(ApiToken).where(ApiToken.user_id == user.id, active)
    if (db.scalar(count) or 0) >= MAX_TOKENS:
        raise TooManyTokens
    secret = make_secret()
    token = ApiToken(
        user_id=user.id,
        name=new.name,
        key_digest=hash_secret(secret),
        scope=new.scope,
        permissions=None if new.permissions is None else sorted(set(new.permissions)),
        created_at=at,
        expires_at=new.expires_at,
    )
    db.add(token)
    db.flush()
    publish(
        TokenCreated(
            registry=db.info["registry"],
            db=db,
            address=address,
            user_id=user.id,
            username=user.username,
            token_id=token.id,
            name=token.name,
        )
    )
    return token, secret


def _find_errors(db: Session, user: User, new: NewToken, at: datetime) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if new.expires_at is not None and new.expires_at <= at:
        errors["expires_at"] = [PAST_EXPIRY]
    if new.permissions is not None:
        registry = db.info["registry"]
        chosen = set(new.permissions)
        unknown = chosen - Permissions.of(registry).declared.keys()
        missing = chosen - get_api_permissions(db.connection(), registry, user) - unknown
        messages: list[str] = [] if chosen else [NO_PERMISSIONS]
        if unknown:
            messages.append(_("Unknown permissions: ${names}.", names=_join(unknown)))
        if missing:
            messages.append(
                _(
                    "A token can only have permissions that you have. Missing: ${permissions}.",
                    permissions=_join(missing),
                )
            )
        if messages:
            errors["permissions"] = messages
    return errors


def _join(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def get_tokens(connection: Connection, user_id: int) -> Sequence[Row]:
    """Return a user's tokens, the newest first, without their digests. Those that have expired of late are included."""
    columns = [column for column in ApiToken.__table__.columns if column.name != "key_digest"]
    statement = (
        select(*columns)
        .where(ApiToken.user_id == user_id)
        .order_by(ApiToken.id.desc())
        .limit(MAX_LISTED_TOKENS)
    )
    return connection.execute(statement).all()


def revoke_tokens(
    db: Session, user_id: int, ids: Iterable[int] | None = None, *, address: str = ""
) -> int:
    """Revoke tokens of a user, and return how many there were. Requests with them are refused from now on.

    :param ids: any 64-bit numbers; ``None`` for all tokens
    :param address: the client's
    """
    conditions = [ApiToken.user_id == user_id]
    if ids is not None:
        numbers = bindparam("ids", list(ids), type_=BigInteger, expanding=True)
        conditions.append(ApiToken.id.in_(numbers))
    username = select(User.username).where(User.id == ApiToken.user_id).scalar_subquery()
    statement = (
        delete(ApiToken)
        .where(*conditions)
        .returning(ApiToken.id, ApiToken.name, username.label("username"))
        .execution_options(synchronize_session=False)
    )
    revoked = db.execute(statement).all()
    for row in revoked:
        publish(
            TokenRevoked(
                registry=db.info["registry"],
                db=db,
                address=address,
                user_id=user_id,
                username=row.username,
                token_id=row.id,
                name=row.name,
            )
        )
    return len(revoked)


def purge_tokens(db: Session, limit: int) -> int:
    """Delete tokens that expired `KEEP_EXPIRED` ago, and return how many were deleted.

    :param limit: maximum number of rows
    """
    return delete_expired(db, ApiToken, ApiToken.expires_at < get_utc_now() - KEEP_EXPIRED, limit)
