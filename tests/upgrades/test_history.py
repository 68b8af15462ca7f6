"""The history was the administration's: it becomes the core's with every entry, and stays when that plugin goes."""

from contextlib import ExitStack

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError

from shoptrack.cli import Environment, commands
from shoptrack.cli.backup import backup, restore
from shoptrack.db import Database
from shoptrack.db.migrations.lineage_tables import LineageTable
from shoptrack.history import HistoryEntry
from shoptrack.testing import make_test_app

from .kept import get_kept_releases

LATER = {"job", "part_of", "undoes", "xid"}
TABLE = HistoryEntry.__tablename__
BEFORE = next(release for release in get_kept_releases() if release.name == "10-auth_0003")
ALL = ("shoptrack_auth", "shoptrack_admin", "shoptrack_reports")
WITHOUT = ("shoptrack_auth", "shoptrack_reports")
DOWN = ("--plugin", "admin", "--down", "base", "--yes")


@pytest.fixture
def run():
    """Return a function that runs a command of an installation with these plugins on a database."""
    with ExitStack() as stack:
        apps = {}

        def run(url, plugins, command, *arguments) -> str:
            if (url, plugins) not in apps:
                apps[url, plugins] = app = make_test_app(url, plugins)
                stack.callback(Database.of(app.registry).dispose)
            environment = Environment(None)
            environment.registry = apps[url, plugins].registry
            result = CliRunner().invoke(command, arguments, obj=environment)
            environment.database.dispose()
            assert result.exit_code == 0, result.output
            return result.output

        yield run


@pytest.fixture
def old(new_database):
    """Return the address of a database as the release before left it, and its entries."""
    url = new_database()
    BEFORE.fill(url)
    entries = read_entries(url)
    assert entries
    return url, entries


def read_entries(url) -> list:
    with ExitStack() as stack:
        database = Database(url)
        stack.callback(database.dispose)
        connection = stack.enter_context(database.read_engine.connect())
        # Of the columns that there were then.
        columns = [one for one in HistoryEntry.__table__.columns if one.name not in LATER]
        return connection.execute(select(*columns)).all()


def read_owners(url) -> dict[str, str]:
    with ExitStack() as stack:
        database = Database(url)
        stack.callback(database.dispose)
        connection = stack.enter_context(database.read_engine.connect())
        table = LineageTable.__table__
        return dict(connection.execute(select(table.c.name, table.c.lineage)).all())


def test_it_changes_hands_with_every_entry(old, run):
    url, entries = old
    assert read_owners(url)[TABLE] == "admin"
    run(url, ALL, commands.migrate)
    assert read_entries(url) == entries
    assert read_owners(url)[TABLE] == "shoptrack"
    assert run(url, ALL, commands.check) == "The models and the database agree.\n"


@pytest.mark.parametrize("is_migrated", [True, False])
def test_it_stays_when_the_administration_goes_and_comes(old, run, is_migrated):
    url, entries = old
    if is_migrated:
        run(url, ALL, commands.migrate)
    assert TABLE not in run(url, ALL, commands.migrate, *DOWN)
    assert read_entries(url) == entries
    run(url, ALL, commands.migrate)
    assert read_entries(url) == entries
    assert run(url, ALL, commands.check) == "The models and the database agree.\n"


def test_it_is_taken_over_where_the_administration_is_not_enabled(old, run):
    url, entries = old
    run(url, WITHOUT, commands.migrate)
    assert read_entries(url) == entries
    assert read_owners(url)[TABLE] == "shoptrack"
    run(url, WITHOUT, commands.migrate, *DOWN)
    assert read_entries(url) == entries
    assert run(url, WITHOUT, commands.check) == "The models and the database agree.\n"


def test_it_is_safe_wherever_it_comes_from(old, new_database, run):
    fresh = new_database()
    for url in (old[0], fresh):
        run(url, ALL, commands.migrate)
    run(fresh, ALL, commands.migrate, *DOWN)
    for url in (old[0], fresh):
        database = Database(url)
        with database.engine.begin() as connection:
            connection.execute(HistoryEntry.__table__.insert().values(action="added"))
        with (
            pytest.raises(DBAPIError, match="only added to"),
            database.engine.begin() as connection,
        ):
            connection.execute(delete(HistoryEntry))
        database.dispose()


def test_a_backup_before_the_upgrade_leaves_out_what_is_left_over(old, new_database, run, tmp_path):
    """Restored, its core has no history yet, and the plugin that had one then is not enabled."""
    file, url = str(tmp_path / "before.zip"), new_database()
    assert TABLE in run(old[0], WITHOUT, backup, file)
    run(url, WITHOUT, restore, file, "--unsigned")
    assert read_entries(url) == []
    assert run(url, WITHOUT, commands.check) == "The models and the database agree.\n"


def test_the_core_alone_has_one(new_database, run):
    url = new_database()
    run(url, (), commands.migrate)
    assert read_entries(url) == []
    assert run(url, (), commands.check) == "The models and the database agree.\n"
