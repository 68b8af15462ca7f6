"""Which tables belong to which lineage, even after its package is uninstalled."""

from collections.abc import Callable, Collection, Iterable, Mapping

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, String, Table, delete, insert, inspect, select, text
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.db import Base, search_indexes
from shoptrack.db.migrations.differences import AUTOINCREMENT
from shoptrack.db.migrations.lineages import CORE_PACKAGE, Lineage
from shoptrack.db.table_versions import TableVersion


class LineageTable(Base):
    """A table and its lineage, recorded for when the package is uninstalled."""

    __tablename__ = "lineage_tables"
    __table_args__ = {"info": {"outlives_tests": True}}

    name: Mapped[str] = mapped_column(String(63), primary_key=True)
    lineage: Mapped[str] = mapped_column(String(40))
    location: Mapped[str] = mapped_column(String(255))  # of its revisions, as in a Lineage


# `shoptrack migrate` derives their rows from the database.
DERIVED_TABLES = {TableVersion.__tablename__, LineageTable.__tablename__}


def get_tables(lineages: Iterable[Lineage]) -> list[Table]:
    """Return the data tables of these lineages, referenced tables first."""
    ours = get_model_table_names({lineage.package for lineage in lineages}) - DERIVED_TABLES
    return [table for table in Base.metadata.sorted_tables if table.name in ours]


def find_stored_tables(
    connection: Connection, revisions: Mapping[Lineage, str | None]
) -> dict[str, str]:
    """Return the database's tables with data of these lineages, at any revision, each with its lineage's name.

    The records of the last `shoptrack migrate` identify tables that a later revision drops. They also identify tables
    that belonged to another lineage then, if its plugin is not enabled now.

    :param revisions: the current revisions of the database
    """
    existing = inspect(connection).get_table_names()
    remembered = get_recorded_tables(connection, existing)
    applied = [lineage for lineage, revision in revisions.items() if revision]
    names = {lineage.name for lineage in applied}
    others = {
        name for owner, (_, tables) in remembered.items() if owner not in names for name in tables
    }
    found = {}
    for lineage in applied:
        _, tables = remembered.get(lineage.name, ("", set()))
        for name in (
            (tables | find_owned_tables(lineage, revisions, existing)) - DERIVED_TABLES - others
        ):
            found[name] = lineage.name
    return found


def get_model_table_names(packages: Collection[str]) -> set[str]:
    """Return the table names of these packages' models."""
    return {
        str(mapper.local_table)
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.partition(".")[0] in packages
    }


def modelled_elsewhere(packages: Collection[str]) -> set[str]:
    """Return the table names of all other packages' models."""
    return {
        str(mapper.local_table)
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.partition(".")[0] not in packages
    }


def find_owned_tables(
    lineage: Lineage, lineages: Iterable[Lineage], there: Collection[str]
) -> set[str]:
    """Return the database's tables that belong to a lineage: those of its models, and those with its prefix.

    If a name begins with several packages' names, it belongs to the longest. The core's tables have no prefix. A table
    with a model belongs to the model's package, whatever its name.

    :param lineages: all known lineages
    :param there: names of the database's tables
    """
    ours = get_model_table_names({lineage.package}) & set(there)
    if lineage.name == CORE_PACKAGE:
        return ours
    foreign = modelled_elsewhere({lineage.package})
    others = [line.package for line in lineages if line.package.startswith(f"{lineage.package}_")]
    longer = tuple(f"{package}_" for package in others)
    return ours | {
        name
        for name in there
        if name.startswith(f"{lineage.package}_")
        and name not in foreign
        and not (longer and name.startswith(longer))
    }


def record_tables(connection: Connection, lineages: Collection[Lineage]) -> None:
    """Record the current tables of these lineages."""
    existing = inspect(connection).get_table_names()
    # The core's lineage may be downgraded, or not yet applied.
    if LineageTable.__tablename__ not in existing:
        return
    rows = [
        {"name": name, "lineage": lineage.name, "location": lineage.location}
        for lineage in lineages
        for name in sorted(find_owned_tables(lineage, lineages, existing))
    ]
    delete_recorded_tables(connection, [lineage.name for lineage in lineages])
    if rows:
        connection.execute(insert(LineageTable), rows)


def delete_recorded_tables(connection: Connection, lineages: Collection[str]) -> None:
    """Delete the records of these lineages."""
    connection.execute(delete(LineageTable).where(LineageTable.lineage.in_(lineages)))


def get_recorded_tables(
    connection: Connection, there: Collection[str]
) -> dict[str, tuple[str, set[str]]]:
    """Return the recorded location and the existing recorded tables of each lineage.

    :param there: names of the database's tables
    """
    found: dict[str, tuple[str, set[str]]] = {}
    if LineageTable.__tablename__ in there:
        for row in connection.execute(select(LineageTable.__table__)):
            _, tables = found.setdefault(row.lineage, (row.location, set()))
            tables |= {row.name} & set(there)
    return found


def find_differences(connection: Connection, lineages: Iterable[Lineage]) -> list:
    """Return the differences between the models and the database; Alembic finds most of them.

    Only tables of these lineages are compared: other applications may share the database.
    """
    context = MigrationContext.configure(
        connection, opts={"include_object": make_include_object(lineages), "compare_type": True}
    )
    found = list(compare_metadata(context, Base.metadata))
    return found + _find_missing_autoincrement(connection, lineages)


def _find_missing_autoincrement(
    connection: Connection, lineages: Iterable[Lineage]
) -> list[tuple[str, str]]:
    """Return the SQLite tables that lost AUTOINCREMENT, without which IDs are reused.

    Alembic's batch mode drops it when it rebuilds a table, and its comparison ignores it.
    """
    if connection.dialect.name != "sqlite":
        return []
    keeping = connection.scalars(
        text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'")
    )
    meant = {
        table.name
        for table in get_tables(lineages)
        if table.dialect_options["sqlite"]["autoincrement"]
        and table.autoincrement_column is not None  # composite keys do not autoincrement
    }
    existing = set(inspect(connection).get_table_names())
    return [(AUTOINCREMENT, name) for name in sorted((meant & existing) - {*keeping})]


def make_include_object(lineages: Iterable[Lineage]) -> Callable[..., bool]:
    """Return Alembic's hook ``include_object`` for the tables of these lineages.

    Without it, Alembic would drop the tables of a disabled plugin.
    """
    packages = {lineage.package for lineage in lineages}
    ours, foreign = get_model_table_names(packages), modelled_elsewhere(packages)
    prefixes = tuple(f"{package}_" for package in packages - {CORE_PACKAGE})

    def include(item, name: str, kind: str, reflected: bool, compared) -> bool:
        if kind == "index" and reflected and name.startswith(search_indexes.INDEX_PREFIX):
            return False
        if kind != "table" or name in ours:
            return True
        return reflected and name.startswith(prefixes) and name not in foreign

    return include
