"""What the command refuses as a whole, in a sentence."""

import pytest

from shoptrack.db import Database
from shoptrack.testing import make_test_app, upgrade_database


def test_running_twice_is_refused(old, run):
    assert run(old.address).exit_code == 0
    for arguments in ([], ["--dry-run"], ["--skip-invalid"]):
        result = run(old.address, *arguments)
        assert result.exit_code == 1
        assert "Error: ShopTrack's own tables hold rows already: shoptrack_auth_users, " in (
            result.stderr
        )
        assert result.stdout == ""


@pytest.mark.parametrize("kind", ["category", "unit", "manufacturer", "origin", "store"])
def test_a_table_with_a_row_is_named(old, run, make, kind):
    row = getattr(make, kind)()
    result = run(old.address)
    assert result.exit_code == 1
    assert f"hold rows already: {row.__tablename__}. Nothing was changed." in result.stderr


def test_so_is_a_user_who_was_made_before(old, run, make_user):
    make_user()
    result = run(old.address)
    assert result.exit_code == 1
    assert "hold rows already: shoptrack_auth_users." in result.stderr
    assert "before any user is made" in result.stderr


def test_another_database_is_told_what_it_lacks(run, new_database, plugins):
    url = new_database()
    app = make_test_app(url, plugins)
    upgrade_database(app)
    Database.of(app.registry).dispose()
    result = run(url.render_as_string(hide_password=False))
    assert result.exit_code == 1
    assert "This is no database of the Django backend that ShopTrack replaces: it lacks" in (
        result.stderr
    )
    for table in ("auth_user", "auth_permission", "django_content_type", "records_shoppingrecord"):
        assert f"{table}" in result.stderr


def test_a_column_that_lacks_is_named(old, run):
    old.execute(
        "ALTER TABLE records_store DROP COLUMN location", "DROP TABLE auth_group_permissions"
    )
    result = run(old.address)
    assert result.exit_code == 1
    assert "it lacks auth_group_permissions, records_store.location." in result.stderr


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("db.sqlite3", "It does not begin with a scheme and '://'."),
        ("mysql://ken@localhost/shop", "ShopTrack has no use for the scheme 'mysql'."),
        ("postgresql://ken:hush-hush@localhost", "It names no database after the host."),
        ("sqlite:///:memory:", "name a file."),
    ],
)
def test_a_wrong_address_is_explained(run, url, said):
    result = run(url)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Write it as sqlite:///db.sqlite3 or postgresql://" in result.stderr
    assert "hush-hush" not in result.output


@pytest.mark.parametrize(
    "url",
    ["sqlite:////nowhere/at/all.sqlite3", "postgresql://ken:hush-hush@127.0.0.1:1/nowhere"],
)
def test_a_database_that_is_away_is_a_sentence(run, url):
    result = run(url)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: The database cannot be used: ")
    assert "hush-hush" not in result.output


@pytest.mark.database("sqlite")
def test_a_file_that_is_not_there_is_not_made(run, tmp_path):
    path = tmp_path / "old.sqlite3"
    assert run(f"sqlite:///{path}").exit_code == 1
    assert not path.exists()


@pytest.mark.database("sqlite")
def test_a_file_of_another_kind_is_a_sentence(run, tmp_path):
    path = tmp_path / "old.sqlite3"
    path.write_text("no database at all " * 100)
    result = run(f"sqlite:///{path}")
    assert result.exit_code == 1
    assert result.stderr == "Error: The database cannot be used: file is not a database\n"


def test_a_database_of_shoptracks_that_is_not_migrated_is_a_sentence(
    old, run, new_database, plugins
):
    app = make_test_app(new_database(), plugins)
    result = run(old.address, app=app)
    Database.of(app.registry).dispose()
    assert result.exit_code == 1
    assert "Run: shoptrack migrate" in result.stderr


def test_without_the_plugin_it_says_how_to_switch_it_on(old, run, new_database):
    app = make_test_app(new_database(), ())
    result = run(old.address, app=app)
    Database.of(app.registry).dispose()
    assert result.exit_code == 1
    assert "SHOPTRACK_PLUGINS" in result.stderr


@pytest.mark.database("sqlite")
def test_an_address_is_needed(run):
    result = run()
    assert result.exit_code == 2
    assert "Missing argument 'URL'" in result.stderr
