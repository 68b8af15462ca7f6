"""Tables of users, groups, permissions, sessions, API tokens and failed attempts."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    String,
    Text,
    delete,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from shoptrack.db import Base, UtcDateTime

MAX_PERMISSION_LENGTH = 255  # characters of a permission's name
# These tables are not backed up: a restore would revive ended sessions, revoked tokens and used links.
NOT_BACKED_UP = {"sqlite_autoincrement": True, "info": {"backup": False}}
MAX_TOKEN_NAME_LENGTH = 100  # characters
SID_LENGTH = 22  # 128 bits in Base64; more characters than a number of 64 bits has


def get_utc_now() -> datetime:
    """Return the current time, in UTC."""
    return datetime.now(UTC)


class User(Base):
    """A person with an account."""

    __tablename__ = "shoptrack_auth_users"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(150))
    username_key: Mapped[str] = mapped_column(Text, unique=True)  # of `names.make_username_key`
    email: Mapped[str] = mapped_column(String(254), default="")
    first_name: Mapped[str] = mapped_column(String(150), default="")
    last_name: Mapped[str] = mapped_column(String(150), default="")
    password: Mapped[str] = mapped_column(String(255))  # the hash
    password_version: Mapped[int] = mapped_column(default=1)  # increases with each new password
    # Of the pages, such as "ja"; empty for the browser's
    language: Mapped[str] = mapped_column(String(10), default="", server_default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    is_staff: Mapped[bool] = mapped_column(default=False)
    is_superuser: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime, default=get_utc_now)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Group(Base):
    """Users with the same permissions."""

    __tablename__ = "shoptrack_auth_groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(150))
    name_key: Mapped[str] = mapped_column(Text, unique=True)  # of `names.make_group_key`


class UserGroup(Base):
    """A user's membership in a group."""

    __tablename__ = "shoptrack_auth_user_groups"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(
        ForeignKey(Group.id, ondelete="CASCADE"), primary_key=True, index=True
    )


class UserPermission(Base):
    """A permission that was granted to a user. Plugins declare the permissions that exist."""

    __tablename__ = "shoptrack_auth_user_permissions"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True)
    permission: Mapped[str] = mapped_column(String(MAX_PERMISSION_LENGTH), primary_key=True)


class GroupPermission(Base):
    """A permission that was granted to all users in a group."""

    __tablename__ = "shoptrack_auth_group_permissions"

    group_id: Mapped[int] = mapped_column(
        ForeignKey(Group.id, ondelete="CASCADE"), primary_key=True
    )
    permission: Mapped[str] = mapped_column(String(MAX_PERMISSION_LENGTH), primary_key=True)


class PresetGroup(Base):
    """A preset group that was created, once. The row stays when the group is deleted, so that it does not come back.

    ``permissions`` are those that the group was given. If the group has others, somebody has changed it.
    """

    __tablename__ = "shoptrack_auth_preset_groups"

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey(Group.id, ondelete="SET NULL"), index=True
    )
    permissions: Mapped[list[str]] = mapped_column(JSON)


class SessionKind(StrEnum):
    """The credential of a session: JSON Web Tokens, or a browser's cookie."""

    TOKEN = "token"
    BROWSER = "browser"


class UserSession(Base):
    """A user's signed-in period on one device. Its tokens are valid only while the session is active.

    A browser's session is found by a random key in a cookie. The database has only the key's digest.
    """

    __tablename__ = "shoptrack_auth_sign_ins"
    __table_args__ = NOT_BACKED_UP

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    password_version: Mapped[int]  # the user's; another one ends the session
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime] = mapped_column(
        UtcDateTime
    )  # at sign-in, at refresh, and by pages
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(45), default="")  # the client's, IPv4 or IPv6
    device: Mapped[str] = mapped_column(String(255), default="")  # the User-Agent header
    kind: Mapped[str] = mapped_column(String(10), default=SessionKind.TOKEN)
    # SHA-256, hexadecimal
    key_digest: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    # Random: the claim ``sid`` of the session's tokens. Without it, the claim is the id.
    sid: Mapped[str | None] = mapped_column(String(SID_LENGTH), unique=True, index=True)

    @property
    def claim(self) -> str:
        """Return the claim ``sid`` (OpenID Connect's session ID) of the session's tokens."""
        return self.sid or str(self.id)


class NumberedSessions(Base):
    """The time until which tokens of new sessions name them by id, not by sid.

    During a rolling update, the previous release serves at the same time, and reads ids only. The migration inserts the
    one row, and only if there are users.
    """

    __tablename__ = "shoptrack_auth_numbered_sessions"
    __table_args__ = NOT_BACKED_UP

    until: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)


class FailedAttempt(Base):
    """A failed attempt to sign in or to use a token. `Throttle` counts them.

    Usernames are stored as digests, because people type passwords into the wrong field.
    """

    __tablename__ = "shoptrack_auth_failures"
    __table_args__ = (
        Index("ix_shoptrack_auth_failures_address", "address", "at"),
        Index("ix_shoptrack_auth_failures_name_digest", "name_digest", "at"),
        NOT_BACKED_UP,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(
        String(20)
    )  # of `throttle.PASSWORD` or `TOKEN`, or of a network
    # Of `Throttle.hash_name`; null for a token
    name_digest: Mapped[str | None] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(45))  # the client's, or a network
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class PasswordLink(Base):
    """A link with which a user sets a password, once. The database has only the secret's digest."""

    __tablename__ = "shoptrack_auth_password_links"
    __table_args__ = NOT_BACKED_UP

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    key_digest: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256, hexadecimal
    password_version: Mapped[int]  # the user's; another one invalidates the link
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class TokenScope(StrEnum):
    """What an API token may do with its permissions: only read, or also write."""

    READ = "read"
    WRITE = "write"


class ApiToken(Base):
    """A long-lived token with which a script uses the API as its user. The database has only the token's digest."""

    __tablename__ = "shoptrack_auth_api_tokens"
    __table_args__ = NOT_BACKED_UP

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(MAX_TOKEN_NAME_LENGTH))
    key_digest: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256, hexadecimal
    scope: Mapped[str] = mapped_column(String(10))
    # The permissions that were chosen, null for all of the user's.
    permissions: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)  # null for never
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # at most a minute too old


def delete_expired(
    connection: Connection | Session,
    model: type[UserSession] | type[FailedAttempt] | type[ApiToken],
    expired: ColumnElement[bool],
    limit: int,
) -> int:
    """Delete expired rows, and return how many were deleted.

    :param limit: maximum number of rows, so that no other transaction waits for long
    """
    # Rows that another transaction is deleting are skipped. PostgreSQL may run a plain subquery again for
    # every row of the table, and would then delete more than the limit.
    rows = select(model.id).where(expired).limit(limit).with_for_update(skip_locked=True)
    batch = rows.cte("batch").prefix_with("MATERIALIZED", dialect="postgresql")
    deletion = delete(model).where(model.id.in_(select(batch.c.id))).returning(model.id)
    return len(connection.execute(deletion.execution_options(synchronize_session=False)).all())
