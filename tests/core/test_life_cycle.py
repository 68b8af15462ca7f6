"""A plugin's tables come, change, are taken back or left over, and nobody else is stopped by it."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import URL

from shoptrack.cli import commands
from shoptrack.cli.backup import backup
from shoptrack.db import migrations, table_versions
from shoptrack.db.migrations import Lineages, LineageState, NewerSchema
from shoptrack.server import require_database
from tests.shop import Shop

from .conftest import WISH

# ---- Taking back --------------------------------------------------------------------------------


def test_a_plugin_that_is_taken_back_leaves_nothing(shop, wishlist):
    before = shop.migrated("auth").tables
    wishes = wishlist("wish_list", "wishes")
    shop.migrated("auth", wishes).execute(WISH)
    assert shop.version("wish_list_wishes")
    result = shop.migrate("--plugin", "wishes", "--down", "base", "--yes", plugins=("auth", wishes))
    assert result.exit_code == 0
    assert "  wish_list_shared (0 rows)\n  wish_list_wishes (1 row)\n" in result.output
    assert shop.tables == before
    assert "wishes" not in shop.revisions()
    assert shop.version("wish_list_wishes") is None
    assert all(row[1] != "wishes" for row in shop.rows("lineage_tables"))


def test_and_comes_again(shop, wishlist):
    wishes = wishlist("wish_list", "wishes")
    shop.migrated(wishes).execute(WISH)
    before = shop.tables
    shop.migrate("--plugin", "wish_list", "--down", "base", "--yes", plugins=(wishes,))
    assert shop.migrated(wishes).tables == before
    assert shop.rows("wish_list_wishes") == []


def test_to_a_revision_takes_back_only_what_came_later(shop, wishlist):
    wishes = wishlist("wish_list", "wishes")
    shop.migrated(wishes).execute(WISH)
    result = shop.migrate("--plugin", "wishes", "--down", "wishes_0001", "--yes", plugins=(wishes,))
    assert "  wish_list_shared (0 rows)\n  wish_list_wishes.price\n" in result.output
    assert shop.revisions()["wishes"] == "wishes_0001"
    assert shop.tables["wish_list_wishes"] == {"id", "note", "note_folded"}
    assert shop.rows("wish_list_wishes") == [(1, "Cake", "cake")]
    # The table may have been made anew, and its changes are counted still.
    before = shop.version("wish_list_wishes")
    shop.execute("UPDATE wish_list_wishes SET note = 'Pie'")
    assert shop.version("wish_list_wishes") > before


def test_nothing_is_removed_where_nobody_can_be_asked(shop, wishlist):
    wishes = wishlist("wish_list", "wishes")
    shop.migrated(wishes).execute(WISH)
    before = shop.tables
    result = shop.migrate("--plugin", "wishes", "--down", "base", plugins=(wishes,))
    assert result.exit_code == 1
    assert "wish_list_wishes (1 row)" in result.output
    assert "Use --yes to confirm." in result.output
    assert shop.tables == before
    assert len(shop.rows("wish_list_wishes")) == 1


@pytest.mark.parametrize(("answer", "stays"), [("n", True), ("y", False)])
def test_who_sits_at_a_terminal_is_asked(wishlist, tmp_path, answer, stays):
    shop = Shop(URL.create("sqlite", database=str(tmp_path / "shop.sqlite3")))
    wishes = wishlist("wish_list", "wishes")
    shop.migrated(wishes).execute(WISH)
    ini = tmp_path / "shop.ini"
    ini.write_text(
        f"[app:main]\nuse = egg:shoptrack\nshoptrack.debug = true\nshoptrack.plugins = {wishes}\n"
    )
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    url = shop.database.url.render_as_string(hide_password=False)
    arguments = ["--config", ini, "migrate", "--plugin", "wishes", "--down", "base"]
    done = subprocess.run(
        [Path(sys.executable).parent / "shoptrack", *arguments],
        stdin=theirs,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(tmp_path), "DATABASE_URL": url},
        timeout=300,
    )
    os.close(ours)
    os.close(theirs)
    assert "This can only be undone from a backup. Continue? [y/N]" in done.stdout
    assert done.returncode == (1 if stays else 0)
    assert ("wish_list_wishes" in shop.tables) is stays
    shop.close()


def test_a_line_that_others_come_after_stays(shop, wishlist):
    wishes, gifts = (
        wishlist("wish_list", "wishes"),
        wishlist("gift_list", "gifts", after=("wishes",)),
    )
    plugins = (gifts, wishes)
    before = shop.migrated(*plugins).tables
    result = shop.migrate("--plugin", "wishes", "--down", "base", "--yes", plugins=plugins)
    assert result.exit_code == 1
    assert "The migrations 'gifts' come after 'wishes'. Take them back first." in result.output
    result = shop.migrate("--plugin", "shoptrack", "--down", "base", "--yes", plugins=plugins)
    assert "'wishes', 'gifts' come after 'shoptrack'" in result.output
    assert shop.tables == before
    for plugin in ("gifts", "wishes"):
        shop.migrate("--plugin", plugin, "--down", "base", "--yes", plugins=plugins)
    assert not [name for name in shop.tables if name.startswith(("wish_list", "gift_list"))]


def test_the_core_stays_while_there_are_tables_of_plugins_that_are_switched_off(shop):
    before = shop.migrated("auth").tables
    result = shop.migrate("--plugin", "shoptrack", "--down", "base", "--yes")
    assert result.exit_code == 1
    assert "The migrations 'auth' come after 'shoptrack'. Take them back first." in result.output
    assert shop.tables == before


CATEGORY = "INSERT INTO categories (name) VALUES ('Meat')"


@pytest.mark.parametrize("to", ["shoptrack_0001", "base"])
def test_the_core_is_taken_back_and_comes_again(shop, to):
    """Its changes are counted by triggers, which stay as long as the table of the counts."""
    shop.migrated().execute(CATEGORY)
    result = shop.migrate("--plugin", "shoptrack", "--down", to, "--yes")
    assert result.exit_code == 0, result.output
    if to == "base":
        assert shop.tables == {}
    else:
        shop.execute("UPDATE categories SET name = 'Fish'")
        assert shop.rows("categories") == [(1, "Fish")]
    before = shop.migrated().version("categories")
    shop.execute("INSERT INTO categories (name) VALUES ('Tea')")
    assert shop.version("categories") > before


@pytest.mark.database("postgresql")  # SQLite refused to
def test_a_core_that_a_former_release_took_back_comes_again(shop, monkeypatch):
    """That left triggers without the table that they write to."""
    shop.migrated().execute(CATEGORY)
    with monkeypatch.context() as patch:
        patch.setattr(table_versions, "drop_triggers", lambda connection: None)
        shop.migrate("--plugin", "shoptrack", "--down", "shoptrack_0001", "--yes")
    assert shop.revisions() == {"shoptrack": "shoptrack_0001"}
    shop.migrated().execute("UPDATE categories SET name = 'Fish'")


def test_tables_that_others_refer_to_stay(shop, wishlist):
    wishes = wishlist("wish_list", "wishes")
    gifts = wishlist("gift_list", "gifts", after=("wishes",), refers="wish_list_wishes.id")
    before = shop.migrated(wishes, gifts).tables
    # Disabled, so that nothing but the database knows.
    result = shop.migrate("--plugin", "wishes", "--down", "base", "--yes", plugins=(wishes,))
    assert result.exit_code == 1
    assert "Other tables refer to those of 'wishes': gift_list_wishes (id)." in result.output
    assert shop.tables == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("--plugin", "wishes", "--down", "wishes_0002"),
            "It can be taken back to: wishes_0001, base.",
        ),
        (
            ("--plugin", "wishes", "--down", "nowhere"),
            "It can be taken back to: wishes_0001, base.",
        ),
        (("--plugin", "nobody", "--down", "base"), "The database has nothing of 'nobody'."),
        (("--plugin", "nobody"), "Available: shoptrack, wishes."),
        (("--down", "base"), "--down takes --plugin"),
        (("--plugin", "wishes", "--down", "base", "--only-default"), "no --only-default"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(shop, wishlist, arguments, sentence):
    wishes = wishlist("wish_list", "wishes")
    before = shop.migrated(wishes).tables
    result = shop.migrate(*arguments, "--yes", plugins=(wishes,))
    assert result.exit_code != 0
    assert sentence in result.output
    assert shop.tables == before


def test_what_was_never_applied_cannot_be_taken_back(shop, wishlist):
    wishes = wishlist("wish_list", "wishes")
    shop.migrated()
    result = shop.migrate("--plugin", "wishes", "--down", "base", "--yes", plugins=(wishes,))
    assert "The database has nothing of 'wishes'." in result.output


# ---- One plugin alone ---------------------------------------------------------------------------


def test_a_plugin_is_brought_up_to_date_with_what_it_needs_and_nothing_else(shop, wishlist):
    plugins = (
        wishlist("gift_list", "gifts", after=("wishes",)),
        wishlist("wish_list", "wishes"),
        wishlist("other_list", "others"),
    )
    result = shop.migrate("--plugin", "gift_list", plugins=plugins)
    assert result.output.endswith(" is up to date now: shoptrack, wishes, gifts.\n")
    assert set(shop.revisions()) == {"shoptrack", "wishes", "gifts"}


# ---- Left over ----------------------------------------------------------------------------------


@pytest.mark.parametrize("uninstalled", [False, True])
def test_what_a_plugin_left_is_warned_of_and_stops_nobody(
    shop, wishlist, tmp_path, caplog, uninstalled
):
    wishes, gifts = wishlist("wish_list", "wishes"), wishlist("gift_list", "gifts", then=None)
    shop.migrated(wishes, gifts).execute(WISH)
    if uninstalled:
        shop.forget(wishes)
        (tmp_path / wishes).rename(tmp_path / "gone")
    warning = (
        "wishes', which no enabled plugin uses: wish_list_shared, wish_list_wishes, alembic_version_wishes. "
        "Rows that they refer to cannot be deleted. To delete the tables, run: "
        "shoptrack migrate --plugin wishes --down base"
    )
    for command in (commands.migrate, commands.check):
        result = shop.run(command, plugins=(gifts,))
        assert result.exit_code == 0, result.output
        assert warning in result.stderr
        assert warning not in result.stdout
    app = shop.app(gifts)
    migrations.check_migrations(app.registry)
    require_database(app.registry, seconds=0)  # as a server does at its start
    assert [warning in record.getMessage() for record in caplog.records] == [True]
    assert shop.rows("wish_list_wishes")


@pytest.mark.parametrize("uninstalled", [False, True])
def test_and_can_be_removed_without_it(shop, wishlist, tmp_path, uninstalled):
    before = shop.migrated().tables
    wishes = wishlist("wish_list", "wishes")
    shop.migrated(wishes).execute(WISH)
    shop.forget(wishes)
    if uninstalled:
        (tmp_path / wishes).rename(tmp_path / "gone")
    result = shop.migrate("--plugin", "wishes", "--down", "base", "--yes")
    assert result.exit_code == 0, result.output
    assert "  wish_list_shared (0 rows)\n  wish_list_wishes (1 row)\n" in result.output
    assert shop.tables == before
    assert shop.version("wish_list_wishes") is None
    assert "Warning" not in shop.migrate().output


def test_so_can_tables_that_refer_to_those_of_the_core(shop, wishlist, tmp_path):
    before = shop.migrated().tables
    wishes = wishlist("wish_list", "wishes", refers="products.id")
    shop.migrated(wishes)
    shop.forget(wishes)
    (tmp_path / wishes).rename(tmp_path / "gone")
    result = shop.migrate("--plugin", "wishes", "--down", "base", "--yes")
    assert result.exit_code == 0, result.output
    assert shop.tables == before


def test_without_its_revisions_there_is_no_way_but_to_the_base(shop, wishlist, tmp_path):
    wishes = wishlist("wish_list", "wishes")
    before = shop.migrated(wishes).tables
    shop.forget(wishes)
    (tmp_path / wishes).rename(tmp_path / "gone")
    result = shop.migrate("--plugin", "wishes", "--down", "wishes_0001", "--yes")
    assert "not installed, so only --down base is possible" in result.output
    assert shop.tables == before


def test_tables_of_others_in_the_same_database_are_no_plugins(shop, wishlist):
    shop.migrated("auth")
    shop.execute("CREATE TABLE auth_user (id INTEGER)")
    result = shop.migrate()
    assert re.search(r"\bshoptrack_auth_users\b", result.output)
    assert not re.search(r"\bauth_user\b", result.output)
    shop.migrate("--plugin", "auth", "--down", "base", "--yes")
    assert "auth_user" in shop.tables
    assert "shoptrack_auth_users" not in shop.tables


def test_a_backup_says_that_it_is_without_them(shop, wishlist, tmp_path):
    shop.migrated(wishlist("wish_list", "wishes"))
    result = shop.run(backup, str(tmp_path / "shop.backup"))
    assert result.exit_code == 0
    assert "wish_list_wishes" in result.stderr
    assert "The backup is without them.\n" in result.stderr


def test_a_plugin_comes_back_to_what_it_left(shop, wishlist):
    wishes = wishlist("wish_list", "wishes")
    shop.migrated(wishes).execute(WISH)
    shop.migrated()
    result = shop.migrate(plugins=(wishes,))
    assert "is up to date" in result.output
    assert "Warning" not in result.output
    assert len(shop.rows("wish_list_wishes")) == 1


# ---- Newer than the code ------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["shoptrack", "wishes"])
def test_a_database_that_is_newer_than_the_code_is_refused(shop, wishlist, line):
    wishes = wishlist("wish_list", "wishes")
    shop.migrated(wishes)
    shop.execute(f"UPDATE alembic_version_{line} SET version_num = '{line}_9999'")
    before = shop.tables
    package = {"shoptrack": "shoptrack", "wishes": "wish_list"}[line]
    sentence = (
        f"The database was migrated by a newer release: {line} stands at {line}_9999, which the "
        f"installed {package} does not know."
    )
    for command in (commands.migrate, commands.check):
        result = shop.run(command, plugins=(wishes,))
        assert result.exit_code == 1
        assert f"Error: {sentence}" in result.output
    assert (
        sentence
        in shop.migrate("--plugin", line, "--down", "base", "--yes", plugins=(wishes,)).output
    )
    app = shop.app(wishes)
    with pytest.raises(NewerSchema, match="stands at"):
        migrations.check_migrations(app.registry)
    assert shop.tables == before


# ---- States -------------------------------------------------------------------------------------


def test_each_line_has_a_state(shop, wishlist):
    wishes = wishlist("wish_list", "wishes")
    shop.migrated()
    line = Lineages.of(shop.app(wishes).registry)["wishes"]
    states = [
        LineageState.from_revision(line, revision)
        for revision in (None, "wishes_0001", "wishes_0002", "x")
    ]
    assert states == [
        LineageState.NOT_APPLIED,
        LineageState.PENDING,
        LineageState.UP_TO_DATE,
        LineageState.AHEAD,
    ]


def test_names_with_one_another_as_beginning_are_told_apart(shop, wishlist):
    short, long = wishlist("wish_list", "wishes"), wishlist("wish_list_more", "more")
    shop.migrated(short, long)
    owners = {name: line for name, line, _ in shop.rows("lineage_tables")}
    assert owners["wish_list_wishes"] == "wishes"
    assert owners["wish_list_more_wishes"] == owners["wish_list_more_shared"] == "more"
    assert owners["products"] == "shoptrack"
