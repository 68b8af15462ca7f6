"""Restores a backup into an empty database, in one transaction."""

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
from shoptrack.history import restart_feed

BATCH_ROWS = 1000  # rows in memory at a time,
BATCH_BYTES = 16 * 1024**2  # or fewer, if their lines exceed this size


def restore_rows(
    connection: Connection,
    archive: ZipFile,
    manifest: Manifest,
    lineages: list[Lineage],
    progress: Callable[[int], Any],
    without: Collection[str] = (),
) -> int:
    """Restore the rows of a backup within the connection's transaction, and return their number.

    The database is first migrated to the backup's revisions, and after loading upgraded to the newest ones.

    :param lineages: this application's, in their order
    :param progress: called with the number of rows just written
    :param without: lineages of plugins that are not enabled; their rows are skipped
    :raises BackupError: the database is not empty, a row is invalid, or a revision or table of the backup is unknown
        to this application
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
    restart_feed(connection)
    bulk_load.analyze(connection, tables)
    return sum(part.rows for part in parts)


def _check_is_empty(connection: Connection, lineages: list[Lineage]) -> None:
    """Check that the database is empty, and lock it against other writers."""
    existing = set(inspect(connection).get_table_names())
    tables = {table.name: table for table in get_tables(lineages) if table.name in existing}
    if not tables:
        return
    full = bulk_load.lock_tables(connection, list(tables.values()))
    if full := [name for name in full if is_backed_up(tables[name])]:
        raise BackupError(
            f"The database is not empty: there are rows in {', '.join(full)}. A backup is taken back "
            "into an empty one."
        )


def _make_table(part: TableManifest) -> Table:
    """Return the table as it was when the backup was made; the models may have changed since."""
    columns = (Column(column.name, KINDS[column.kind].type()) for column in part.columns)
    return Table(part.name, MetaData(), *columns)


def _read_rows(archive: ZipFile, part: TableManifest) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each row with the length of its line.

    :raises BackupError: a line is not a row of the table
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
        # Only the first line: in the next one, PostgreSQL repeats the row, which may include a password hash.
        message = next(iter(str(error.orig).splitlines()), "")
        raise BackupError(
            f"The table {table.name} of the backup holds a row that is not valid: {message}"
        ) from None


def _clear_other_tables(
    connection: Connection, lineages: list[Lineage], manifest: Manifest
) -> None:
    """Empty the tables that are not backed up, in case a migration filled them, and reset their sequences."""
    passing = [table for table in get_tables(lineages) if not is_backed_up(table)]
    for table in reversed(passing):
        connection.execute(delete(table))
    bulk_load.reset_sequences(connection, passing, manifest.last_ids)
