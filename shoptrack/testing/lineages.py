"""A plugin's migrations: there and back, and in agreement with its models."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest
from sqlalchemy import inspect

from shoptrack import migrations
from shoptrack.contributions import Contributions
from shoptrack.db import Database
from shoptrack.migrations import Lineage
from shoptrack.testing.databases import NewDatabase


@pytest.fixture
def check_lineage(shared_app, new_database: NewDatabase) -> Iterator[Callable[..., None]]:
    """Return a function that tries a line of migrations on an empty database.

    ``check_lineage("budgets")`` applies each revision, takes it back and applies it again. Models and
    database must agree then, and after all of it was taken back nothing may be left.

    ``check_lineage("budgets", {"budgets_0001": ["INSERT INTO …"]})`` carries statements out once a revision is
    there, so that later ones find filled tables, as they will with those who use the plugin.
    """
    database = Database(new_database())

    def check_lineage(name: str, rows: Mapping[str, Sequence[str]] | None = None) -> None:
        brought = Contributions.of(shared_app.registry).migrations
        assert name in brought, f"No plugin brings migrations {name!r}; there are {list(brought)}."
        lineage = brought[name]
        rows = rows or {}
        unknown = rows.keys() - set(lineage.revisions)
        assert not unknown, f"{name!r} has no revisions {unknown}; there are {lineage.revisions}."
        lines = migrations.ordered(brought)
        migrations.migrate(database, lines[: lines.index(lineage)])
        before = _tables(database)

        for revision, previous in _steps(lineage):
            _upgrade(database, lineage, revision)
            _downgrade(database, lineage, previous)
            _upgrade(database, lineage, revision)
            with database.engine.begin() as connection:
                for statement in rows.get(revision, ()):
                    connection.exec_driver_sql(statement)
        with database.reads.connect() as connection:
            differences = migrations.differences(connection, [lineage])
        assert differences == [], "The models and the migrations differ."

        _downgrade(database, lineage, "base")
        left = _tables(database) - before - {lineage.version_table}
        assert not left, f"After all revisions were taken back there are still tables: {left}."

    yield check_lineage
    database.dispose()


def _steps(lineage: Lineage) -> list[tuple[str, str]]:
    """Return each revision with the one before it, oldest first."""
    newest_first = lineage.scripts.walk_revisions()
    return [(step.revision, str(step.down_revision or "base")) for step in newest_first][::-1]


def _upgrade(database: Database, lineage: Lineage, to: str) -> None:
    with migrations.exclusive(database) as connection:
        lineage.upgrade(connection, to)


def _downgrade(database: Database, lineage: Lineage, to: str) -> None:
    with migrations.exclusive(database) as connection:
        lineage.downgrade(connection, to)


def _tables(database: Database) -> set[str]:
    return set(inspect(database.reads).get_table_names())
