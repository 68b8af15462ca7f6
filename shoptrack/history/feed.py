"""The feed of changes: entries about rows, in the order in which their transactions committed.

On PostgreSQL the order of ids is not that of commits: a transaction may commit after another one with higher ids. So
each entry has a transaction's id, ``xid``: the highest one of its own transaction and of those that were committed
before. Entries are read once no transaction up to this id is in progress, ordered by both ids. No entry can appear
before those that were read, since a transaction writes no id below its own. A change comes after those that it saw:
they were committed, so that its ``xid`` is not below theirs, though its transaction may have begun before.

On SQLite one transaction at a time can write, so its ids are in the order of commits.
"""

import secrets
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    Subquery,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    null,
    select,
    tuple_,
    union_all,
)

from shoptrack.history.models import Action, HistoryEntry, HistoryFeed, HistoryPurge

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The transactions below it have ended.
_HORIZON = select(
    literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", BigInteger)
).scalar_subquery()
# A number of the PostgreSQL server, which counts the transactions. A dump that is restored by another server keeps the
# token and the ids of its transactions, which mean nothing there.
_CLUSTER: Select[Any] = select(literal_column("system_identifier::text FROM pg_control_system()"))
_TOKEN = select(func.max(HistoryFeed.token)).scalar_subquery()
_ID, _XID = (bindparam(name, type_=BigInteger) for name in ("id", "xid"))


class Position(NamedTuple):
    """A position in the feed, after an entry. ``at`` is the entry's time in microseconds since 1970, 0 if unknown."""

    xid: int
    id: int
    at: int = 0


class FeedState(NamedTuple):
    """What a cursor is compared with.

    :param source: identifies the database
    :param is_purged: whether entries after the cursor's have been deleted
    :param is_known: whether the cursor's entry exists, or was the last one to be deleted
    """

    source: str
    is_purged: bool
    is_known: bool


def restart_feed(connection: Connection) -> None:
    """Make the cursors of all clients invalid, so that they read all rows again.

    Call it in a transaction that adds, changes or deletes rows without history entries, such as an import into empty
    tables.
    """
    connection.execute(delete(HistoryFeed))
    connection.execute(insert(HistoryFeed), {"token": secrets.token_hex(8)})


def read_source(connection: Connection) -> str:
    """Return what identifies the database in cursors. It changes if the database is restored."""
    statement = select(_TOKEN, _select_cluster(_is_sqlite(connection)))
    return _make_source(*connection.execute(statement).one())


def read_entries(
    connection: Connection, paths: Collection[str], after: Position, limit: int
) -> Sequence[Row[Any]]:
    """Return entries about rows of these resources after a position, in their order."""
    statement = _make_statement(len(paths), _is_sqlite(connection), is_newest=False)
    values = {"xid": after.xid, "id": after.id, "limit": limit}
    return connection.execute(statement, _name_paths(paths) | values).all()


def read_newest(connection: Connection, paths: Collection[str], source: str) -> Position:
    """Return the position after all entries about rows of these resources, those that were deleted included."""
    statement = _make_statement(len(paths), _is_sqlite(connection), is_newest=True)
    newest = connection.execute(statement, _name_paths(paths) | {"limit": 1}).first()
    is_here: ColumnElement[bool] = (HistoryPurge.source == source) & HistoryPurge.path.in_(paths)
    if not _is_sqlite(connection):
        is_here &= HistoryPurge.xid < _HORIZON  # others may still be written before it
    purged = select(HistoryPurge.xid, HistoryPurge.entry_id).where(is_here)
    positions = [Position(*row) for row in connection.execute(purged)]
    if newest is not None:
        positions.append(get_position(newest))
    return max(positions, default=Position(0, 0))


def read_state(
    connection: Connection, paths: Collection[str], source: str, position: Position
) -> FeedState:
    """Return what a cursor is compared with, by one statement.

    It has to be read after the entries: else entries could be deleted in between, and be missed.
    """
    values = {"id": position.id, "xid": position.xid, "source": source, "paths": [*paths]}
    statement = _make_state_statement(_is_sqlite(connection))
    token, cluster, at, is_purged, is_last = connection.execute(statement, values).one()
    is_found = at is not None and get_microseconds(at) == position.at
    is_known = is_found or is_last or position.id == 0
    return FeedState(_make_source(token, cluster), is_purged, is_known)


def get_position(entry: Row[Any]) -> Position:
    """Return the position after an entry."""
    return Position(entry.xid or 0, entry.id, get_microseconds(entry.at))


def get_microseconds(at: datetime) -> int:
    """Return a time in microseconds since 1970."""
    return (at - EPOCH) // timedelta(microseconds=1)


@lru_cache
def _make_state_statement(is_sqlite: bool) -> Select[Any]:
    at = select(HistoryEntry.at).where(
        HistoryEntry.id == _ID, func.coalesce(HistoryEntry.xid, 0) == _XID
    )
    place, cursor = tuple_(HistoryPurge.xid, HistoryPurge.entry_id), tuple_(_XID, _ID)
    is_here = HistoryPurge.source == bindparam("source")
    is_read = HistoryPurge.path.in_(bindparam("paths", expanding=True))
    return select(
        _TOKEN,
        _select_cluster(is_sqlite),
        at.scalar_subquery(),
        exists().where(is_here, is_read, place > cursor),
        exists().where(is_here, place == cursor),
    )


@lru_cache
def _make_statement(number: int, is_sqlite: bool, *, is_newest: bool) -> Select[Any]:
    """Return the statement of the entries of several paths: after a position, or the newest.

    Each path is read by the index on its own. A resource that seldom changes would have the entries of all others read.
    """
    parts = [_select_path(n, is_sqlite, is_newest=is_newest) for n in range(number)]
    found = union_all(*(select(part) for part in parts)).subquery()
    order = (found.c.id,) if is_sqlite else (found.c.xid, found.c.id)
    return (
        select(found)
        .order_by(*(column.desc() if is_newest else column for column in order))
        .limit(bindparam("limit"))
    )


def _select_path(number: int, is_sqlite: bool, *, is_newest: bool) -> Subquery:
    table = HistoryEntry.__table__.c
    names = ("id", "xid", "at", "path", "action", "row_id", "changes")
    position, after = [table.id], [_ID]
    is_over: ColumnElement[bool]
    if is_sqlite:
        is_over = table.xid.is_(None)  # always, and the index has it in the middle
    else:
        is_over = table.xid < _HORIZON
        position.insert(0, table.xid)
        after.insert(0, _XID)
    statement = select(*(table[name] for name in names)).where(
        table.path == bindparam(f"path{number}"), table.action.in_([*Action]), is_over
    )
    if not is_newest:
        statement = statement.where(tuple_(*position) > tuple_(*after))
    order = [column.desc() if is_newest else column for column in position]
    return statement.order_by(*order).limit(bindparam("limit")).subquery()


def _name_paths(paths: Collection[str]) -> dict[str, Any]:
    return {f"path{number}": path for number, path in enumerate(paths)}


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _select_cluster(is_sqlite: bool) -> Any:
    return null() if is_sqlite else _CLUSTER.scalar_subquery()


def _make_source(token: str | None, cluster: str | None) -> str:
    return blake2b(f"{token} {cluster}".encode(), digest_size=8).hexdigest()
