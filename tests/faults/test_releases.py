"""Several processes that migrate at once, and one of the old release that serves while the new one has migrated."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import inspect, text

from shoptrack.db import Database
from shoptrack.db.migrations import check_migrations
from shoptrack.testing import SECRET_KEY, make_test_app

from .conftest import PLUGINS, STATEMENT_SECONDS
from .load import BROKEN, Load
from .processes import bounded, command

REPLICAS = 2
READER_SECONDS = float(STATEMENT_SECONDS) + 1
NEXT_RELEASE = "next_release"


def migrate(environ: dict[str, str]) -> tuple[int, str]:
    """Run ``shoptrack migrate``, and return its exit code and what it said."""
    process = command("migrate", environ=environ)
    with bounded(process):
        said, _ = process.communicate()
    return process.returncode, said


def test_replicas_may_migrate_at_once(new_database):
    url = new_database()
    environ = {
        "DATABASE_URL": url.render_as_string(hide_password=False),
        "SHOPTRACK_SECRET_KEY": SECRET_KEY,
        "SHOPTRACK_PLUGINS": " ".join(PLUGINS),
    }
    with ThreadPoolExecutor(REPLICAS) as replicas:
        ended = list(replicas.map(lambda _: migrate(environ), range(REPLICAS)))
    assert [code for code, _ in ended] == [0] * REPLICAS, ended
    app = make_test_app(url, PLUGINS)
    check_migrations(app.registry)
    Database.of(app.registry).dispose()


def test_an_old_replica_serves_while_the_new_one_has_migrated(household, server):
    environ = household.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    environ["SHOPTRACK_PLUGINS"] += f" {NEXT_RELEASE}"
    with Load(server) as load:
        load.wait(lambda: load.statuses[201] >= 40)
        process = command("migrate", environ=environ)
        # The reader is of a long list, for which a change of the table waits.
        with bounded(process), household.database.snapshot(1) as reader:
            reader.execute(text("SELECT id FROM stores")).first()
            if not household.database.is_sqlite:
                assert any("is locked by another transaction" in line for line in process.stdout)
            time.sleep(READER_SECONDS)
            reader.rollback()
            said, _ = process.communicate()
        assert process.returncode == 0, said
        load.wait_for_more(40)
    assert load.refusals == []
    assert load.statuses[BROKEN] == 0
    assert "note" in {
        column["name"] for column in inspect(household.database.read_engine).get_columns("stores")
    }
    assert server.request("GET", "/readyz").status == 200
