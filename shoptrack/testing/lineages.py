"""Checks a lineage: upgrades and downgrades with rows in the tables, and agreement with the models."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import pytest
from sqlalchemy import inspect, text

from shoptrack.db import Database, migrations, search_indexes
from shoptrack.db.migrations import Downgrade, Lineage, Lineages
from shoptrack.resources.resource import ServedResources
from shoptrack.testing.databases import NewDatabase

# All named objects of a database.
SQLITE_OBJECTS = "SELECT type || ' ' || name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
POSTGRESQL_OBJECTS = """
SELECT 'relation ' || relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace
UNION ALL
SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
UNION ALL
SELECT 'type ' || typname FROM pg_type
WHERE typnamespace = current_schema()::regnamespace AND typtype IN ('d', 'e')
UNION ALL
SELECT 'trigger ' || tgname || ' of ' || tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal
"""


@pytest.fixture
def check_lineage(shared_app, new_database: NewDatabase) -> Iterator[Callable[..., None]]:
    """Return a function that checks a lineage's revisions on an empty database.

    ``check_lineage("budgets")`` upgrades by each revision, downgrades it, and upgrades again. Then models and database
    must agree. After that it downgrades step by step, and repeats each upgrade once. Each downgrade must restore the
    previous schema, and no objects may remain at the end.

    ``check_lineage("budgets", {"budgets_0001": ["INSERT INTO …"]})`` executes statements after a revision, so that
    later revisions find rows in the tables, as in production.
    """
    database = Database(new_database())

    def check_lineage(name: str, rows: Mapping[str, Sequence[str]] | None = None) -> None:
        lineages = Lineages.of(shared_app.registry)
        assert name in lineages, (
            f"No plugin brings migrations {name!r}; there are {list(lineages)}."
        )
        rows = rows or {}
        unknown = rows.keys() - set(lineages[name].revisions)
        assert not unknown, (
            f"{name!r} has no revisions {unknown}; there are {lineages[name].revisions}."
        )
        tables = ServedResources.of(shared_app.registry).tables
        _LineageCheck(database, migrations.sort_lineages(lineages), name, tables).run(rows)

    yield check_lineage
    database.dispose()


class _LineageCheck:
    """A lineage on its own database, migrated by the functions that ``shoptrack migrate`` calls.

    :param lineages: all lineages of the application, sorted
    :param counted: the tables whose changes the database counts by triggers, which may affect a revision
    """

    def __init__(
        self, database: Database, lineages: Sequence[Lineage], name: str, counted: Collection[str]
    ):
        self._database = database
        self._lineages = lineages
        self._lineage = next(line for line in lineages if line.name == name)
        self._counted = counted

    def run(self, rows: Mapping[str, Sequence[str]]) -> None:
        before = self._lineages[: self._lineages.index(self._lineage)]
        if before:
            migrations.migrate(self._database, before, tables=self._get_counted(before))
        objects, schemas = self._get_objects(), {"base": self._get_schema()}
        steps = self._get_steps()
        for revision, previous in steps:
            self._upgrade(revision)
            schemas[revision] = self._get_schema()
            self._downgrade(previous, schemas)
            self._upgrade(revision)
            with self._database.engine.begin() as connection:
                for statement in rows.get(revision, ()):
                    connection.exec_driver_sql(statement)
        with self._database.read_engine.connect() as connection:
            differences = migrations.find_differences(connection, [self._lineage])
        assert not differences, "The models and the migrations differ: " + " ".join(
            map(migrations.format_difference, differences)
        )

        for revision, previous in reversed(steps):
            self._downgrade(previous, schemas)
            self._upgrade(revision)
            changed = self._get_schema() ^ schemas[revision]
            assert not changed, (
                f"A second upgrade to {revision} makes another schema: {', '.join(sorted(changed))}."
            )
            self._downgrade(previous, schemas)
        left = self._get_objects() - objects
        assert not left, f"After the downgrade to base there is still: {', '.join(sorted(left))}."

    def _get_steps(self) -> list[tuple[str, str]]:
        """Return each revision with the one before it, oldest first."""
        newest_first = self._lineage.scripts.walk_revisions()
        return [(step.revision, str(step.down_revision or "base")) for step in newest_first][::-1]

    def _upgrade(self, to: str) -> None:
        with migrations.open_exclusive_transaction(self._database) as connection:
            self._lineage.upgrade(connection, to)
            if to == self._lineage.head:
                tables = self._get_counted([self._lineage])
                migrations.refresh_derived_tables(connection, [self._lineage], tables)

    def _downgrade(self, to: str, schemas: Mapping[str, set[str]]) -> None:
        Downgrade(self._database, self._lineages, self._lineage.name, to).run()
        changed = self._get_schema() ^ schemas[to]
        assert not changed, (
            f"The downgrade to {to} does not restore the schema: {', '.join(sorted(changed))}."
        )

    def _get_counted(self, lineages: Collection[Lineage]) -> set[str]:
        return set(self._counted) & {table.name for table in migrations.get_tables(lineages)}

    def _get_objects(self) -> set[str]:
        """Return the names of all objects in the database."""
        query = SQLITE_OBJECTS if self._database.is_sqlite else POSTGRESQL_OBJECTS
        with self._database.read_engine.connect() as connection:
            return set(connection.scalars(text(query)))

    def _get_schema(self) -> set[str]:
        """Return the names of the columns, indexes and constraints that revisions create."""
        inspector = inspect(self._database.read_engine)
        found = {
            f"{table}.{column['name']}"
            for (_, table), columns in inspector.get_multi_columns().items()
            for column in columns
            if table != self._lineage.version_table
        }
        for items in (
            inspector.get_multi_indexes(),
            inspector.get_multi_unique_constraints(),
            inspector.get_multi_foreign_keys(),
        ):
            names = [item["name"] for found in items.values() for item in found]
            found |= {
                name for name in names if name and not name.startswith(search_indexes.INDEX_PREFIX)
            }
        return found
