"""Backs up the database: one snapshot, while others keep writing."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Table, func, select

from shoptrack.cli.backup.archive import (
    FORMAT_VERSION,
    ColumnManifest,
    Manifest,
    TableManifest,
    create_archive,
    write_manifest,
    write_rows,
)
from shoptrack.cli.backup.columns import get_column_kind, make_converters
from shoptrack.cli.backup.earlier_tables import get_backup_tables
from shoptrack.cli.backup.tables import is_backed_up
from shoptrack.db.bulk_load import get_last_ids
from shoptrack.db.migrations import Lineage, find_stored_tables, get_current_revisions

BATCH_ROWS = 1000  # rows in memory at a time


class BackupWriter:
    """The tables of these lineages in one snapshot, at any revision.

    :param connection: a connection with an open snapshot
    :raises BackupError: there are no tables
    :raises NewerSchema: the database has revisions that are not installed
    """

    def __init__(self, connection: Connection, lineages: list[Lineage]):
        self._connection = connection
        self._lineages = lineages
        self._found = get_backup_tables(connection, lineages)
        self._tables = [table for table in self._found if is_backed_up(table)]
        self._numbers = {table.name: self._count(table) for table in self._tables}
        self.rows = sum(self._numbers.values())

    def write(self, path: Path, progress: Callable[[int], Any], key: bytes | None = None) -> None:
        """Write the backup.

        :param key: the key to sign it with
        :param progress: called with the number of rows just written
        """
        found = get_current_revisions(self._connection, self._lineages)
        lineages = find_stored_tables(self._connection, found)
        with create_archive(path) as archive:
            parts = []
            for table in self._tables:
                written = [column for column in table.columns if is_backed_up(column)]
                kinds = [get_column_kind(column) for column in written]
                rows = self._rows(table, written, kinds, progress)
                digest = write_rows(archive, table.name, rows)
                columns = [
                    ColumnManifest(name=column.name, kind=kind)
                    for column, kind in zip(written, kinds, strict=True)
                ]
                number = self._numbers[table.name]
                parts.append(
                    TableManifest(
                        name=table.name,
                        columns=columns,
                        rows=number,
                        sha256=digest,
                        lineage=lineages[table.name],
                    )
                )
            manifest = Manifest(
                format=FORMAT_VERSION,
                release=version("shoptrack"),
                made_at=datetime.now(UTC).isoformat(timespec="seconds"),
                revisions={line.name: revision for line, revision in found.items()},
                tables=parts,
                last_ids=get_last_ids(self._connection, self._found),
            )
            write_manifest(archive, manifest, key)

    def _count(self, table: Table) -> int:
        return self._connection.scalar(select(func.count()).select_from(table)) or 0

    def _rows(
        self,
        table: Table,
        columns: list[Column],
        kinds: list[str],
        progress: Callable[[int], Any],
    ) -> Iterator[list[Any]]:
        write = make_converters(kinds, "write")
        statement = select(*columns).order_by(*table.primary_key)
        for part in self._connection.execute(statement).partitions(BATCH_ROWS):
            for row in part:
                yield [convert(value) for convert, value in zip(write, row, strict=True)]
            progress(len(part))
