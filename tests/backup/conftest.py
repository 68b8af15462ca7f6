"""Two databases of any two kinds, and the commands run on them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from click.testing import CliRunner
from sqlalchemy import inspect, select

from shoptrack.cli import Environment
from shoptrack.cli.backup import backup, restore
from shoptrack.cli.backup.tables import is_backed_up
from shoptrack.db import Database, migrations
from shoptrack.db.migrations import Lineages
from shoptrack.testing import RowFactory, upgrade_database


class Side:
    """An application on a database of its own."""

    def __init__(self, app):
        self.app = app
        self.database = Database.of(app.registry)

    def run(self, command, *arguments):
        environment = Environment(None)
        environment.registry = self.app.registry
        return CliRunner().invoke(command, [str(a) for a in arguments], obj=environment)

    def backup(self, *arguments):
        return self.run(backup, *arguments)

    def restore(self, file, *options):
        """Restore a file, which is trusted unless options say something else of its signature."""
        return self.run_restore(file, *(options or ("--unsigned",)))

    def run_restore(self, *arguments):
        return self.run(restore, *arguments)

    @property
    def tables(self):
        """Return the tables that a backup holds."""
        tables = migrations.get_tables(migrations.sort_lineages(Lineages.of(self.app.registry)))
        return [table for table in tables if is_backed_up(table)]

    def rows(self) -> dict[str, list]:
        """Return every row of every table that a backup holds, without columns that it does not."""
        with self.database.read_engine.connect() as connection:
            return {
                table.name: connection.execute(
                    select(*filter(is_backed_up, table.columns)).order_by(*table.primary_key)
                ).all()
                for table in self.tables
            }


@pytest.fixture
def make_side(create_database, lender) -> Iterator[Callable[..., Side]]:
    """Return a function that makes an application on an empty database of a kind."""
    with ExitStack() as lent:

        def make_side(kind: str, *, migrated: bool = False) -> Side:
            side = Side(lent.enter_context(lender.lend(create_database(kind))))
            if migrated:
                upgrade_database(side.app)
            return side

        yield make_side


@pytest.fixture(params=["sqlite", "postgresql"])
def source(request, make_side) -> Side:
    """Make a database that is up to date."""
    return make_side(request.param, migrated=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request, make_side) -> Side:
    """Make a database without tables."""
    return make_side(request.param)


@pytest.fixture(scope="session")
def backed_up(create_database, lender, tmp_path_factory) -> bytes:
    """Make a backup of some rows, which nobody signed."""
    path = tmp_path_factory.mktemp("backup") / "a.zip"
    with lender.lend(create_database("sqlite")) as app:
        source = Side(app)
        upgrade_database(app)
        make = RowFactory(source.database)
        for _ in range(50):
            make.record()
        assert source.backup(path).exit_code == 0
    return path.read_bytes()


@pytest.fixture
def file(backed_up, tmp_path):
    """Return a backup of some rows, which a test may change."""
    path = tmp_path / "a.zip"
    path.write_bytes(backed_up)
    return path


@pytest.fixture
def refused(make_side):
    """Return a function that takes a file back in vain, and returns what is said."""
    target = make_side("sqlite")

    def refused(file, *options) -> str:
        before = inspect(target.database.engine).get_table_names()
        result = target.restore(file, *options)
        assert result.exit_code == 1, result.output
        assert inspect(target.database.engine).get_table_names() == before
        return result.output

    return refused
