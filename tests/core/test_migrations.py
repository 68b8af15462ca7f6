import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import inspect

from shoptrack.db import Database, migrations
from shoptrack.db.migrations import Lineage, Lineages, MigrationError, NewerSchema, upgrade
from shoptrack.settings import ConfigurationError
from shoptrack.testing import Client, make_test_app, upgrade_database

CORE = Lineage("shoptrack", "shoptrack:revisions")
AUTH = Lineage("auth", "shoptrack_auth:revisions")


@pytest.fixture
def empty_database(new_database):
    database = Database(new_database())
    yield database
    database.dispose()


REVISION = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = {number!r}, {before!r}
def upgrade():
    {upgrade}
"""
TABLE = 'op.create_table("strange_rows", sa.Column("id", sa.Integer(), primary_key=True))'
BROKEN_ROW = "INSERT INTO products (name, category_id, unit_id) VALUES ('Beef', 1, 1)"


@pytest.fixture
def write_lineage(tmp_path, monkeypatch):
    """Return a function that writes a package with these revisions."""
    folder = tmp_path / "strange" / "revisions"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)

    def write_lineage(*upgrades: str) -> Lineage:
        before = None
        for number, script in enumerate(upgrades):
            revision = REVISION.format(number=str(number), before=before, upgrade=script)
            (folder / f"{number}.py").write_text(revision)
            before = str(number)
        return Lineage("strange", "strange:revisions")

    yield write_lineage
    sys.modules.pop("strange", None)


def tables(database: Database) -> set[str]:
    return set(inspect(database.read_engine).get_table_names()) - {"sqlite_sequence"}


def pending(database: Database, *lineages: Lineage) -> list[str]:
    with database.read_engine.connect() as connection:
        return migrations.find_pending(connection, lineages)


def differences(database: Database, *lineages: Lineage) -> list:
    with database.read_engine.connect() as connection:
        return migrations.find_differences(connection, lineages)


def test_each_package_has_a_version_table_of_its_own(empty_database):
    assert pending(empty_database, CORE, AUTH) == ["shoptrack", "auth"]
    migrations.migrate(empty_database, [CORE, AUTH])
    assert pending(empty_database, CORE, AUTH) == []
    assert {"alembic_version_shoptrack", "alembic_version_auth"} < tables(empty_database)


def test_migrating_again_changes_nothing(empty_database):
    migrations.migrate(empty_database, [CORE])
    before = tables(empty_database)
    migrations.migrate(empty_database, [CORE])
    assert tables(empty_database) == before


def test_models_and_database_agree_after_migrating(empty_database):
    migrations.migrate(empty_database, [CORE, AUTH])
    assert differences(empty_database, CORE, AUTH) == []


def test_a_missing_table_and_a_foreign_column_are_differences(empty_database):
    migrations.migrate(empty_database, [CORE])
    with empty_database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE shopping_records")
        connection.exec_driver_sql("ALTER TABLE stores ADD COLUMN colour VARCHAR(10)")
    found = {entry[0] for entry in differences(empty_database, CORE)}
    assert {"add_table", "remove_column"} <= found


@pytest.mark.parametrize("kept", [False, True])
def test_so_is_a_rebuilt_table_that_would_give_ids_again(empty_database, kept):
    migrations.migrate(empty_database, [CORE])
    options = {"table_kwargs": {"sqlite_autoincrement": True}} if kept else {}
    with migrations.open_exclusive_transaction(empty_database) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("stores", **options) as batch:
            batch.alter_column("name", existing_type=sa.String(100), nullable=False)
    lost = [("add_autoincrement", "stores")]
    assert differences(empty_database, CORE) == (
        lost if empty_database.is_sqlite and not kept else []
    )


def test_tables_of_a_plugin_that_is_switched_off_are_no_difference(empty_database):
    migrations.migrate(empty_database, [CORE, AUTH])
    assert differences(empty_database, CORE) == []


def test_a_plugin_that_was_taken_away_does_not_stop_the_others(empty_database):
    migrations.migrate(empty_database, [CORE, AUTH])
    migrations.migrate(empty_database, [CORE])
    assert pending(empty_database, CORE) == []


def test_a_failed_migration_leaves_nothing_half_done(empty_database, write_lineage):
    half_broken = write_lineage(TABLE, "op.drop_table('nowhere')")
    with pytest.raises(Exception, match="nowhere"):
        migrations.migrate(empty_database, [CORE, half_broken])
    assert tables(empty_database) == set()
    migrations.migrate(empty_database, [CORE])
    assert "categories" in tables(empty_database)


def test_so_does_one_that_leaves_broken_references(empty_database, write_lineage):
    """SQLite, which does not check them meanwhile, is asked at the end."""
    broken = write_lineage(f"op.execute({BROKEN_ROW!r})")
    sentence = "Rows of products would refer to" if empty_database.is_sqlite else "foreign key"
    with pytest.raises(MigrationError, match=sentence):
        migrations.migrate(empty_database, [CORE, broken])
    assert tables(empty_database) == set()


def test_a_newer_release_that_migrates_first_is_noticed(empty_database):
    """A command has looked before, and then waited for the other."""
    migrations.migrate(empty_database, [CORE])
    with empty_database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version_shoptrack SET version_num = 'newer'")
    with pytest.raises(NewerSchema, match="shoptrack stands at newer"):
        migrations.migrate(empty_database, [AUTH, CORE])
    assert "alembic_version_auth" not in tables(empty_database)


def test_who_serves_goes_on_while_a_newer_release_has_migrated(new_database):
    app = make_test_app(new_database())
    upgrade_database(app)
    database = Database.of(app.registry)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version_shoptrack SET version_num = 'newer'")
    assert Client(app).get("/readyz").json["checks"]["migrations"] == "ok"
    with pytest.raises(NewerSchema):  # as at the start
        migrations.check_migrations(app.registry)
    database.dispose()


def test_but_not_while_the_tables_of_a_plugin_are_missing(new_database):
    app = make_test_app(new_database(), ["shoptrack_auth"])
    database = Database.of(app.registry)
    migrations.migrate(database, [CORE])
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version_shoptrack SET version_num = 'newer'")
    answer = Client(app).get("/readyz", status=503)
    assert answer.json["checks"]["migrations"] == "failed"
    database.dispose()


@pytest.mark.database("postgresql")  # SQLite locks no tables
def test_a_table_in_use_is_waited_for_a_moment_and_then_again(empty_database, monkeypatch):
    """Others who come meanwhile would have to wait behind the migration."""
    with migrations.open_exclusive_transaction(empty_database) as connection:
        CORE.upgrade(connection, "shoptrack_0001")
    pauses = []
    with empty_database.engine.connect() as reader:

        def pause(seconds):
            pauses.append(seconds)
            reader.rollback()

        monkeypatch.setattr(upgrade, "LOCK_TIMEOUT_SECONDS", 0.1)
        monkeypatch.setattr(upgrade, "time", SimpleNamespace(sleep=pause))
        # Were it waited for without end, the server would end it.
        reader.exec_driver_sql("SET idle_in_transaction_session_timeout = '20s'")
        reader.exec_driver_sql("SELECT * FROM categories")
        migrations.migrate(empty_database, [CORE])
    assert pauses == [upgrade.RETRY_SECONDS]
    assert pending(empty_database, CORE) == []


def test_several_that_start_at_once_wait_for_each_other(empty_database):
    databases = [Database(empty_database.url) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda database: migrations.migrate(database, [CORE, AUTH]), databases))
    assert pending(empty_database, CORE, AUTH) == []
    for database in databases:
        database.dispose()


def test_foreign_keys_are_checked_again_after_migrating(empty_database):
    migrations.migrate(empty_database, [CORE])
    with (
        pytest.raises(Exception, match=r"(?i)foreign key"),
        empty_database.engine.begin() as connection,
    ):
        connection.exec_driver_sql(BROKEN_ROW)


def test_names_that_are_there_are_folded_by_the_migration(empty_database):
    with migrations.open_exclusive_transaction(empty_database) as connection:
        CORE.upgrade(connection, "shoptrack_0001")
        connection.exec_driver_sql(
            "INSERT INTO categories (name) VALUES ('ギュウニュウ'), ('Ｍeat')"
        )
    migrations.migrate(empty_database, [CORE])
    with empty_database.read_engine.connect() as connection:
        names = connection.exec_driver_sql("SELECT name_folded FROM categories ORDER BY id")
        assert names.scalars().all() == ["ぎゅうにゅう", "meat"]


@pytest.fixture
def django_database(empty_database):
    with empty_database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE django_migrations (id INTEGER)")
    return empty_database


def test_a_django_database_is_left_alone(django_database):
    with pytest.raises(MigrationError, match="--beside-django"):
        migrations.migrate(django_database, [CORE])
    assert tables(django_database) == {"django_migrations"}


def test_a_django_database_is_shared_when_somebody_says_so(django_database):
    migrations.migrate(django_database, [CORE], beside_django=True)
    assert {"django_migrations", "categories"} < tables(django_database)


def test_readiness_asks_for_every_line(new_database):
    app = make_test_app(new_database(), ("shoptrack_auth",))
    with pytest.raises(MigrationError, match="shoptrack, auth"):
        migrations.check_migrations(app.registry)
    upgrade_database(app)
    migrations.check_migrations(app.registry)
    Database.of(app.registry).dispose()


def test_the_core_comes_first_and_plugins_as_they_ask():
    last = Lineage("a", "a:revisions", after=("b",))
    lines = {line.name: line for line in (last, Lineage("b", "b:revisions"), CORE)}
    assert [line.name for line in migrations.sort_lineages(lines)] == ["shoptrack", "b", "a"]


def test_a_line_that_waits_for_nobody_stops_the_start():
    lines = {"a": Lineage("a", "a:revisions", after=("gone",))}
    with pytest.raises(ConfigurationError, match="'gone', which no plugin brings"):
        migrations.sort_lineages(lines)


def test_lines_that_wait_for_each_other_stop_the_start():
    lines = {n: Lineage(n, f"{n}:revisions", after=(o,)) for n, o in (("a", "b"), ("b", "a"))}
    with pytest.raises(ConfigurationError, match="wait for each other"):
        migrations.sort_lineages(lines)


def test_contributions_name_the_lines(app):
    names = ["shoptrack", "auth", "admin", "reports"]
    assert list(Lineages.of(app.registry)) == names
