"""What a PostgreSQL server, database or role may set: it changes nothing, or a sentence says what would do."""

import re
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import URL, Connection, NullPool, create_engine, text

from shoptrack.cli import Environment
from shoptrack.cli.commands import migrate
from shoptrack.db import Database, migrations, postgresql_settings
from shoptrack.db.migrations import Lineages, check_migrations
from shoptrack.db.unfit import UnfitDatabase
from shoptrack.server import startup
from shoptrack.testing import make_test_app, upgrade_database
from shoptrack.testing.adverse import SETTINGS

pytestmark = pytest.mark.database("postgresql")
# The categories of settings that say what statements mean, and what is sent of their rows.
KINDS = "^(Client Connection Defaults|Version and Platform Compatibility|Error Handling)"
# How rows are stored, and new roles and databases made; words and money in a language; what one transaction has.
WITHOUT_EFFECT = [
    *("default_table_access_method", "default_tablespace", "default_toast_compression"),
    *("gin_pending_list_limit", "temp_tablespaces", "local_preload_libraries"),
    *("createrole_self_grant", "icu_validation_level", "lc_monetary", "lc_numeric", "lc_time"),
    *("transaction_deferrable", "transaction_isolation", "transaction_read_only"),
    "default_transaction_read_only",  # answered by sentences: tests/api/test_read_only.py
]
STATEMENTS = re.compile(r"(?:ALTER ROLE|GRANT) [^;]*;")


@pytest.fixture(scope="module")
def adverse_app(create_database, plugins):
    """Build the application on a database whose role has everything set otherwise."""
    app = make_test_app(create_database("adverse"), plugins)
    upgrade_database(app)
    yield app
    Database.of(app.registry).dispose()


@pytest.fixture
def new_app(new_database):
    """Build the application on a database of its own."""
    app = make_test_app(new_database())
    upgrade_database(app)
    yield app
    Database.of(app.registry).dispose()


@pytest.fixture
def administer(postgresql: URL):
    """Return a function that runs statements in a database, as the superuser of the tests' server."""

    def administer(url: URL, *statements: str) -> None:
        url = url.set(username=postgresql.username, password=postgresql.password)
        engine = create_engine(
            url,
            isolation_level="AUTOCOMMIT",
            poolclass=NullPool,
            connect_args={"client_encoding": "utf8"},
        )
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    return administer


def show(connection: Connection, name: str) -> str:
    return str(connection.scalar(text(f"SHOW {name}")))


def invoke_migrate(app):
    environment = Environment(None)
    environment.registry = app.registry
    return CliRunner().invoke(migrate, obj=environment)


# ---- What each connection is told ---------------------------------------------------------------


def test_every_connection_is_set_as_needed_whatever_the_role_says(adverse_app):
    database = Database.of(adverse_app.registry)
    needed = postgresql_settings.get_settings(20) | {
        "client_encoding": "UTF8",
        "statement_timeout": "20s",
    }
    for engine in (database.read_engine, database.engine):
        with engine.connect() as connection:
            there = set(connection.scalars(text("SELECT name FROM pg_settings"))) & set(needed)
            assert len(there) > 15
            found = {name: show(connection, name) for name in there}
            assert found == {name: needed[name] for name in there}


def test_a_setting_that_the_server_does_not_know_stops_no_connection(adverse_app):
    settings = {"of_a_later_release": "1", "DateStyle": "ISO, YMD"}
    with Database.of(adverse_app.registry).engine.connect() as connection:
        connection.exec_driver_sql(postgresql_settings.format_statement(settings))
        assert show(connection, "DateStyle") == "ISO, YMD"
        connection.rollback()


def test_whatever_a_role_may_set_for_answers_is_set_otherwise_in_tests(adverse_app):
    """A new version of PostgreSQL may bring a setting that nobody has looked at."""
    asked = text(
        "SELECT name FROM pg_settings WHERE context = 'user' AND category ~ :kinds "
        "AND name <> ALL(:others) AND name !~ '^vacuum_'"
    )
    with Database.of(adverse_app.registry).read_engine.connect() as connection:
        others = [*SETTINGS, *WITHOUT_EFFECT]
        assert set(connection.scalars(asked, {"kinds": KINDS, "others": others})) == set()


def test_a_command_waits_for_as_long_as_it_takes_whatever_the_role_says(adverse_app):
    command = Database(Database.of(adverse_app.registry).url)
    with command.read_engine.connect() as connection:
        assert show(connection, "statement_timeout") == "0"
    command.dispose()


def test_models_and_tables_agree_in_another_schema(adverse_app):
    lines = migrations.sort_lineages(Lineages.of(adverse_app.registry))
    with Database.of(adverse_app.registry).read_engine.connect() as connection:
        assert migrations.find_differences(connection, lines) == []
        schemas = "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename ~ '^(stores|shoptrack|alembic)'"
        assert connection.scalars(text(schemas)).all() == ["household"]


