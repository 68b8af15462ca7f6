"""How often a table has changed is counted by the database."""

import pytest
from sqlalchemy import func, select, text

from shoptrack.db import Database
from shoptrack.db.table_versions import TableVersion, install_triggers


@pytest.fixture
def version(database):
    """Return a function that returns a table's version."""

    def version(table: str) -> int:
        total = select(func.sum(TableVersion.version)).where(TableVersion.name == table)
        with database.read_engine.connect() as connection:
            return int(connection.scalar(total))

    return version


def add_units(database: Database, *names: str) -> None:
    with database.engine.begin() as connection:
        for name in names:
            connection.execute(text("INSERT INTO units (name) VALUES (:name)"), {"name": name})


@pytest.mark.parametrize(
    "change",
    ["UPDATE units SET name = 'b'", "DELETE FROM units", "INSERT INTO units (name) VALUES ('c')"],
)
def test_every_kind_of_change_counts(database, version, change):
    add_units(database, "a")
    before = version("units")
    with database.engine.begin() as connection:
        connection.execute(text(change))
    assert version("units") > before


@pytest.mark.database("postgresql")  # SQLite cannot truncate
def test_a_table_that_is_emptied_at_once_counts(database, version):
    before = version("shopping_records")
    with database.engine.begin() as connection:
        connection.execute(text("TRUNCATE shopping_records"))
    assert version("shopping_records") > before


def test_other_tables_do_not_count(database, version):
    before = version("categories")
    add_units(database, "a")
    assert version("categories") == before


def test_a_change_that_is_taken_back_inside_its_transaction_does_not_hide_the_next(
    database, version
):
    before = version("units")
    with database.engine.begin() as connection:
        savepoint = connection.begin_nested()
        connection.execute(text("INSERT INTO units (name) VALUES ('a')"))
        savepoint.rollback()
        connection.execute(text("INSERT INTO units (name) VALUES ('b')"))
    assert version("units") > before


def test_many_changes_in_one_transaction_leave_no_trail(database, version):
    """On PostgreSQL each count of one transaction would make the next one slower."""
    before = version("units")
    add_units(database, *(str(number) for number in range(50)))
    assert version("units") - before == (50 if database.is_sqlite else 1)


def test_watching_again_keeps_the_count(database, version):
    before = version("units")
    with database.engine.begin() as connection:
        install_triggers(connection, ["units"])
    assert version("units") == before
