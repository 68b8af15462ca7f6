"""Deleting entries, and recording up to where, so that clients of the feed notice what they missed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Delete, Row, delete, exists, func, insert, select, true

from shoptrack.history.feed import read_source
from shoptrack.history.models import HistoryEntry, HistoryPurge, allow_deletion


def delete_entries(connection: Connection, which: Delete | None = None) -> int:
    """Delete entries, which the database rejects otherwise, and return how many.

    :param which: the DELETE statement; by default all entries
    """
    statement = delete(HistoryEntry) if which is None else which
    columns = (
        HistoryEntry.path,
        func.coalesce(HistoryEntry.xid, 0).label("xid"),
        HistoryEntry.id,
    )
    with allow_deletion(connection):
        if connection.dialect.name == "sqlite":
            entries = select(*columns).where(
                true() if statement.whereclause is None else statement.whereclause
            )
            last = _read_last(connection, entries.subquery())
            connection.execute(statement)
        else:
            # One statement, so that no entry is deleted that was committed after the others were read.
            last = _read_last(connection, statement.returning(*columns).cte())
    if last:
        _record(connection, last)
    return sum(entry.total for entry in last)


def delete_old_entries(connection: Connection, days: int) -> int:
    """Delete the entries that are older than a number of days, and return how many there were."""
    is_old = HistoryEntry.at < datetime.now(UTC) - timedelta(days=days)
    if not connection.scalar(select(exists().where(is_old))):
        return 0  # without changing SQLite's triggers
    return delete_entries(connection, delete(HistoryEntry).where(is_old))


def _read_last(connection: Connection, entries: Any) -> Sequence[Row[Any]]:
    """Return the last position of each resource's entries, and their number."""
    of = {"partition_by": entries.c.path}
    number = func.row_number().over(order_by=[entries.c.xid.desc(), entries.c.id.desc()], **of)
    total = func.count().over(**of)
    ranked = select(entries, number.label("number"), total.label("total")).subquery()
    return connection.execute(select(ranked).where(ranked.c.number == 1)).all()


def _record(connection: Connection, last: Sequence[Row[Any]]) -> None:
    """Record the last positions, unless later ones are recorded."""
    source = read_source(connection)
    known = {
        row.path: (row.xid, row.entry_id)
        for row in connection.execute(select(HistoryPurge.__table__))
        if row.source == source
    }
    rows = []
    for entry in last:
        xid, id = max((entry.xid, entry.id), known.get(entry.path, (0, 0)))
        rows.append({"path": entry.path, "source": source, "xid": xid, "entry_id": id})
    paths = [entry.path for entry in last]
    connection.execute(delete(HistoryPurge).where(HistoryPurge.path.in_(paths)))
    connection.execute(insert(HistoryPurge), rows)
