"""Writing the history: row events and the actions of plugins become entries.

An entry is written in the transaction of its action, so that neither is stored without the other.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, func, insert, select
from sqlalchemy.orm import Session

from shoptrack.db import get_job, get_request
from shoptrack.events import (
    ChangeGroup,
    RowAdded,
    RowChanged,
    RowDeleted,
    RowEvent,
    RowEventBatch,
)
from shoptrack.history.entry_batches import insert_entries
from shoptrack.history.models import MAX_LABEL_LENGTH, Action, ActionSource, HistoryEntry
from shoptrack.history.values import ChangesMaker
from shoptrack.permissions import get_cached_identity, is_page_request

ROW_ACTIONS = {
    RowAdded: Action.ADDED,
    RowChanged: Action.CHANGED,
    RowDeleted: Action.DELETED,
}
INSERT_ENTRY = insert(HistoryEntry)
INSERT_GROUP = insert(HistoryEntry).returning(HistoryEntry.id)


def record(
    db: Session | Connection,
    action: str,
    *,
    path: str,
    row_id: int | None,
    label: str,
    request: Any | None = None,
    actor: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry for an action that is not a change of a resource's row, such as signing in.

    ::

        record(event.db, "shared", path="wishes", row_id=7, label="Cake", request=request)

    :param db: the session whose transaction the entry belongs to
    :param action: at most 20 characters
    :param path: of the entry's subject, like a resource's path
    :param label: the name of the subject for people
    :param request: the request of the action, ``None`` for a command or a job
    :param actor: ``user_id`` and ``username`` of the actor, if the request's identity lacks them
    """
    entry = {
        **_describe_actor(request, db),
        **(actor or {}),
        "action": action,
        "path": path,
        "row_id": row_id,
        "label": label[:MAX_LABEL_LENGTH],
    }
    _write(db, entry)


def record_row_event(event: RowEvent) -> None:
    """Add an entry for a row event that is not one of several."""
    if not event.is_bulk:
        _write(event.db, _make_entry(event))
        _find_entries([event])


def record_batch(batch: RowEventBatch) -> None:
    """Add an entry for each event, by one statement. The events have one request."""
    request = batch.events[0].request
    shared = {**_describe_actor(request, batch.db), "at": datetime.now(UTC)}
    get_maker = cache(ChangesMaker)
    entries = [_describe_row(event, get_maker(event.resource)) for event in batch.events]
    insert_entries(batch.db.connection(), shared, entries)
    _find_entries(batch.events)


def _find_entries(events: Sequence[RowEvent]) -> None:
    """Tell the deletions that have parts their entries, to which those of their parts refer."""
    groups: dict[int | None, ChangeGroup] = {
        event.id: event.group
        for event in events
        if isinstance(event, RowDeleted)
        and event.group is not None
        and event.group.undoes is None
        and _is_whole(event)
    }
    if groups:
        id, row_id = func.max(HistoryEntry.id), HistoryEntry.row_id
        wanted = row_id.in_(bindparam("ids", type_=BigInteger, expanding=True))
        found = select(row_id, id).where(HistoryEntry.path == events[0].resource.path, wanted)
        connection = events[0].db.connection()
        for row, entry_id in connection.execute(found.group_by(row_id), {"ids": list(groups)}):
            groups[row].entry_id = entry_id


def record_group(group: ChangeGroup) -> None:
    """Add the entry of an action that consists of several changes, to which their entries refer."""
    if group.action:
        entry = {
            **_describe_actor(get_request(group.db), group.db),
            "action": group.action,
            "path": group.resource.path,
            "row_id": group.id,
            "label": str(group.label)[:MAX_LABEL_LENGTH],
            "changes": {name: [None, value] for name, value in group.details.items()},
            "undoes": group.undoes,
        }
        group.entry_id = group.db.connection().scalar(INSERT_GROUP, entry)


def _make_entry(event: RowEvent) -> dict[str, Any]:
    return {
        **_describe_actor(event.request, event.db),
        **_describe_row(event, ChangesMaker(event.resource)),
    }


def _describe_row(event: RowEvent, maker: ChangesMaker) -> dict[str, Any]:
    """Return what an entry says of the changed row."""
    group = event.group
    return {
        "action": ROW_ACTIONS[type(event)],
        "path": event.resource.path,
        "row_id": event.id,
        "label": str(event.label)[:MAX_LABEL_LENGTH],
        "changes": maker.make(event.before, event.after),
        "part_of": group and group.entry_id,
        "undoes": group.undoes if group is not None and _is_whole(event) else None,
    }


def _is_whole(event: RowEvent) -> bool:
    """Return whether the change is the whole action, or what it is about."""
    group = event.group
    return (
        group is not None
        and not group.action
        and (group.resource.path, group.id) == (event.resource.path, event.id)
    )


def _write(db: Session | Connection, entry: dict[str, Any]) -> None:
    """Write an entry at once: as an object of the session it would cost each change a second flush."""
    connection = db.connection() if isinstance(db, Session) else db
    connection.execute(INSERT_ENTRY, entry)


def _describe_actor(request: Any | None, db: Session | Connection) -> dict[str, Any]:
    """Return the actor and the action source."""
    if request is None:
        job = get_job(db) if isinstance(db, Session) else ""
        return {"way": ActionSource.JOB, "job": job} if job else {"way": ActionSource.COMMAND}
    source = ActionSource.ADMINISTRATION if is_page_request(request) else ActionSource.API
    actor = {"way": source, "address": request.client_addr or ""}
    identity: Any = get_cached_identity(request)
    if identity is not None:
        actor |= {"user_id": identity.id, "username": getattr(identity, "username", "")}
    return actor


def includeme(config):
    """Subscribe to row events."""
    for row_event in ROW_ACTIONS:
        config.add_subscriber(record_row_event, row_event)
    config.add_subscriber(record_batch, RowEventBatch)
    config.add_subscriber(record_group, ChangeGroup)
