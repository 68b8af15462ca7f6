"""PgBouncer in transaction mode, which gives each transaction whichever of two connections is free."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import URL, text
from sqlalchemy.exc import OperationalError

from shoptrack.db import Database
from shoptrack.testing import Client, make_test_app, upgrade_database
from shoptrack_auth.hashers import UserPasswordHasher

pytestmark = pytest.mark.database("postgresql")

PATIENCE = 60  # seconds that PgBouncer may take to start
CONFIGURATION = """
[databases]
* = host={host} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
"""


@pytest.fixture(scope="module")
def pooler(postgresql: URL, tmp_path_factory) -> Iterator[int]:
    """Run PgBouncer before PostgreSQL, and return its port."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("pgbouncer is missing")
    host = str(postgresql.query["host"])
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    file = tmp_path_factory.mktemp("pgbouncer") / "pgbouncer.ini"
    file.write_text(CONFIGURATION.format(host=host, port=port, user=postgresql.username))
    command = [program, "--quiet", file]
    if os.geteuid() == 0:  # as which it does not run
        command[1:1] = ["--user", pwd.getpwuid(Path(host).stat().st_uid).pw_name]
    with subprocess.Popen(command) as process:
        yield port
        process.terminate()


@pytest.fixture
def pooled_app(pooler, new_database, plugins):
    """Build the application on a database that it reaches through PgBouncer alone."""
    direct: URL = new_database()
    migrated = make_test_app(direct, plugins)
    upgrade_database(migrated)
    Database.of(migrated.registry).dispose()
    url = direct.set(host="127.0.0.1", port=pooler, query={})
    app = make_test_app(url, plugins, shoptrack__db_pooled="true")
    end = time.monotonic() + PATIENCE
    while True:
        try:
            Database.of(app.registry).read_engine.connect().close()
            break
        except OperationalError:
            assert time.monotonic() < end
            time.sleep(0.05)
    yield app
    Database.of(app.registry).dispose()


def test_many_share_few_connections(pooled_app, plugins):
    client = Client(pooled_app)
    pooled_app.registry[UserPasswordHasher].limiter.max_slots = 6  # all of them may sign in at once
    body = {"username": "nobody", "password": "wrong"}

    def work(number: int) -> list[int]:
        answers = []
        for step in range(8):  # the driver would prepare a statement at its sixth time
            name = f"nobody{number}-{step}"
            answers.append(
                client.post_json("/api/auth/token/", body | {"username": name}, status="*")
            )
            answers.append(client.get("/readyz", status="*"))
        return [answer.status_int for answer in answers]

    with ThreadPoolExecutor(6) as threads:
        statuses = {status for several in threads.map(work, range(6)) for status in several}
    assert statuses == {200, 401}


def test_nothing_is_told_to_a_connection_that_others_get(pooled_app):
    database = Database.of(pooled_app.registry)
    with database.read_engine.connect() as connection:
        for _ in range(10):
            connection.execute(text("SELECT count(*) FROM stores"))
        assert connection.scalar(text("SELECT count(*) FROM pg_prepared_statements")) == 0
        assert connection.scalar(text("SHOW join_collapse_limit")) == "8"


def test_a_list_is_read_in_one_transaction(pooled_app):
    database = Database.of(pooled_app.registry)
    with database.engine.begin() as connection:
        rows = [{"name": f"{number}", "folded": f"{number}"} for number in range(2500)]
        connection.execute(
            text("INSERT INTO categories (name, name_folded) VALUES (:name, :folded)"), rows
        )
    with database.snapshot(1000) as one, database.snapshot(1000) as another:
        statement = text("SELECT id FROM categories")
        parts = zip(one.execute(statement), another.execute(statement), strict=True)
        assert len(list(parts)) == 2500
