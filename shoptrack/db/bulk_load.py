"""Fills empty tables in one transaction; shared by demo, import and restore."""

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

# A sequence that the role may not read gives null: querying it would abort the transaction.
_LAST_ID = text("""
    SELECT CASE WHEN has_sequence_privilege(found.id, 'SELECT, USAGE') THEN pg_sequence_last_value(found.id) END
    FROM (SELECT pg_get_serial_sequence(:name, 'id')::regclass AS id) AS found
    WHERE found.id IS NOT NULL
""")
# A number that the column cannot store is skipped: SQLite's counters can be larger.
_SET_ID = text("""
    SELECT setval(seqrelid, :last) FROM pg_sequence
    WHERE seqrelid = pg_get_serial_sequence(:name, 'id')::regclass AND seqmax >= :last
""").bindparams(bindparam("last", type_=BigInteger))


def lock_tables(connection: Connection, tables: Sequence[Table]) -> list[str]:
    """Lock tables against other writers until the transaction ends.

    :returns: the names of the tables that already have rows
    """
    if connection.dialect.name == "postgresql":
        # SQLite's transaction has had the only write lock since it began.
        connection.execute(text(f"LOCK TABLE {_names(tables)} IN SHARE ROW EXCLUSIVE MODE"))
    return find_nonempty_tables(connection, tables)


def find_nonempty_tables(connection: Connection, tables: Sequence[Table]) -> list[str]:
    """Return the names of the tables that have rows."""
    return [table.name for table in tables if connection.scalar(select(select(table).exists()))]


def get_last_ids(connection: Connection, tables: Iterable[TableClause]) -> dict[str, int]:
    """Return the largest ID that each table has ever assigned, including IDs of deleted rows.

    Omitted are tables that have assigned none, and sequences that the role may not read.
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
    """Make new IDs continue after all assigned ones, once rows were inserted with explicit IDs.

    A sequence only rises: an ID assigned earlier may still occur in a token, a history entry or a client.

    :param last: the largest ID that each table assigned in the source database, from `get_last_ids`
    """
    tables, last = [table for table in tables if "id" in table.c], last or {}
    if connection.dialect.name == "sqlite":  # SQLite counts explicit IDs itself
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
    """Preserve the ID counters while tables are altered.

    SQLite rebuilds a table to alter it, and the new table would count from its largest row on.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    before = _sqlite_counters(connection)
    yield
    existing = set(inspect(connection).get_table_names())
    _raise_counters(connection, {name: last for name, last in before.items() if name in existing})


def _sqlite_counters(connection: Connection) -> dict[str, int]:
    # The table exists once a table uses AUTOINCREMENT. Any client may write any value into it.
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
    """Update PostgreSQL's planner statistics now; autovacuum would do so about a minute later."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ANALYZE {_names(tables)}"))


def _names(tables: Sequence[Table]) -> str:
    return ", ".join(table.name for table in tables)
