"""The tables of users, groups, permissions, sign-ins and of what went wrong signing in."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.db import Base, UtcDateTime

MAX_PERMISSION = 255  # characters of a permission's name
# Of tables whose rows no backup brings back: a session that was ended, or a link that was used, would hold again.
PASSING = {"sqlite_autoincrement": True, "info": {"backup": False}}
SID_LENGTH = 22  # 128 bits in Base64; more characters than a number of 64 bits has


def now() -> datetime:
    """Return this instant, in UTC."""
    return datetime.now(UTC)


class User(Base):
    """Somebody who may sign in."""

    __tablename__ = "shoptrack_auth_users"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(150))
    username_key: Mapped[str] = mapped_column(Text, unique=True)  # what names are compared by
    email: Mapped[str] = mapped_column(String(254), default="")
    first_name: Mapped[str] = mapped_column(String(150), default="")
    last_name: Mapped[str] = mapped_column(String(150), default="")
    password: Mapped[str] = mapped_column(String(255))  # its hash
    password_version: Mapped[int] = mapped_column(default=1)  # rises with each new password
    is_active: Mapped[bool] = mapped_column(default=True)
    is_staff: Mapped[bool] = mapped_column(default=False)
    is_superuser: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Group(Base):
    """People who are given the same permissions."""

    __tablename__ = "shoptrack_auth_groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(150))
    name_key: Mapped[str] = mapped_column(Text, unique=True)  # what names are compared by


class UserGroup(Base):
    """A user is in a group."""

    __tablename__ = "shoptrack_auth_user_groups"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(
        ForeignKey(Group.id, ondelete="CASCADE"), primary_key=True, index=True
    )


class UserPermission(Base):
    """A permission that a user was given; which ones there are is declared in code."""

    __tablename__ = "shoptrack_auth_user_permissions"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True)
    permission: Mapped[str] = mapped_column(String(MAX_PERMISSION), primary_key=True)


class GroupPermission(Base):
    """A permission that everybody in a group has."""

    __tablename__ = "shoptrack_auth_group_permissions"

    group_id: Mapped[int] = mapped_column(
        ForeignKey(Group.id, ondelete="CASCADE"), primary_key=True
    )
    permission: Mapped[str] = mapped_column(String(MAX_PERMISSION), primary_key=True)


class SignInKind(StrEnum):
    """What proves a sign-in: JSON Web Tokens that name it, or a browser's cookie."""

    TOKEN = "token"
    BROWSER = "browser"


class SignIn(Base):
    """One sign-in. Every token names the one that it belongs to, and holds no longer than it.

    A browser's is named by a random text in a cookie, of which only the digest is kept.
    """

    __tablename__ = "shoptrack_auth_sign_ins"
    __table_args__ = PASSING

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    password_version: Mapped[int]  # the user's when this sign-in was made, or kept
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime)  # at sign-in and at refresh
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(45), default="")  # the client's, IPv4 or IPv6
    device: Mapped[str] = mapped_column(String(255), default="")  # what its User-Agent said
    kind: Mapped[str] = mapped_column(String(10), default=SignInKind.TOKEN)
    # SHA-256, hexadecimal
    key_digest: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    # Random, and what tokens name the session by. Those of a session without are named by its id.
    sid: Mapped[str | None] = mapped_column(String(SID_LENGTH), unique=True, index=True)

    @property
    def claim(self) -> str:
        """Return the claim ``sid`` of the session's tokens."""
        return self.sid or str(self.id)


class NumberedSessions(Base):
    """Until when the tokens of new sessions name them by their ids.

    The release before this one, which may serve beside it during a rolling update, reads nothing else. The migration
    writes the one row, and only where there were users.
    """

    __tablename__ = "shoptrack_auth_numbered_sessions"
    __table_args__ = PASSING

    until: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)


class Failure(Base):
    """Somebody failed to prove who they are. Too many of these in a while slow them down.

    Names are kept as digests: people type passwords into the wrong field.
    """

    __tablename__ = "shoptrack_auth_failures"
    __table_args__ = (
        Index("ix_shoptrack_auth_failures_address", "address", "at"),
        Index("ix_shoptrack_auth_failures_name_digest", "name_digest", "at"),
        PASSING,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # what was tried: sign-in, refresh, …
    name_digest: Mapped[str | None] = mapped_column(String(64))  # of the compared form of a name
    address: Mapped[str] = mapped_column(String(45))  # the client's, IPv4 or IPv6
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class PasswordLink(Base):
    """A link with which a user sets a password, once. Only the digest of its secret is kept."""

    __tablename__ = "shoptrack_auth_password_links"
    __table_args__ = PASSING

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    key_digest: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256, hexadecimal
    password_version: Mapped[int]  # the user's when it was made: a newer password voids it
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
