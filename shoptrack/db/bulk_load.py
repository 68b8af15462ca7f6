"""Filling tables that are empty, in one transaction: what a demo, an import and a restore have in common."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import (
    BigInteger,
    Connection,
    Table,
    TableClause,
    bindparam,
    func,
    inspect,
    select,
    text,
)

# Of a sequence that the role may not read nothing is known; to ask all the same would end the transaction.
_LAST_ID = text("""
    SELECT CASE WHEN has_sequence_privilege(found.id, 'SELECT, USAGE') THEN pg_sequence_last_value(found.id) END
    FROM (SELECT pg_get_serial_sequence(:name, 'id')::regclass AS id) AS found
    WHERE found.id IS NOT NULL
""")
# A number that the column cannot hold is passed over: SQLite's counters go further.
_SET_ID = text("""
    SELECT setval(seqrelid, :last) FROM pg_sequence
    WHERE seqrelid = pg_get_serial_sequence(:name, 'id')::regclass AND seqmax >= :last
""").bindparams(bindparam("last", type_=BigInteger))


def lock_tables(connection: Connection, tables: Sequence[Table]) -> list[str]:
    """Keep everybody else from writing to tables until the transaction ends.

    :returns: the names of those that have rows already
    """
    if connection.dialect.name == "postgresql":
        # SQLite's transaction holds the one write lock from its beginning.
        connection.execute(text(f"LOCK TABLE {_names(tables)} IN SHARE ROW EXCLUSIVE MODE"))
    return find_nonempty_tables(connection, tables)


def find_nonempty_tables(connection: Connection, tables: Sequence[Table]) -> list[str]:
    """Return the names of the tables that have rows."""
    return [table.name for table in tables if connection.scalar(select(select(table).exists()))]


def get_last_ids(connection: Connection, tables: Iterable[TableClause]) -> dict[str, int]:
    """Return the largest id that each table has given so far, also to rows that are deleted by now.

    A table that gave none is left out, and so is a counter that the role may not read.
    """
    names = [table.name for table in tables if "id" in table.c]
    if connection.dialect.name == "sqlite":
        return {name: last for name, last in _sqlite_counters(connection).items() if name in names}
    quote = connection.dialect.identifier_preparer.quote
    found = {name: connection.scalar(_LAST_ID, {"name": quote(name)}) for name in names}
    return {name: last for name, last in found.items() if last is not None}


def reset_sequences(
    connection: Connection, tables: Sequence[Table], last: Mapping[str, int] | None = None
) -> None:
    """Let the ids of new rows come after all that were given, where rows were written with their ids.

    A counter only rises: an id that was given once may still be in a token, a history or a client.

    :param last: the largest id that each table gave where the rows come from, as `get_last_ids` returns it
    """
    tables, last = [table for table in tables if "id" in table.c], last or {}
    if connection.dialect.name == "sqlite":  # which counts what is written with an id by itself
        _raise_counters(connection, {t.name: last[t.name] for t in tables if t.name in last})
        return
    here = get_last_ids(connection, tables)
    quote = connection.dialect.identifier_preparer.quote
    for table in tables:
        largest = connection.scalar(select(func.max(table.c.id)))
        known = (largest, last.get(table.name), here.get(table.name))
        if numbers := [number for number in known if number is not None]:
            connection.execute(_SET_ID, {"name": quote(table.name), "last": max(numbers)})


@contextmanager
def keep_sequences(connection: Connection) -> Iterator[None]:
    """Keep the counters while tables are changed.

    SQLite has to build a table anew for that, and the new one would count from its largest row on.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    before = _sqlite_counters(connection)
    yield
    there = set(inspect(connection).get_table_names())
    _raise_counters(connection, {name: last for name, last in before.items() if name in there})


def _sqlite_counters(connection: Connection) -> dict[str, int]:
    # The table is there once a table counts. Anybody may write anything into it.
    if not connection.scalar(text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'")):
        return {}
    found = connection.execute(text("SELECT name, seq FROM sqlite_sequence")).all()
    return {row.name: row.seq for row in found if isinstance(row.seq, int) and row.seq > 0}


def _raise_counters(connection: Connection, counters: Mapping[str, int]) -> None:
    raised = text("UPDATE sqlite_sequence SET seq = max(seq, :last) WHERE name = :name")
    first = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)")
    for name, last in counters.items():
        values = {"name": name, "last": last}
        if not connection.execute(raised, values).rowcount:
            connection.execute(first, values)


def analyze(connection: Connection, tables: Sequence[Table]) -> None:
    """Let PostgreSQL plan for what is there now; by itself it would look a minute later."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ANALYZE {_names(tables)}"))


def _names(tables: Sequence[Table]) -> str:
    return ", ".join(table.name for table in tables)
