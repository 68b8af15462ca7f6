"""The tables of users and of their sign-ins."""

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.db import Base, Instant


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
    joined_at: Mapped[datetime] = mapped_column(Instant, default=now)
    last_login_at: Mapped[datetime | None] = mapped_column(Instant)


class SignIn(Base):
    """One sign-in. Every token names the one that it belongs to, and holds no longer than it."""

    __tablename__ = "shoptrack_auth_sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    password_version: Mapped[int]  # the user's when this sign-in was made, or kept
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_used_at: Mapped[datetime] = mapped_column(Instant)  # at sign-in and at refresh
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    address: Mapped[str] = mapped_column(String(45), default="")  # the client's, IPv4 or IPv6
    device: Mapped[str] = mapped_column(String(255), default="")  # what its User-Agent said
