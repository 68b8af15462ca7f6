"""Ids go on where they were: an id of a deleted row is not given again, whatever was filled, moved or rebuilt."""

import sys

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from shoptrack.catalog.models import Category, Store
from shoptrack.db import Database, bulk_load, migrations
from shoptrack.db.migrations import Lineage

CORE = Lineage("shoptrack", "shoptrack:revisions")
STORES, CATEGORIES = Store.__table__, Category.__table__
COUPLE = sa.table("couple", sa.column("left"))  # a table without ids

REBUILT = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0", None
def upgrade():
    options = {"table_kwargs": {"sqlite_autoincrement": True}}
    with op.batch_alter_table("stores", **options) as batch:
        batch.alter_column("name", existing_type=sa.String(100), nullable=False)
"""


@pytest.fixture
def connection(new_database):
    """Begin a transaction on a database that is up to date."""
    database = Database(new_database())
    migrations.migrate(database, [CORE])
    with database.engine.connect() as connection:
        yield connection
        connection.rollback()
    database.dispose()


def add(connection, **values) -> int:
    row = {"name": "Life", "name_folded": "life", "location": "Kyoto", "location_folded": "kyoto"}
    return connection.scalar(sa.insert(STORES).values(row | values).returning(STORES.c.id))


def delete(connection, id: int) -> None:
    connection.execute(sa.delete(STORES).where(STORES.c.id == id))


def test_the_last_id_is_known_though_its_row_is_deleted(connection):
    assert bulk_load.get_last_ids(connection, [STORES, CATEGORIES, COUPLE]) == {}
    for _ in range(3):
        last = add(connection)
    delete(connection, last)
    assert bulk_load.get_last_ids(connection, [STORES, CATEGORIES, COUPLE]) == {"stores": last}


@pytest.mark.parametrize(("last", "expected"), [({}, 8), ({"stores": 40}, 41), ({"stores": 3}, 8)])
def test_ids_go_on_after_the_largest_and_the_last(connection, last, expected):
    add(connection, id=7)
    bulk_load.reset_sequences(connection, [STORES, CATEGORIES], last)
    assert add(connection) == expected


def test_ids_go_on_in_a_table_that_is_empty(connection):
    bulk_load.reset_sequences(connection, [STORES], {"stores": 40})
    assert add(connection) == 41


def test_no_counter_goes_back(connection):
    for _ in range(5):
        delete(connection, last := add(connection))
    add(connection, id=1)
    bulk_load.reset_sequences(connection, [STORES], {"stores": 2})
    assert add(connection) == last + 1


@pytest.mark.database("postgresql")
def test_a_number_that_the_column_cannot_hold_is_passed_over(connection):
    bulk_load.reset_sequences(connection, [STORES], {"stores": 2**40})
    assert add(connection) == 1


@pytest.mark.database("postgresql")
def test_a_counter_that_may_not_be_read_ends_nothing(connection):
    add(connection)
    connection.execute(sa.text("CREATE ROLE filling_reader"))
    connection.execute(sa.text("SET LOCAL ROLE filling_reader"))
    assert bulk_load.get_last_ids(connection, [STORES]) == {}


def test_a_rebuilt_table_counts_on(connection, tmp_path, monkeypatch):
    """SQLite builds a table anew to change it."""
    folder = tmp_path / "rebuilding" / "revisions"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    (folder / "0.py").write_text(REBUILT)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "rebuilding", raising=False)
    delete(connection, last := add(connection))
    Lineage("rebuilding", "rebuilding:revisions").upgrade(connection)
    assert add(connection) == last + 1


@pytest.mark.database("sqlite")
def test_alone_a_rebuilt_table_would_begin_again(connection):
    """It is why the counters are kept."""
    delete(connection, add(connection))
    operations = Operations(MigrationContext.configure(connection))
    options = {"table_kwargs": {"sqlite_autoincrement": True}}
    with operations.batch_alter_table("stores", **options) as batch:
        batch.alter_column("name", existing_type=sa.String(100), nullable=False)
    assert add(connection) == 1
