"""From a file into an empty database: all of it, or nothing."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any
from zipfile import ZipFile

from alembic.util import CommandError
from sqlalchemy import Column, Connection, MetaData, Table, insert, inspect
from sqlalchemy.exc import DataError, IntegrityError

from shoptrack import filling, migrations, versions
from shoptrack.backup.archive import BackupError, Manifest, TablePart, read_rows
from shoptrack.backup.columns import KINDS, converters
from shoptrack.migrations import Lineage

PART = 1000  # rows that are in memory at a time


def load(
    connection: Connection,
    archive: ZipFile,
    manifest: Manifest,
    lineages: list[Lineage],
    progress: Callable[[int], Any],
) -> None:
    """Write all rows of a backup, inside the transaction of the connection.

    The tables are first brought to the revisions that the backup was made at, and to the newest ones afterwards.

    :param lineages: this application's, in their order
    :param progress: called with a number of rows that have been written
    :raises BackupError: the database is not empty, a row is not valid, or this application does not know the backup's
        revisions
    """
    _refuse_foreign(manifest, lineages)
    _refuse_rows(connection, lineages)
    if any(line.revision(connection) != manifest.revisions.get(line.name) for line in lineages):
        versions.unwatch(connection)
        for lineage in reversed(lineages):
            lineage.downgrade(connection)
        for lineage in lineages:
            if revision := manifest.revisions.get(lineage.name):
                lineage.upgrade(connection, revision)
    tables = [_table(part) for part in manifest.tables]
    for table, part in zip(tables, manifest.tables, strict=True):
        try:
            for rows in _parts(_rows(archive, part)):
                connection.execute(insert(table), rows)
                progress(len(rows))
        except (ValueError, TypeError, ArithmeticError, DataError, IntegrityError):
            # The digests hold, so that somebody wrote these rows who knew how.
            raise BackupError(
                f"The table {part.name} of the backup holds a row that is not valid."
            ) from None
    filling.continue_ids(connection, [table for table in tables if "id" in table.c])
    for lineage in lineages:
        lineage.upgrade(connection)
    filling.analyze(connection, tables)


def _refuse_foreign(manifest: Manifest, lineages: list[Lineage]) -> None:
    """Refuse a backup that holds what this application has no place for."""
    known = {lineage.name: lineage for lineage in lineages}
    for name, revision in manifest.revisions.items():
        if name not in known:
            raise BackupError(
                f"The backup holds tables of {name!r}, and no plugin that is switched on brings "
                f"them. There are: {', '.join(known)}."
            )
        try:
            known[name].scripts.get_revisions(revision or "base")
        except CommandError:
            raise BackupError(
                f"The backup was made by the release {manifest.release}, whose revision {revision} "
                f"of {name!r} is newer than this release. Install a newer one."
            ) from None


def _refuse_rows(connection: Connection, lineages: list[Lineage]) -> None:
    """Refuse a database that holds anything, and keep everybody else from writing to it."""
    there = set(inspect(connection).get_table_names())
    tables = [table for table in migrations.tables_of(lineages) if table.name in there]
    if tables and (full := filling.claim(connection, tables)):
        raise BackupError(
            f"The database is not empty: there are rows in {', '.join(full)}. A backup is taken back "
            "into an empty one."
        )


def _table(part: TablePart) -> Table:
    """Return the table as it was when the backup was made; the models may have gone on."""
    columns = (Column(column.name, KINDS[column.kind].type()) for column in part.columns)
    return Table(part.name, MetaData(), *columns)


def _rows(archive: ZipFile, part: TablePart) -> Iterator[dict[str, Any]]:
    names = [column.name for column in part.columns]
    read = converters([column.kind for column in part.columns], "read")
    for row in read_rows(archive, part):
        yield {name: convert(value) for name, convert, value in zip(names, read, row, strict=True)}


def _parts(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while part := list(islice(rows, PART)):
        yield part
