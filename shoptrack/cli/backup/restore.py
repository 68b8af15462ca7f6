"""From a file into an empty database: all of it, or nothing."""

from collections.abc import Callable, Collection, Iterator
from typing import Any
from zipfile import ZipFile

import orjson
from sqlalchemy import Column, Connection, MetaData, Table, delete, insert, inspect
from sqlalchemy.exc import DataError, IntegrityError

from shoptrack.cli.backup.archive import Manifest, TableManifest, read_lines
from shoptrack.cli.backup.columns import KINDS, make_converters
from shoptrack.cli.backup.signature import BackupError
from shoptrack.cli.backup.tables import check_lineages, is_backed_up, select_tables
from shoptrack.db import bulk_load, table_versions
from shoptrack.db.migrations import Lineage, get_tables

BATCH_ROWS = 1000  # rows that are in memory at a time,
BATCH_BYTES = 16 * 1024**2  # unless their lines are this long


def restore_rows(
    connection: Connection,
    archive: ZipFile,
    manifest: Manifest,
    lineages: list[Lineage],
    progress: Callable[[int], Any],
    without: Collection[str] = (),
) -> int:
    """Write the rows of a backup, inside the transaction of the connection, and return how many.

    The tables are first brought to the revisions that the backup was made at, and to the newest ones afterwards.

    :param lineages: this application's, in their order
    :param progress: called with a number of rows that have been written
    :param without: lineages of plugins that are not enabled, whose rows are left out
    :raises BackupError: the database is not empty, a row is not valid, or this application does not know the backup's
        revisions or one of its tables
    """
    check_lineages(manifest, lineages, without)
    _check_is_empty(connection, lineages)
    if any(
        line.get_current_revision(connection) != manifest.revisions.get(line.name)
        for line in lineages
    ):
        table_versions.drop_triggers(connection)
        for lineage in reversed(lineages):
            lineage.downgrade(connection)
        for lineage in lineages:
            if revision := manifest.revisions.get(lineage.name):
                lineage.upgrade(connection, revision)
    parts = select_tables(connection, manifest, lineages, without)
    tables = [_make_table(part) for part in parts]
    for table, part in zip(tables, parts, strict=True):
        for rows in _make_batches(_read_rows(archive, part)):
            _write_batch(connection, table, rows)
            progress(len(rows))
    bulk_load.reset_sequences(connection, tables, manifest.last_ids)
    for lineage in lineages:
        lineage.upgrade(connection)
    _clear_other_tables(connection, lineages, manifest)
    bulk_load.analyze(connection, tables)
    return sum(part.rows for part in parts)


def _check_is_empty(connection: Connection, lineages: list[Lineage]) -> None:
    """Refuse a database that holds anything, and keep everybody else from writing to it."""
    there = set(inspect(connection).get_table_names())
    tables = {table.name: table for table in get_tables(lineages) if table.name in there}
    if not tables:
        return
    full = bulk_load.lock_tables(connection, list(tables.values()))
    if full := [name for name in full if is_backed_up(tables[name])]:
        raise BackupError(
            f"The database is not empty: there are rows in {', '.join(full)}. A backup is taken back "
            "into an empty one."
        )


def _make_table(part: TableManifest) -> Table:
    """Return the table as it was when the backup was made; the models may have gone on."""
    columns = (Column(column.name, KINDS[column.kind].type()) for column in part.columns)
    return Table(part.name, MetaData(), *columns)


def _read_rows(archive: ZipFile, part: TableManifest) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each row with the length of its line.

    :raises BackupError: a line is no row of the table
    """
    names = [column.name for column in part.columns]
    read = make_converters([column.kind for column in part.columns], "read")
    for number, line in enumerate(read_lines(archive, part), 1):
        where = (
            f"The table {part.name} of the backup holds a row that is not valid, in line {number}"
        )
        try:
            values = orjson.loads(line)
        except ValueError:
            raise BackupError(f"{where}: it is not JSON.") from None
        if not isinstance(values, list) or len(values) != len(names):
            raise BackupError(f"{where}: it is no list of {len(names)} values.")
        row = {}
        for name, column, convert, value in zip(names, part.columns, read, values, strict=True):
            try:
                row[name] = convert(value)
            except (ValueError, TypeError, ArithmeticError):
                raise BackupError(f"{where}: {name} is not of the kind {column.kind}.") from None
        yield len(line), row


def _make_batches(rows: Iterator[tuple[int, dict[str, Any]]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    size = 0
    for length, row in rows:
        batch.append(row)
        size += length
        if len(batch) == BATCH_ROWS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _write_batch(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    try:
        connection.execute(insert(table), rows)
    except (DataError, IntegrityError) as error:
        # The first line alone: PostgreSQL repeats the row, and with it perhaps the hash of a password, in the next one.
        said = next(iter(str(error.orig).splitlines()), "")
        raise BackupError(
            f"The table {table.name} of the backup holds a row that is not valid: {said}"
        ) from None


def _clear_other_tables(
    connection: Connection, lineages: list[Lineage], manifest: Manifest
) -> None:
    """Empty the tables that no backup brings back, whatever a migration wrote there, and let their ids go on."""
    passing = [table for table in get_tables(lineages) if not is_backed_up(table)]
    for table in reversed(passing):
        connection.execute(delete(table))
    bulk_load.reset_sequences(connection, passing, manifest.last_ids)
