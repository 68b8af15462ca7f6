"""What happens when people sign in: an event of Pyramid each, and a line in the log.

Neither holds a password, a token or a cookie, nor a name that somebody typed and nobody has: people type passwords
into the wrong field. Subscribe with ``config.add_subscriber(function, SignedIn)``.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from sqlalchemy import Row
from sqlalchemy.orm import Session

from shoptrack.db.commits import after_commit

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class AuthEvent:
    """What all of them tell.

    ``db`` is the session of the transaction that the event belongs to: what a subscriber writes there is stored with it
    or not at all. It is ``None`` where the request is refused, and nothing of it is stored.
    """

    registry: Any = field(repr=False, compare=False)
    db: Session | None = field(default=None, repr=False, compare=False)
    address: str = ""  # the client's; empty on the command line
    user_id: int | None = None
    username: str = ""

    what: ClassVar[str]
    level: ClassVar[int] = logging.INFO

    def details(self) -> Iterator[str]:
        """Yield the parts of the log's line that follow what happened.

        Names are quoted as Python does, so that none can forge a line.
        """
        yield f"user {self.user_id} {self.username!r}" if self.user_id else "nobody known"
        if self.address:
            yield f"from {self.address}"


@dataclass(frozen=True, kw_only=True)
class SessionEvent(AuthEvent):
    """Something happened to one sign-in."""

    sign_in_id: int
    kind: str  # token or browser

    @classmethod
    def of(cls, ended: Row, registry, db: Session, address: str = "") -> Self:
        """Return the event of what `sign_ins.end` returned."""
        return cls(
            registry=registry,
            db=db,
            address=address,
            user_id=ended.user_id,
            username=ended.username,
            sign_in_id=ended.id,
            kind=ended.kind,
        )

    def details(self) -> Iterator[str]:
        """Name the sign-in too."""
        yield from super().details()
        yield f"{self.kind} session {self.sign_in_id}"


class SignedIn(SessionEvent):
    """Somebody signed in."""

    what = "Signed in"


class SignedOut(SessionEvent):
    """Somebody signed out."""

    what = "Signed out"


class SessionEnded(SessionEvent):
    """A sign-in was ended from elsewhere: by its user, or by who looks after users."""

    what = "Session ended"


class Failed(AuthEvent):
    """A password was wrong; the user is told where somebody has the name."""

    what = "Wrong name or password"
    level = logging.WARNING


class PasswordChanged(AuthEvent):
    """A user has another password, which ended the sign-ins made with the one before."""

    what = "Password changed"


@dataclass(frozen=True, kw_only=True)
class Throttled(AuthEvent):
    """Somebody was refused, having failed too often."""

    retry_after: int  # seconds

    what = "Throttled"
    level = logging.WARNING

    def details(self) -> Iterator[str]:
        """Tell for how long."""
        yield from super().details()
        yield f"for {self.retry_after} s"


def tell(event: AuthEvent) -> None:
    """Notify the subscribers of an event at once, and log it when it is certain."""
    event.registry.notify(event)

    def write() -> None:
        log.log(event.level, "%s: %s", event.what, ", ".join(event.details()))

    if event.db is None:
        write()
    else:
        after_commit(event.db, write)