def test_a_schema_cannot_be_left_to_chance(new_app, administer):
    url = Database.of(new_app.registry).url
    administer(url, f"ALTER ROLE CURRENT_USER IN DATABASE {url.database} SET search_path = nowhere")
    Database.of(new_app.registry).dispose()
    with pytest.raises(UnfitDatabase, match="search_path is nowhere") as refused:
        check_migrations(new_app.registry)
    Database.of(new_app.registry).dispose()
    administer(url, *STATEMENTS.findall(str(refused.value)))
    check_migrations(new_app.registry)


# ---- What no connection can set -----------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1", "EUC_JP"])
def test_another_encoding_is_refused_with_the_command_that_makes_a_right_one(
    postgresql, administer, new_database, encoding
):
    url = new_database()
    administer(
        postgresql,
        f"DROP DATABASE {url.database}",
        f"CREATE DATABASE {url.database} TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'",
    )
    app = make_test_app(url)
    migrated = invoke_migrate(app)
    with pytest.raises(UnfitDatabase) as refused:
        startup.wait_for_check(app.registry, check_migrations, 60)
    Database.of(app.registry).dispose()
    assert migrated.exit_code == 1
    assert migrated.output == f"Error: {refused.value}\n"
    assert f"has the encoding {encoding}, and ShopTrack needs UTF8" in migrated.output
    command = "createdb --owner=postgres --encoding=UTF8 --template=template0 --locale=C NAME"
    assert migrated.output.endswith(f"{command}\n")


def test_behind_a_pooler_the_settings_are_refused_with_the_statements_that_mend_them(
    adverse_app, administer
):
    url = Database.of(adverse_app.registry).url
    pooled = make_test_app(url, shoptrack__db_pooled="true")
    with pytest.raises(UnfitDatabase) as refused:
        startup.wait_for_check(pooled.registry, check_migrations, 60)
    statements = STATEMENTS.findall(str(refused.value))
    assert len(statements) == len(postgresql_settings.REQUIRED_SETTINGS)
    assert "DateStyle is 'German, DMY'" in str(refused.value)
    administer(url, *statements)
    Database.of(pooled.registry).dispose()
    check_migrations(pooled.registry)
    Database.of(pooled.registry).dispose()


def test_triggers_and_keys_that_do_nothing_are_refused(new_app, administer):
    database = Database.of(new_app.registry)
    role = f"ALTER ROLE CURRENT_USER IN DATABASE {database.url.database}"
    administer(database.url, f"{role} SET session_replication_role = replica")
    database.dispose()
    with pytest.raises(UnfitDatabase, match="session_replication_role is 'replica'"):
        check_migrations(new_app.registry)


# ---- What a role may do -------------------------------------------------------------------------


@pytest.fixture
def guest(new_app, administer):
    """Build the application again, for a role that owns nothing."""
    url = Database.of(new_app.registry).url
    name = f"shoptrack_test_{uuid4().hex}"
    administer(url, f"CREATE ROLE {name} LOGIN PASSWORD '{url.password or name}'")
    app = make_test_app(url.set(username=name, password=url.password or name))
    yield app
    Database.of(app.registry).dispose()
    administer(url, f"DROP OWNED BY {name}", f"DROP ROLE {name}")


def test_tables_of_another_role_are_refused_with_the_statements_that_open_them(guest, administer):
    with pytest.raises(UnfitDatabase, match="may not use the tables alembic_version_") as refused:
        startup.wait_for_check(guest.registry, check_migrations, 60)
    statements = STATEMENTS.findall(str(refused.value))
    assert len(statements) == 2
    administer(Database.of(guest.registry).url, *statements)
    check_migrations(guest.registry)


def test_settings_are_those_of_the_role_that_signs_in_whatever_role_it_takes(
    guest, administer, postgresql
):
    url = Database.of(guest.registry).url
    role = f"ALTER ROLE {url.username} IN DATABASE {url.database}"
    administer(
        url,
        f"GRANT {postgresql.username} TO {url.username}",
        f"{role} SET role = {postgresql.username}",
        f"{role} SET search_path = nowhere",
    )
    with pytest.raises(UnfitDatabase, match="search_path is nowhere") as refused:
        check_migrations(guest.registry)
    Database.of(guest.registry).dispose()
    administer(url, *STATEMENTS.findall(str(refused.value)))
    check_migrations(guest.registry)


def test_a_schema_without_room_is_refused_with_the_statement_that_makes_some(guest, administer):
    url = Database.of(guest.registry).url
    administer(
        url,
        "DROP SCHEMA public CASCADE",
        "CREATE SCHEMA public",
        "GRANT USAGE ON SCHEMA public TO PUBLIC",
    )
    migrated = invoke_migrate(guest)
    assert migrated.exit_code == 1
    assert "may create no tables in the schema public." in migrated.output
    administer(url, *STATEMENTS.findall(migrated.output))
    assert invoke_migrate(guest).exit_code == 0
