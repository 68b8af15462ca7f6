"""Two databases of any two kinds, and the commands run on them."""

import itertools

import pytest
from click.testing import CliRunner
from sqlalchemy import URL, select

from shoptrack import migrations
from shoptrack.backup import backup, restore
from shoptrack.cli import Environment
from shoptrack.contributions import Contributions
from shoptrack.db import Database
from shoptrack.testing import bring_up_to_date, build

numbers = itertools.count(1)


class Side:
    """An application on a database of its own."""

    def __init__(self, url: URL, plugins):
        self.app = build(url, plugins)
        self.database = Database.of(self.app.registry)

    def run(self, command, *arguments):
        environment = Environment(None)
        environment.registry = self.app.registry
        return CliRunner().invoke(command, [str(a) for a in arguments], obj=environment)

    def backup(self, *arguments):
        return self.run(backup, *arguments)

    def restore(self, *arguments):
        return self.run(restore, *arguments)

    @property
    def tables(self):
        brought = Contributions.of(self.app.registry)
        return migrations.tables_of(migrations.ordered(brought.migrations))

    def rows(self) -> dict[str, list]:
        """Return every row of every table."""
        with self.database.reads.connect() as connection:
            return {
                table.name: connection.execute(select(table).order_by(*table.primary_key)).all()
                for table in self.tables
            }


@pytest.fixture
def make_side(create_database, plugins):
    """Return a function that makes an application on an empty database of a kind."""
    made = []

    def make_side(kind: str, *, migrated: bool = False) -> Side:
        side = Side(create_database(kind), plugins)
        if migrated:
            bring_up_to_date(side.app)
        made.append(side)
        return side

    yield make_side
    for side in made:
        side.database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def source(request, make_side) -> Side:
    """Make a database that is up to date."""
    return make_side(request.param, migrated=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request, make_side) -> Side:
    """Make a database without tables."""
    return make_side(request.param)
