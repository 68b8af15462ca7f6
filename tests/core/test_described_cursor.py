"""The cursors of PostgreSQL: columns that are described to who looks."""

import pytest
from sqlalchemy import text

pytestmark = pytest.mark.database("postgresql")


@pytest.fixture
def cursor(database):
    with database.read_engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        yield driver.cursor()


def test_a_table_is_described_as_psycopg_does_it(cursor):
    cursor.execute("SELECT 1 AS one, 'a' AS two")
    described = cursor.description
    assert described
    assert len(described) == 2
    assert [column.name for column in described] == ["one", "two"]
    assert described[-1][0] == "two"
    assert described[0].type_code == 23


def test_a_table_without_columns_is_one(cursor):
    assert cursor.execute("SELECT").description == []


def test_what_is_no_table_is_not_described(cursor):
    assert cursor.description is None
    assert cursor.execute("SET jit = off").description is None


def test_rows_are_known_by_names_that_no_statement_of_ours_gave(database):
    with database.read_engine.connect() as connection:
        row = connection.execute(text("SELECT 1 AS one, 2 AS two")).one()
        assert (row.one, row.two) == (1, 2)
        assert connection.exec_driver_sql("SELECT 3 AS three").mappings().one() == {"three": 3}
