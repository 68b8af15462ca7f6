"""Row events, published within the transaction of the change.

`BeforeRowsAdded` and its siblings are published before the statement is sent, with all rows that one request changes
alike, and `RowAdded` and its siblings after it, one by one. A subscriber's writes to ``event.db`` are committed or
rolled back with the change. An error in a subscriber rolls the change back. Use `RowEvent.after_commit` for side
effects that cannot be undone. Subscribe with ``config.add_subscriber(subscriber, RowChanged)``. Without subscribers, no
events are built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session
from zope.interface import implementedBy

from shoptrack.db.commits import after_commit
from shoptrack.db.sessions import get_registry, get_request

__all__ = [
    "BeforeRowsAdded",
    "BeforeRowsChanged",
    "BeforeRowsDeleted",
    "BeforeRowsEvent",
    "ChangeGroup",
    "DatabasePrepared",
    "RowAdded",
    "RowChange",
    "RowChanged",
    "RowDeleted",
    "RowEvent",
    "RowEventBatch",
    "Serving",
    "TrialPrepared",
    "has_subscribers",
    "publish",
    "publish_batch",
    "publish_group",
]

GROUP = "change group"  # the key in ``Session.info``

Document = dict[str, Any]


@dataclass(frozen=True)
class RowEvent:
    """A row of a resource was added, changed or deleted.

    :param db: the session that made the change
    :param resource: the `shoptrack.resources.Resource`
    :param label: the row's display name, such as "Milk"
    :param before: the changed fields of the row's document with their old values; empty for a new row
    :param after: the same fields with their new values; empty for a deleted row
    :param is_bulk: whether the event is one of several, which `RowEventBatch` has together afterwards
    :ivar request: the request that made the change, ``None`` for a command
    :ivar group: the action to which the change belongs, such as a merge, ``None`` for most changes
    """

    db: Session
    resource: Any
    id: int
    label: str
    before: Document
    after: Document
    is_bulk: bool = False
    request: Any = field(init=False, repr=False, compare=False)
    group: ChangeGroup | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # The session refers to it weakly; an event that a subscriber keeps has it for good.
        object.__setattr__(self, "request", get_request(self.db))
        object.__setattr__(self, "group", self.db.info.get(GROUP))

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call a function after the commit, but not after a rollback.

        ::

            event.after_commit(lambda: log.info("%s is in the pantry", event.label))

        The response is sent after the call. An error in it is logged and changes nothing. The call is lost if the
        process dies after the commit.
        """
        after_commit(self.db, call)


class RowAdded(RowEvent):
    """A row was added."""


class RowChanged(RowEvent):
    """A row was changed."""


class RowDeleted(RowEvent):
    """A row was deleted."""


@dataclass(frozen=True)
class RowChange:
    """A row that is about to be added, changed or deleted.

    :param id: ``None`` for a new row
    :param old: the values by the keys of bodies, such as ``store_id``; empty for a new row
    :param new: the values after the change; empty if the row is deleted
    :ivar errors: messages about values, by key
    """

    id: int | None
    old: dict[str, Any]
    new: dict[str, Any]
    errors: dict[str, list[str]] = field(default_factory=dict, compare=False)

    def add_error(self, key: str, message: str) -> None:
        """Refuse the change, by a message about one value. The client gets the messages of all changes at once.

        :param key: of the value, as in bodies
        :param message: translatable by `shoptrack.i18n`
        """
        self.errors.setdefault(key, []).append(message)


@dataclass(frozen=True)
class BeforeRowsEvent:
    """Rows of a resource are about to change. A subscriber refuses by ``add_error`` of a change, or by an error.

    ::

        def keep_closed_months(event):
            if any(is_closed(change.old["purchase_date"]) for change in event.changes):
                raise MonthIsClosed

    :param db: the session that makes the changes
    :param resource: the `shoptrack.resources.Resource`
    """

    db: Session
    resource: Any
    changes: Sequence[RowChange]


class BeforeRowsAdded(BeforeRowsEvent):
    """Rows are about to be added."""


class BeforeRowsChanged(BeforeRowsEvent):
    """Rows are about to be changed."""


class BeforeRowsDeleted(BeforeRowsEvent):
    """Rows are about to be deleted. Nothing refers to them, as far as constraints do not tell otherwise.

    The dry run of a merge publishes it, too, before anything is reassigned.
    """


@dataclass(eq=False)
class ChangeGroup:
    """Several changes are about to be made as one action, such as a merge. Their events have it as ``group``.

    :param action: such as "merged"; empty if one change is the whole action, or the others are its consequences, as
        when rows are deleted with the row to which they belong
    :param resource: the `shoptrack.resources.Resource` of the row that the action is about
    :param id: of that row
    :param label: of that row
    :param details: for the history, by name
    :param undoes: the id of the history entry that the action undoes
    :ivar entry_id: of the action's history entry
    """

    db: Session
    action: str
    resource: Any
    id: int
    label: str
    details: Document = field(default_factory=dict)
    undoes: int | None = None
    entry_id: int | None = field(default=None, init=False)


@dataclass(frozen=True)
class RowEventBatch:
    """Events of several rows that changed at once, after each event was published on its own.

    A subscriber that writes something for each event can leave out those with ``is_bulk`` and write for all of them
    here, by one statement.
    """

    db: Session
    events: Sequence[RowEvent]


def has_subscribers(db: Session, kind: type[RowEvent] | type[BeforeRowsEvent]) -> bool:
    """Return whether the application has subscribers to this kind of event."""
    registry = get_registry(db)
    if registry is None:
        return False
    return bool(registry.adapters.subscriptions((implementedBy(kind),), None))


def publish(event: RowEvent | BeforeRowsEvent | RowEventBatch | ChangeGroup) -> None:
    """Call the subscribers of the session's application."""
    get_registry(event.db).notify(event)


def publish_batch(events: Sequence[RowEvent]) -> None:
    """Publish events of several rows, each on its own and all together."""
    for event in events:
        publish(event)
    if events:
        publish(RowEventBatch(events[0].db, events))


@contextmanager
def publish_group(group: ChangeGroup) -> Iterator[None]:
    """Publish an action, and have the events of the changes in the ``with`` block refer to it."""
    publish(group)
    with refer_to(group.db, group):
        yield


@contextmanager
def refer_to(db: Session, group: ChangeGroup | None) -> Iterator[None]:
    """Have the events that are made in the ``with`` block refer to an action."""
    info = db.info
    outer = info.get(GROUP)
    info[GROUP] = group
    try:
        yield
    finally:
        info[GROUP] = outer


def get_group(db: Session) -> ChangeGroup | None:
    """Return the action of the current changes."""
    return db.info.get(GROUP)


@dataclass(frozen=True)
class Serving:
    """The server is ready and starts to accept requests.

    :param threads: number of threads that handle requests
    """

    registry: Any
    threads: int


@dataclass(frozen=True)
class DatabasePrepared:
    """A command has brought the database up to date: ``migrate``, ``import-django``, or one for the first user.

    Subscribers write rows that every installation should have. They read first, and only write what is missing: the
    command may run at each start, in several processes at once. They print what they have written.

    :param environment: the command's environment, with the application and its sessions
    """

    environment: Any


@dataclass(frozen=True)
class TrialPrepared:
    """``shoptrack try`` has migrated its database and is about to serve it.

    :param environment: the command's environment, with the application and its sessions
    """

    environment: Any
