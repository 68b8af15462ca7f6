"""How many statements the database executes: no more for many rows than for one."""

import pytest
from sqlalchemy import text

# Rows that refer to nothing, to four others, and to two of which one refers to others in turn.
several = pytest.mark.parametrize("path", ["stores", "products", "shopping-records"], indirect=True)


@pytest.fixture
def analyze(database):
    """Return a function that lets PostgreSQL plan for what is there now; by itself it would look a minute later."""

    def analyze():
        if not database.is_sqlite:
            with database.engine.begin() as connection:
                connection.execute(text("ANALYZE"))

    return analyze


@several
def test_reading_takes_the_same_number_whatever_the_number_of_rows(
    api, url, count_statements, make_rows, analyze
):
    """The user, the list's tag, its rows with how many there are; for an item the row."""
    for more in (1, 9, 190):
        ids = make_rows(more)
        analyze()
        assert count_statements(api.get, url) == 3
        assert count_statements(api.get, f"{url}?limit=5") == 3
        assert count_statements(api.get, f"{url}?limit=5&count=false&ordering=-id&search=a") == 3
        assert count_statements(api.get, f"{url}{ids[-1]}/") == 2
    assert len(api.get(url).json) == 200


@pytest.mark.database("sqlite")
def test_an_item_that_is_missing_takes_two(api, url, count_statements):
    assert count_statements(api.get, f"{url}999/", status=404) == 2


@pytest.mark.database("sqlite")
def test_refused_parameters_and_headers_take_the_users_only(api, url, count_statements):
    assert count_statements(api.get, f"{url}?unknown=1", status=400) == 1
    assert count_statements(api.get, url, headers={"Accept": "text/html"}, status=406) == 1


HISTORY = 1  # the entry that each change writes


@pytest.fixture
def change_limit(database):
    """Return how many statements a change takes: the user, the row and the change; PostgreSQL locks the row first."""
    return (3 if database.is_sqlite else 4) + HISTORY


@several
def test_a_change_reads_its_row_once(api, url, body, count_statements, make_rows, change_limit):
    """`If-Match` and the entry's old values are of the same reading as the row."""
    for more in (1, 9, 190):
        path = f"{url}{make_rows(more)[-1]}/"
        api.put_json(path, body | {"name": f"first{more}"} if "name" in body else body)
        for call in (api.patch_json, api.put_json):
            body |= (
                {"name": f"{call.__name__[:4]}{more}"}
                if "name" in body
                else {"price": more + len(call.__name__)}
            )
            etag = api.get(path).headers["ETag"]
            assert count_statements(call, path, body, headers={"If-Match": etag}) == change_limit
            assert count_statements(call, path, body) == change_limit - 1 - HISTORY, (
                "nothing is different"
            )
        etag = api.get(path).headers["ETag"]
        assert count_statements(api.delete, path, headers={"If-Match": etag}) == change_limit
        assert count_statements(api.post_json, url, body, status=201) == 3 + HISTORY


def test_a_reference_that_changes_is_read_by_one_more(api, count_statements, make, change_limit):
    product, category = make.product(), make.category()
    path = f"/api/products/{product.id}/"
    assert count_statements(api.patch_json, path, {"category_id": category.id}) == change_limit + 1


def test_what_the_database_refuses_is_told_by_one_more_statement(api, count_statements, make):
    """The user, the row, the sentences about it."""
    taken = {"name": make.category().name}
    assert count_statements(api.post_json, "/api/categories/", taken, status=400) == 3
    unknown = {"name": "Beef", "category_id": 999, "unit_id": 2**40}
    assert count_statements(api.post_json, "/api/products/", unknown, status=400) == 3
