"""The old database is only read, and may be ShopTrack's own."""

import re
from pathlib import Path

import pytest
from sqlalchemy import func, select, table
from sqlalchemy.exc import DBAPIError

from shoptrack.catalog.models import Category
from shoptrack.db import Database, migrations
from shoptrack.db.migrations import Lineages
from shoptrack.resources.resource import ServedResources
from shoptrack.testing import make_test_app
from shoptrack_django_import import source

MOVING = Path(__file__).parents[2] / "docs" / "moving-from-django.md"
OLD_TABLES = ("auth_user", "auth_permission", "records_category", "records_shoppingrecord")


@pytest.mark.database("sqlite")
def test_a_file_stays_as_it_is(old, run):
    path = Path(old.url.database)
    before = path.read_bytes()
    assert run(old.address).exit_code == 0
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.glob(f"{path.name}*")] == [path.name]


def test_nothing_can_be_written(old):
    with (
        source.open_source(old.url) as connection,
        pytest.raises(DBAPIError, match=r"(?i)read.?only"),
    ):
        connection.exec_driver_sql("DELETE FROM records_shoppingrecord")
    assert old.execute("SELECT count(*) FROM records_shoppingrecord")[0][0] > 0


@pytest.mark.database("postgresql")
def test_what_others_write_meanwhile_is_not_seen(old):
    count = select(func.count()).select_from(table("records_category"))
    with source.open_source(old.url) as connection:
        before = connection.scalar(count)
        old.execute("DELETE FROM records_category")
        assert connection.scalar(count) == before


@pytest.fixture
def beside(old, plugins):
    """Build an application on the old database, and migrate it."""
    app = make_test_app(old.url, plugins)
    migrate(app, beside_django=True)
    yield app
    Database.of(app.registry).dispose()


def migrate(app, **options) -> None:
    lineages = migrations.sort_lineages(Lineages.of(app.registry))
    migrations.migrate(
        Database.of(app.registry),
        lineages,
        tables=ServedResources.of(app.registry).tables,
        **options,
    )


def categories(app) -> list[int]:
    with Database.of(app.registry).read_engine.connect() as connection:
        return list(connection.scalars(select(Category.id).order_by(Category.id)))


def test_one_database_serves_for_both(old, run, beside):
    def contents():
        return [old.execute(f"SELECT * FROM {name} ORDER BY id") for name in OLD_TABLES]

    before = contents()
    result = run(old.address, app=beside)
    assert result.exit_code == 0, result.output
    assert categories(beside) == [2, 3]
    assert contents() == before


@pytest.mark.database("postgresql")
def test_djangos_tables_can_go_afterwards_as_the_page_tells(old, run, beside):
    assert run(old.address, app=beside).exit_code == 0
    (statement,) = re.findall(
        r"^    (DROP TABLE .*?;)$", MOVING.read_text(), re.DOTALL | re.MULTILINE
    )
    old.execute(statement)
    assert categories(beside) == [2, 3]
    migrate(beside)
    tables = {row.table_name for row in old.execute(TABLES)}
    assert not {name for name in tables if name.startswith(("django_", "auth_", "records_"))}


TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
