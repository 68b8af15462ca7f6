"""The database has the last word: it refuses what no check has seen, on both kinds alike."""

import pytest
from sqlalchemy import delete, event, insert, text, update
from sqlalchemy.exc import IntegrityError

from shoptrack.catalog.models import Category, Product, Store


@pytest.fixture
def execute(database):
    """Return a function that executes a statement in a transaction of its own."""

    def execute(statement):
        with database.engine.begin() as connection:
            return connection.execute(statement)

    return execute


def test_two_rows_of_one_name(make, execute):
    make.category(name="Meat")
    with pytest.raises(IntegrityError):
        execute(insert(Category).values(name="Meat"))


def test_a_row_that_refers_to_nothing(make, execute):
    product = make.product()
    with pytest.raises(IntegrityError):
        execute(update(Product).where(Product.id == product.id).values(unit_id=999))


def test_the_deletion_of_what_is_in_use(make, execute):
    record = make.record()
    for model, id in ((Store, record.store_id), (Product, record.product_id)):
        with pytest.raises(IntegrityError):
            execute(delete(model).where(model.id == id))


def test_null_where_a_value_is_needed(execute):
    with pytest.raises(IntegrityError):
        execute(insert(Store).values(name="Life"))


@pytest.fixture
def broken_constraint(execute):
    """Give units a constraint that fails itself."""
    execute(text("ALTER TABLE units ADD CONSTRAINT broken CHECK (length(name) / 0 = 1)"))
    yield
    execute(text("ALTER TABLE units DROP CONSTRAINT broken"))


@pytest.mark.database("postgresql")  # SQLite divides by zero
def test_a_value_refused_for_no_reason_of_the_clients_is_a_failure(api, broken_constraint):
    """It would be refused once more, so nobody is told to try again."""
    api.post_json("/api/units/", {"name": "g"}, status=500)


@pytest.fixture
def foreign_table(execute):
    """Make a table that no resource describes and that refers to categories."""
    execute(text("CREATE TABLE foreign_rows (category_id INTEGER REFERENCES categories (id))"))
    yield "foreign_rows"
    execute(text("DROP TABLE foreign_rows"))


def test_what_an_unknown_table_refers_to_is_kept_and_answered_409(
    api, make, execute, foreign_table
):
    category = make.category()
    execute(text(f"INSERT INTO {foreign_table} VALUES ({category.id})"))
    answer = api.delete(f"/api/categories/{category.id}/", status=409)
    assert (answer.json["code"], answer.json["references"]) == ("in_use", {})
    assert answer.json["detail"] == (
        "This category is still in use by rows of the table foreign_rows. "
        "Delete them or assign them another category first."
    )
    api.get(f"/api/categories/{category.id}/", status=200)


@pytest.mark.database("postgresql")  # SQLite lets nobody else write until the deletion has failed
def test_where_nothing_refers_to_the_row_any_more_another_request_was_faster(
    api, make, execute, database, foreign_table
):
    category = make.category()
    execute(text(f"INSERT INTO {foreign_table} VALUES ({category.id})"))

    def empty_table(connection, cursor, statement, *rest):
        if "count(" in statement:  # which finds out what refused the deletion
            execute(text(f"DELETE FROM {foreign_table}"))

    event.listen(database.read_engine, "before_cursor_execute", empty_table)
    answer = api.delete(f"/api/categories/{category.id}/", status=409)
    event.remove(database.read_engine, "before_cursor_execute", empty_table)
    assert answer.json == {
        "detail": "Another request changed the same data at the same time. Try again."
    }
    api.delete(f"/api/categories/{category.id}/", status=204)


def test_a_table_whose_rows_go_with_the_row_is_not_named(api, make, execute, foreign_table):
    category, follower = make.category(), "following_rows"
    key = "FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE CASCADE"
    execute(text(f"CREATE TABLE {follower} (category_id INTEGER, {key})"))
    try:
        for table in (foreign_table, follower):
            execute(text(f"INSERT INTO {table} VALUES ({category.id})"))
        answer = api.delete(f"/api/categories/{category.id}/", status=409)
        assert f"the table {foreign_table}. " in answer.json["detail"]
    finally:
        execute(text(f"DROP TABLE {follower}"))
