"""The tables to back up: those of the models, or those of an earlier revision of the database.

A backup is usually made before an upgrade, often with the new release already installed.
"""

from collections.abc import Collection

from sqlalchemy import BigInteger, Column, Connection, DateTime, MetaData, Numeric, Table

from shoptrack.cli.backup.archive import BackupError
from shoptrack.cli.backup.columns import KINDS, get_column_kind
from shoptrack.db import Base
from shoptrack.db.migrations import (
    Lineage,
    LineageState,
    check_not_ahead,
    find_stored_tables,
    get_current_revisions,
    get_tables,
)

# How the database's column types look where the model has thousandths.
THOUSANDTHS = {"sqlite": "integer", "postgresql": "decimal"}


def get_backup_tables(connection: Connection, lineages: Collection[Lineage]) -> list[Table]:
    """Return the data tables of these lineages, referenced tables first.

    :raises BackupError: the database has no tables, or the kind of a column is ambiguous
    :raises NewerSchema: the database has revisions that are not installed
    """
    found = get_current_revisions(connection, lineages)
    check_not_ahead(found)
    if not any(found.values()):
        raise BackupError("The database has no tables to back up. Run: shoptrack migrate.")
    if all(LineageState.from_revision(*item) is LineageState.UP_TO_DATE for item in found.items()):
        return get_tables(lineages)
    names = find_stored_tables(connection, found)
    reflected = MetaData()
    reflected.reflect(connection, only=sorted(names))  # also loads referenced tables
    return [
        _convert_table(table, connection.dialect.name)
        for table in reflected.sorted_tables
        if table.name in names
    ]


def _convert_table(reflected: Table, dialect: str) -> Table:
    """Return a table of the database with column types that convert its values.

    The columns follow the model's order, as in a backup by the release of that revision.
    """
    model = Base.metadata.tables.get(reflected.name)
    order = list(model.columns.keys()) if model is not None else []
    columns = sorted(
        reflected.columns,
        key=lambda column: order.index(column.name) if column.name in order else len(order),
    )
    table = Table(reflected.name, MetaData(), info=model.info if model is not None else {})
    for column in columns:
        kind = KINDS[_get_stored_kind(column, model, dialect)]
        known = None if model is None else model.columns.get(column.name)
        table.append_column(
            Column(
                column.name,
                kind.type(),
                primary_key=column.primary_key,
                info={} if known is None else known.info,
            )
        )
    return table


def _get_stored_kind(column: Column, model: Table | None, dialect: str) -> str:
    """Return the kind of a column of the database: the model's kind if this type can store it."""
    stored = "instant" if isinstance(column.type, DateTime) else get_column_kind(column)
    if model is not None and column.name in model.columns:
        kind = get_column_kind(model.columns[column.name])
        if kind == stored or (kind == "thousandths" and stored == THOUSANDTHS[dialect]):
            return kind
    # No model has this column any more. SQLite stores both thousandths and large integers as BIGINT.
    if dialect == "sqlite" and isinstance(column.type, BigInteger):
        raise BackupError(
            f"This release does not know whether {column.table.name}.{column.name} holds thousandths. "
            "Make the backup with the release that the database was migrated by."
        )
    if isinstance(column.type, Numeric) and column.type.scale == 3:
        return "thousandths"
    return stored
