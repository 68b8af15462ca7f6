"""What happened to rows, told to subscribers while the transaction that changes them still goes on.

What a subscriber writes to ``event.db`` is there if the change is, and goes if the change goes. An error that it raises
undoes the change. What can't be taken back waits for `RowEvent.after_commit`.
``config.add_subscriber(subscriber, RowChanged)`` subscribes; where nobody has, nothing is prepared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from zope.interface import implementedBy

from shoptrack.db.commits import after_commit
from shoptrack.db.sessions import get_registry, get_request

__all__ = [
    "RowAdded",
    "RowChanged",
    "RowDeleted",
    "RowEvent",
    "Serving",
    "TrialPrepared",
    "has_subscribers",
    "publish",
]

Document = dict[str, Any]


@dataclass(frozen=True)
class RowEvent:
    """One row of a resource was added, changed or deleted.

    :param db: the session that changed it
    :param resource: the `shoptrack.resources.Resource`
    :param label: what people call the row, as in "Milk"
    :param before: the members of its document that changed, as they were; none of a row that is new
    :param after: the same members as they are now; none of a row that is gone
    :param is_bulk: whether others like it follow, so that what is written for them may be sent together
    """

    db: Session
    resource: Any
    id: int
    label: str
    before: Document
    after: Document
    is_bulk: bool = False

    @property
    def request(self) -> Any | None:
        """Return the request that asked for it, ``None`` for a command."""
        return get_request(self.db)

    def after_commit(self, call: Callable[[], None]) -> None:
        """Have something called once the change is certain; if the transaction is undone, it never is.

        ::

            event.after_commit(lambda: log.info("%s is in the pantry", event.label))

        The answer waits for it, and what it raises goes to the log: it can't undo anything. A process that dies in
        between does not call it.
        """
        after_commit(self.db, call)


class RowAdded(RowEvent):
    """A row is new."""


class RowChanged(RowEvent):
    """A row has other values than before."""


class RowDeleted(RowEvent):
    """A row is gone."""


def has_subscribers(db: Session, kind: type[RowEvent]) -> bool:
    """Tell whether anybody in the session's application subscribed to this kind of event."""
    registry = get_registry(db)
    if registry is None:
        return False
    return bool(registry.adapters.subscriptions((implementedBy(kind),), None))


def publish(event: RowEvent) -> None:
    """Call the subscribers of the session's application."""
    get_registry(event.db).notify(event)


@dataclass(frozen=True)
class Serving:
    """The server is ready and starts to accept requests.

    :param threads: number of threads that answer requests
    """

    registry: Any
    threads: int


@dataclass(frozen=True)
class TrialPrepared:
    """``shoptrack try`` has migrated its database and is about to serve it.

    :param environment: a command's, with the application and its sessions
    """

    environment: Any
