"""Which tables a backup holds, and which of a file's are written."""

from collections.abc import Collection

from sqlalchemy import Connection, Table, inspect

from shoptrack.cli.backup.archive import Manifest, TableManifest
from shoptrack.cli.backup.columns import get_column_kind
from shoptrack.cli.backup.signature import BackupError
from shoptrack.db import Base
from shoptrack.db.migrations import Lineage, find_leftovers
from shoptrack.db.migrations.lineage_tables import DERIVED_TABLES, find_owned_tables


def is_backed_up(table: Table) -> bool:
    """Return whether a table's rows belong into a backup: ``info={"backup": False}`` says that they do not.

    Such as sessions: one that was ended since the backup was made would go on.
    """
    return table.info.get("backup", True)


def check_lineages(
    manifest: Manifest, lineages: Collection[Lineage], without: Collection[str]
) -> None:
    """Refuse a backup of plugins that are not enabled, or of revisions that are not installed.

    :param without: lineages whose rows are left out
    :raises BackupError: naming them
    """
    known = {lineage.name: lineage for lineage in lineages}
    foreign = [name for name in manifest.revisions if name not in known]
    if strange := [name for name in without if name not in foreign]:
        there = f"There are: {', '.join(foreign)}." if foreign else "There are none."
        raise BackupError(
            f"--without takes plugins that the backup has and that are not enabled, and not "
            f"{_quote_all(strange)}. {there}"
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
    """Return the tables of a backup that are written, once the database has its revisions.

    :raises BackupError: one belongs to no lineage that is enabled, or has other columns
    """
    inspector = inspect(connection)
    there = inspector.get_table_names()
    known = [
        *lineages,
        *filter(None, (one.lineage for one in find_leftovers(connection, lineages))),
    ]
    ours = {
        name for line in lineages for name in find_owned_tables(line, known, there)
    } - DERIVED_TABLES
    chosen = []
    for part in manifest.tables:
        model = Base.metadata.tables.get(part.name)
        if part.name not in ours:
            # Earlier releases did not say to which plugin a table belongs.
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
    """Refuse columns of another kind than the models': SQLite would store anything.

    Of an earlier revision nothing is known; its columns may have been of another kind.
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
