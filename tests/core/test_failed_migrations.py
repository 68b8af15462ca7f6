"""A migration that fails half-way changes nothing, whichever plugin brings it."""

import pytest

from .conftest import WISH

FAILURES = {
    "an error of Python's": ("1 / 0", "ZeroDivisionError: division by zero"),
    "an error of the database's": ("op.execute('DROP TABLE nowhere')", "nowhere"),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_a_migration_that_fails_half_way_leaves_everything_as_it_was(
    shop, wishlist, tmp_path, kind
):
    then, reason = FAILURES[kind]
    wishes = wishlist("wish_list", "wishes", then=None)
    shop.migrated(wishes).execute(WISH)
    before, revisions = shop.tables, shop.revisions()
    shop.forget(wishes)
    wishlist("wish_list", "wishes", then=then)
    gifts = wishlist("gift_list", "gifts")  # others that are carried out before and after it
    result = shop.migrate(plugins=("auth", gifts, wishes))
    assert result.exit_code == 1
    assert "Error: The migrations 'wishes' failed: " in result.output
    assert reason in result.output
    assert (
        f"({tmp_path}/wish_list/revisions/0002.py, line 11). Nothing was changed." in result.output
    )
    assert shop.tables == before
    assert shop.revisions() == revisions
    assert shop.rows("wish_list_wishes") == [(1, "Cake", "cake")]
    assert shop.migrate(plugins=("auth", gifts)).exit_code == 0


def test_and_so_does_one_that_fails_on_its_way_back(shop, wishlist):
    wishes = wishlist("wish_list", "wishes")
    shop.migrated(wishes).execute(WISH)
    before, revisions = shop.tables, shop.revisions()
    shop.execute("ALTER TABLE wish_list_shared RENAME TO wish_list_hidden")
    result = shop.migrate("--plugin", "wishes", "--down", "base", "--yes", plugins=(wishes,))
    assert result.exit_code == 1
    assert "The migrations 'wishes' failed" in result.output
    shop.execute("ALTER TABLE wish_list_hidden RENAME TO wish_list_shared")
    assert (shop.tables, shop.revisions()) == (before, revisions)
    assert shop.rows("wish_list_wishes")


def test_revisions_that_are_no_line_are_a_sentence(shop, wishlist, tmp_path):
    wishes = wishlist("wish_list", "wishes")
    path = tmp_path / "wish_list/revisions/0002.py"
    (path.parent / "0003.py").write_text(path.read_text().replace("wishes_0002", "wishes_0003"))
    result = shop.migrate(plugins=(wishes,))
    assert result.exit_code == 1
    assert "Error: The migrations 'wishes' cannot be read: " in result.output


def test_a_folder_of_revisions_that_is_not_there_is_a_sentence(shop, plugin):
    name = plugin(
        "wish_list", "def includeme(config): config.add_migrations('wishes', 'wish_list:no')"
    )
    result = shop.migrate(plugins=(name,))
    assert result.exit_code == 1
    assert "Error: The migrations 'wishes' cannot be read: " in result.output
