"""Events of signing in and out. Each is published to Pyramid's subscribers and written to the log.

No event has a password, a token, a cookie or an unknown username, because people type passwords into the wrong field.
Subscribe with ``config.add_subscriber(function, SignedIn)``.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from sqlalchemy import Row
from sqlalchemy.orm import Session

from shoptrack.db import after_commit

log = logging.getLogger(__name__)

PASSWORD = "password"  # the method of signing in that ShopTrack has itself


@dataclass(frozen=True, kw_only=True)
class AuthEvent:
    """The base class of all events.

    ``db`` is the database session of the event's transaction: rows that a subscriber adds are committed or rolled back
    with it. ``db`` is ``None`` where the request is rejected, and its transaction rolled back.
    """

    registry: Any = field(repr=False, compare=False)
    db: Session | None = field(default=None, repr=False, compare=False)
    address: str = ""  # the client's; empty on the command line
    user_id: int | None = None
    username: str = ""

    label: ClassVar[str]
    level: ClassVar[int] = logging.INFO

    def details(self) -> Iterator[str]:
        """Yield the details for the log.

        Usernames are quoted like Python strings, so that a line break cannot forge a line.
        """
        yield f"user {self.user_id} {self.username!r}" if self.user_id else "unknown user"
        if self.address:
            yield f"from {self.address}"


@dataclass(frozen=True, kw_only=True)
class SessionEvent(AuthEvent):
    """An event of one session."""

    session_id: int
    kind: str  # token or browser

    @classmethod
    def from_row(cls, ended: Row, registry, db: Session, address: str = "") -> Self:
        """Return the event for a row of `sessions.end_sessions`."""
        return cls(
            registry=registry,
            db=db,
            address=address,
            user_id=ended.user_id,
            username=ended.username,
            session_id=ended.id,
            kind=ended.kind,
        )

    def details(self) -> Iterator[str]:
        """Add the session."""
        yield from super().details()
        yield f"{self.kind} session {self.session_id}"


@dataclass(frozen=True, kw_only=True)
class SignedIn(SessionEvent):
    """A user signed in."""

    method: str = PASSWORD

    label = "Signed in"

    def details(self) -> Iterator[str]:
        """Add the method, unless it is a password."""
        yield from super().details()
        if self.method != PASSWORD:
            yield f"by {self.method}"


class SignedOut(SessionEvent):
    """A user signed out."""

    label = "Signed out"


class SessionEnded(SessionEvent):
    """A session was ended from another device or by an administrator."""

    label = "Session ended"


class AuthenticationFailed(AuthEvent):
    """A username or a password was wrong. The event has the user, if the username exists."""

    label = "Wrong username or password"
    level = logging.WARNING


@dataclass(frozen=True, kw_only=True)
class PrincipalRefused(AuthenticationFailed):
    """Another method than a password verified somebody who may not sign in. The event has the user, if there is one."""

    method: str

    label = "Sign-in refused"

    def details(self) -> Iterator[str]:
        """Add the method."""
        yield from super().details()
        yield f"by {self.method}"


class PasswordChanged(AuthEvent):
    """A user's password was changed, which ended the user's other sessions."""

    label = "Password changed"


@dataclass(frozen=True, kw_only=True)
class TokenEvent(AuthEvent):
    """An event of one API token. It has the token's name, and neither the token nor its digest."""

    token_id: int
    name: str

    def details(self) -> Iterator[str]:
        """Add the token."""
        yield from super().details()
        yield f"API token {self.token_id} {self.name!r}"


class TokenCreated(TokenEvent):
    """A user, or the operator by a command, created an API token."""

    label = "API token created"


class TokenRevoked(TokenEvent):
    """A user or an administrator revoked an API token, or its user was deactivated or deleted."""

    label = "API token revoked"


@dataclass(frozen=True, kw_only=True)
class AttemptThrottled(AuthEvent):
    """An attempt was rejected after too many failed attempts."""

    retry_after: int  # seconds

    label = "Throttled"
    level = logging.WARNING

    def details(self) -> Iterator[str]:
        """Add the seconds."""
        yield from super().details()
        yield f"for {self.retry_after} s"


def publish(event: AuthEvent) -> None:
    """Notify the subscribers now, and write the log line after the commit."""
    event.registry.notify(event)

    def write() -> None:
        log.log(event.level, "%s: %s", event.label, ", ".join(event.details()))

    if event.db is None:
        write()
    else:
        after_commit(event.db, write)
