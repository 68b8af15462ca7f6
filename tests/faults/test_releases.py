"""Several processes that migrate at once, and one of the old release that serves while the new one has migrated."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import inspect

from shoptrack.db import Database
from shoptrack.migrations import check_migrations
from shoptrack.testing import KEY, build

from .conftest import PLUGINS
from .load import BROKEN, Load
from .processes import command

REPLICAS = 2
NEXT_RELEASE = "next_release"


def migrate(environ: dict[str, str]) -> tuple[int, str]:
    """Run ``shoptrack migrate``, and return its exit code and what it said."""
    process = command("migrate", environ=environ)
    said, _ = process.communicate(timeout=60)
    return process.returncode, said


def test_replicas_may_migrate_at_once(new_database):
    url = new_database()
    environ = {
        "DATABASE_URL": url.render_as_string(hide_password=False),
        "SHOPTRACK_SECRET_KEY": KEY,
        "SHOPTRACK_PLUGINS": " ".join(PLUGINS),
    }
    with ThreadPoolExecutor(REPLICAS) as replicas:
        ended = list(replicas.map(lambda _: migrate(environ), range(REPLICAS)))
    assert [code for code, _ in ended] == [0] * REPLICAS, ended
    app = build(url, PLUGINS)
    check_migrations(app.registry)
    Database.of(app.registry).dispose()


def test_an_old_replica_serves_while_the_new_one_has_migrated(household, server):
    environ = household.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    environ["SHOPTRACK_PLUGINS"] += f" {NEXT_RELEASE}"
    with Load(server) as load:
        load.wait(lambda: load.statuses[201] >= 40)
        code, said = migrate(environ)
        assert code == 0, said
        added = load.statuses[201]
        load.wait(lambda: load.statuses[201] >= added + 40)
    assert load.refusals == []
    assert load.statuses[BROKEN] == 0
    assert "note" in {
        column["name"] for column in inspect(household.database.reads).get_columns("stores")
    }
    assert server.request("GET", "/readyz").status == 200
