"""How the server starts: it waits for what it needs, not for ever, and says what for."""

import socket
import sqlite3
from time import monotonic

import pytest
from sqlalchemy import URL, make_url

from shoptrack.db import Database, check_connection
from shoptrack.db.migrations import NewerSchema, check_migrations
from shoptrack.server import startup
from shoptrack.testing import make_test_app, upgrade_database
from shoptrack.web.request_path import is_application_path

from ..pserve import PRODUCTION

NOBODY = "postgresql://shop:hunter2@127.0.0.1:1/shop"


def test_it_serves_once_the_tables_are_there(server, tmp_path):
    running = server(f"sqlite:///{tmp_path}/new.sqlite3").start()
    running.until_it_says("Waiting for the database .*Not up to date: shoptrack, auth.")
    assert "Serving on" not in running.said()
    assert running.migrate().returncode == 0
    running.until_it_answers()


def test_a_database_that_does_not_come_ends_the_start(server):
    started = server(NOBODY, start_seconds="0.6").start()
    assert started.end() == 1
    assert "Waiting for the database postgresql://shop:***@127.0.0.1:1/shop" in started.said()
    assert "ShopTrack does not start. Waited 0.6 seconds for the database" in started.said()
    assert "refused" in started.said()
    assert "Traceback" not in started.said()
    assert "hunter2" not in started.said()


def test_migrations_wait_for_the_database_too(server):
    done = server(NOBODY, start_seconds="0.6").migrate()
    assert done.returncode == 1
    assert "Waiting for the database postgresql://shop:***@127.0.0.1:1/shop" in done.stderr
    assert "Error: Waited 0.6 seconds for the database" in done.stderr
    assert "hunter2" not in done.stderr


def test_a_port_that_another_has_is_said_in_a_sentence(server):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ini = PRODUCTION.read_text().replace("get port = http_port", f"port = {port}")
        started = server(debug="true").start(ini)
        assert started.end() == 1
    sentence = (
        f"ShopTrack does not start. Cannot listen at 127.0.0.1:{port}: Address already in use."
    )
    assert started.said().splitlines()[-1].startswith(sentence)
    assert "Traceback" not in started.said()


def test_a_path_that_no_address_has_as_it_is_is_refused(server):
    ini = PRODUCTION.read_text().replace("threads = 8", "threads = 8\nurl_prefix = /買い物")
    started = server(debug="true").start(ini)
    assert started.end() == 1
    last = started.said().splitlines()[-1]
    assert last.startswith("ShopTrack does not start. url_prefix in the .ini file is '/買い物'.")
    assert "Traceback" not in started.said()


@pytest.mark.parametrize("prefix", ["/a shop", "/a/../b", "/" + "a" * 200])
def test_so_are_others(prefix):
    assert not is_application_path(prefix)


def test_a_schema_of_a_newer_release_is_refused_at_once(server, tmp_path):
    file = tmp_path / "newer.sqlite3"
    release = server(f"sqlite:///{file}")
    assert release.migrate().returncode == 0
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version_auth SET version_num = 'auth_9999'")
    connection.close()
    sentence = "migrated by a newer release: auth stands at auth_9999"
    assert release.start().end() == 1
    assert sentence in release.said()
    assert "Traceback" not in release.said()
    migrated = release.migrate()
    assert migrated.returncode == 1
    assert sentence in migrated.stderr


def test_wrong_settings_are_named_with_what_would_do(server):
    wrong = server(secret_key="", start_seconds="soon")
    assert wrong.start().end() == 1
    assert "Traceback" not in wrong.said()
    for said in (wrong.said(), wrong.migrate().stderr):
        assert "- SHOPTRACK_SECRET_KEY: not set." in said
        assert "production does not start without it" in said
    named = server(start_seconds="soon")
    assert named.start().end() == 1
    assert "- SHOPTRACK_START_SECONDS: found 'soon' in the environment." in named.said()
    assert "It takes seconds, 0 to 3600, in which a server that starts waits" in named.said()


def test_a_plugin_that_is_missing_is_named(server):
    without = server(plugins="not_there")
    assert without.start().end() == 1
    assert "not_there" in without.said()
    assert "Traceback" not in without.said()


