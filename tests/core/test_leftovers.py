"""Rows that a plugin's leftover tables refer to are kept, and the answer says what helps."""

import pytest

from shoptrack.cli.plugin_list import plugins
from shoptrack.db import Database
from shoptrack.permissions import Permissions
from shoptrack.testing import Client, identity, make_test_app

from .conftest import WISH

COMMAND = "shoptrack migrate --plugin wishes --down base"


@pytest.fixture
def make_client(shop):
    """Return a function that makes a client of an application with these plugins."""
    apps = []

    def make_client(*names: str) -> Client:
        ini = {"pyramid.includes": "shoptrack.testing.identity"}
        app = make_test_app(shop.database.url, names, **ini)
        apps.append(app)
        headers = identity.make_headers(1, Permissions.of(app.registry).declared)
        return Client(app, headers)

    yield make_client
    for app in apps:
        Database.of(app.registry).dispose()


@pytest.fixture
def delete_category(make_client):
    """Return a function that deletes category 1 by the API of an application with these plugins."""

    def delete_category(*names: str, status: int):
        return make_client(*names).delete("/api/categories/1/", status=status)

    return delete_category


@pytest.fixture
def delete_categories(make_client):
    """Return a function that deletes categories at once by the API of the core."""

    def delete_categories(ids: list[int], status: int):
        return make_client().delete_json("/api/categories/bulk/", {"ids": ids}, status=status)

    return delete_categories


@pytest.fixture
def referring(shop, wishlist) -> str:
    """Return a plugin whose table refers to category 1."""
    wishes = wishlist("wish_list", "wishes", refers="categories.id")
    shop.migrated(wishes)
    shop.execute("INSERT INTO categories (id, name) VALUES (1, 'Cake')")
    shop.execute(WISH)
    return wishes


@pytest.mark.parametrize("uninstalled", [False, True])
def test_the_answer_names_the_table_and_the_command(
    shop, referring, delete_category, tmp_path, uninstalled
):
    shop.forget(referring)
    if uninstalled:
        (tmp_path / referring).rename(tmp_path / "gone")
    answer = delete_category(status=409)
    assert answer.json == {
        "detail": (
            "This category is still in use by rows of the table wish_list_wishes, which no enabled "
            f"plugin uses. To delete the table, run: {COMMAND}"
        ),
        "code": "in_use",
        "references": {},
    }
    result = shop.migrate(*COMMAND.split()[2:], "--yes")
    assert result.exit_code == 0, result.output
    delete_category(status=204)


def test_no_command_deletes_the_table_of_an_enabled_plugin(referring, delete_category):
    answer = delete_category(referring, status=409)
    assert answer.json["detail"] == (
        "This category is still in use by rows of the table wish_list_wishes. "
        "Delete them or assign them another category first."
    )


def test_the_command_for_each_leftover_is_listed(shop, referring):
    shop.forget(referring)
    output = shop.run(plugins).output
    assert (
        "\nLeft over from wishes: wish_list_shared, wish_list_wishes\n"
        f"  To delete the tables, run: {COMMAND}\n"
    ) in output


def test_many_rows_at_once_are_kept_for_the_same_reason(shop, referring, delete_categories):
    shop.forget(referring)
    shop.execute("INSERT INTO categories (id, name) VALUES (2, 'Meat')")
    answer = delete_categories([2, 1], status=409)
    assert answer.json["detail"].endswith(f"To delete the table, run: {COMMAND}")
    assert [row[0] for row in shop.rows("categories")] == [1, 2]
