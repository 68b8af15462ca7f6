"""Which tables are backed up, and which tables of a backup are restored."""

from collections.abc import Collection

from sqlalchemy import Column, Connection, Table, inspect

from shoptrack.cli.backup.archive import Manifest, TableManifest
from shoptrack.cli.backup.columns import get_column_kind
from shoptrack.cli.backup.signature import BackupError
from shoptrack.db import Base
from shoptrack.db.migrations import Lineage, find_leftovers
from shoptrack.db.migrations.lineage_tables import DERIVED_TABLES, find_owned_tables


def is_backed_up(item: Table | Column) -> bool:
    """Return whether a table's rows, or a column's values, are backed up; ``info={"backup": False}`` excludes them.

    Sessions are excluded: a restore would revive sessions that have ended since the backup.
    """
    return item.info.get("backup", True)


def check_lineages(
    manifest: Manifest, lineages: Collection[Lineage], without: Collection[str]
) -> None:
    """Check that all plugins of a backup are enabled, and all its revisions installed.

    :param without: lineages whose rows are skipped
    :raises BackupError: naming the plugins or revisions
    """
    known = {lineage.name: lineage for lineage in lineages}
    foreign = [name for name in manifest.revisions if name not in known]
    if strange := [name for name in without if name not in foreign]:
        available = f"There are: {', '.join(foreign)}." if foreign else "There are none."
        raise BackupError(
            f"--without takes plugins that the backup has and that are not enabled, and not "
            f"{_quote_all(strange)}. {available}"
        )
    if missing := [name for name in foreign if name not in without]:
        options = " ".join(f"--without {name}" for name in missing)
        raise BackupError(
            f"The backup holds tables of {_quote_all(missing)}, and no plugin that is enabled brings "
            f"them. There are: {', '.join(known)}. Enable the plugin, or leave its rows out: {options}"
        )
    for name, lineage in known.items():
        revision = manifest.revisions.get(name)
        if revision is not None and revision not in lineage.revisions:
            raise BackupError(
                f"The backup was made by the release {manifest.release}, whose revision {revision} "
                f"of {name!r} is newer than this release. Install a newer one."
            )


def select_tables(
    connection: Connection,
    manifest: Manifest,
    lineages: Collection[Lineage],
    without: Collection[str],
) -> list[TableManifest]:
    """Return the tables of a backup to restore. The database must already have the backup's revisions.

    :raises BackupError: a table belongs to no enabled lineage, or has other columns
    """
    inspector = inspect(connection)
    existing = inspector.get_table_names()
    known = [
        *lineages,
        *filter(None, (one.lineage for one in find_leftovers(connection, lineages))),
    ]
    ours = {
        name for line in lineages for name in find_owned_tables(line, known, existing)
    } - DERIVED_TABLES
    chosen = []
    for part in manifest.tables:
        model = Base.metadata.tables.get(part.name)
        if part.name not in ours:
            # Backups of earlier releases do not name the lineage of a table.
            if part.lineage in without or (part.lineage is None and without):
                continue
            raise BackupError(
                f"The backup names the table {part.name}, which belongs to no plugin that is enabled, "
                "nor to ShopTrack."
            )
        if model is not None and not is_backed_up(model):
            continue
        columns = {column["name"] for column in inspector.get_columns(part.name)}
        if strange := [column.name for column in part.columns if column.name not in columns]:
            raise BackupError(
                f"The backup names columns of {part.name} that its revision does not have: "
                f"{', '.join(strange)}."
            )
        chosen.append(part)
    _check_kinds(chosen, manifest, lineages)
    return chosen


def _check_kinds(
    parts: Collection[TableManifest], manifest: Manifest, lineages: Collection[Lineage]
) -> None:
    """Check that each column has the kind of the model's column: SQLite would store any value.

    At earlier revisions nothing is checked, since a column may have had another kind.
    """
    if any(manifest.revisions.get(line.name) != line.head for line in lineages):
        return
    for part in parts:
        model = Base.metadata.tables.get(part.name)
        if model is None:
            continue
        kinds = {column.name: get_column_kind(column) for column in model.columns}
        for column in part.columns:
            if (kind := kinds.get(column.name, column.kind)) != column.kind:
                raise BackupError(
                    f"The backup takes {part.name}.{column.name} for {column.kind}, and it is {kind}."
                )


def _quote_all(names: Collection[str]) -> str:
    return ", ".join(map(repr, names))