def test_an_unknown_name_is_told_with_the_nearest(server):
    typo = server(start_secnds="5")
    assert typo.start().end() == 1
    assert "SHOPTRACK_START_SECNDS in the environment. Did you mean SHOPTRACK_START_SECONDS?" in (
        typo.said()
    )


@pytest.fixture
def silent():
    """Return the address of a server that takes connections and says nothing, as a PostgreSQL that stands still."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        # Two addresses, as `localhost` often has: each is tried for as long as a connection may take.
        yield f"postgresql://shop:hunter2@/shop?host=127.0.0.1,127.0.0.1&port={port},{port}"


def test_it_gives_up_within_the_seconds_that_it_has(silent):
    app = make_test_app(make_url(silent))
    started = monotonic()
    with pytest.raises(startup.DatabaseNotReady, match="Waited 1 seconds .* It does not answer."):
        startup.wait_for_check(app.registry, check_connection, 1)
    assert monotonic() - started < 4  # a single connection would be waited for for 5


@pytest.mark.parametrize("is_migration", [False, True], ids=["server", "migrate"])
def test_a_database_that_does_not_answer_ends_the_process(server, silent, is_migration):
    process = server(silent, start_seconds="1")
    if is_migration:
        done = process.migrate()
        code, said = done.returncode, done.stderr
    else:
        code, said = process.start().end(), process.said()
    assert code == 1
    assert "Waited 1 seconds for the database" in said
    assert said.rstrip().endswith("It does not answer.")
    assert "hunter2" not in said


def test_a_damaged_file_is_never_waited_for(server, tmp_path):
    file = tmp_path / "damaged.sqlite3"
    file.write_bytes(b"Nothing that is any good. " * 200)
    started = server(f"sqlite:///{file}", start_seconds="3600").start()
    assert started.end() == 1
    assert f"ShopTrack does not start. The database sqlite:///{file} cannot be used" in (
        started.said()
    )
    assert f"{file} is no SQLite file, or its header is damaged." in started.said()
    assert "Traceback" not in started.said()


def test_a_missing_folder_is_named(server, tmp_path):
    started = server(f"sqlite:///{tmp_path}/none/shop.sqlite3", start_seconds="0").start()
    assert started.end() == 1
    assert f"The folder {tmp_path}/none does not exist." in started.said()


def test_a_wal_without_its_file_is_neither_used_nor_deleted(server, tmp_path):
    wal = tmp_path / "moved.sqlite3-wal"
    wal.write_bytes(bytes(5000))
    started = server(f"sqlite:///{tmp_path}/moved.sqlite3", start_seconds="0").start()
    assert started.end() == 1
    assert "moved.sqlite3 is missing or empty" in started.said()
    assert wal.stat().st_size == 5000


def test_a_file_that_can_only_be_read_is_served_with_a_warning(server, migrated):
    url = make_url(migrated)
    reading = URL.create(
        "sqlite", database=f"file:{url.database}", query={"mode": "ro", "uri": "true"}
    )
    running = server(reading.render_as_string()).start().until_it_answers()
    running.until_it_says("Changes are refused. .* can only be read, as its address says mode=ro.")
    assert running.ask("/readyz").result()[0] == 503


@pytest.fixture
def app(new_database):
    app = make_test_app(new_database())
    yield app
    Database.of(app.registry).dispose()


def test_what_it_waits_for_is_told_once(app, caplog):
    with pytest.raises(startup.DatabaseNotReady, match="Not up to date: shoptrack"):
        startup.wait_for_check(app.registry, check_migrations, 2)
    assert len([line for line in caplog.messages if line.startswith("Waiting")]) == 1
    upgrade_database(app)
    startup.wait_for_check(app.registry, check_migrations, 0)


def test_a_database_that_answers_is_waited_for_no_longer(app):
    startup.wait_for_check(app.registry, check_connection, 0)


def test_a_newer_schema_is_never_waited_for(app):
    upgrade_database(app)
    with Database.of(app.registry).engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version_shoptrack SET version_num = 'x'")
    with pytest.raises(NewerSchema):
        startup.wait_for_check(app.registry, check_migrations, 60)
