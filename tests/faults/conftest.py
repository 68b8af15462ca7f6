"""A household on a database of its own, and servers for it that are stopped whatever happens."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url

from shoptrack.cli.demo import load_demo
from shoptrack.db import Database
from shoptrack.testing import SECRET_KEY, make_test_app, upgrade_database
from shoptrack.testing.postgresql_server import OPTION, own_server
from shoptrack_auth import sessions, users
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.tokens import Tokens
from shoptrack_auth.user_management import OPERATOR

from ..pserve import PRODUCTION
from .cluster import Cluster
from .processes import Server, eventually

PLUGINS = ("shoptrack_auth", "shoptrack_admin")
METRICS_TOKEN = "a-token-for-the-metrics"
# More than writers of SQLite, which take no limiter, wait for each other on a machine that has little time.
STATEMENT_SECONDS = "5"
REQUEST_SECONDS = "4"
RECORDS = 70_000  # more of a list than the server's and the system's buffers take
THREADS = 8  # of the server, as production.ini says


def pytest_collection_modifyitems(items) -> None:
    """Let one process do what there is for SQLite, and another what there is for PostgreSQL: most of it waits."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            database = (
                item.callspec.params.get("new_database", "") if hasattr(item, "callspec") else ""
            )
            item.add_marker(pytest.mark.xdist_group(database or "sqlite"))


@dataclass(frozen=True)
class Household:
    """A database that is up to date, with somebody who is signed in."""

    database: Database
    headers: dict[str, str]

    @property
    def environ(self) -> dict[str, str]:
        """Return the settings of a server for it."""
        return {
            "DATABASE_URL": self.database.url.render_as_string(hide_password=False),
            "SHOPTRACK_SECRET_KEY": SECRET_KEY,
            "SHOPTRACK_PLUGINS": " ".join(PLUGINS),
            "SHOPTRACK_STATEMENT_SECONDS": STATEMENT_SECONDS,
            "SHOPTRACK_REQUEST_SECONDS": REQUEST_SECONDS,
            "SHOPTRACK_METRICS_TOKEN": METRICS_TOKEN,
        }


def settle(url: URL, records: int, **ini: str) -> Household:
    """Migrate and fill a database, and sign a user in, with settings as `make_test_app` takes them."""
    # A household outlives the five minutes of a token: who signed in stays so through all tests.
    app = make_test_app(url, PLUGINS, **{"shoptrack__access_token_seconds": "86400"} | ini)
    upgrade_database(app)
    database = Database.of(app.registry)
    if records:
        with database.engine.begin() as connection:
            load_demo(connection, until=date(2026, 1, 1), records=records)
    with database.session() as db, db.begin():
        ken = users.create(
            db, app.registry[UserPasswordHasher], "ken", None, by=OPERATOR, force=True
        )
    with database.session() as db, db.begin():
        proof = sessions.VerifiedPassword(ken.id, ken.password_version)
        sign_in = sessions.create_session(db, proof, sessions.Device("127.0.0.1", "a test"), 86_400)
    assert sign_in is not None
    token = app.registry[Tokens].issue_access(ken.id, sign_in.claim)
    return Household(database, {"Authorization": f"Bearer {token}"})


@pytest.fixture(scope="session")
def postgresql(pytestconfig) -> Iterator[URL]:
    """Return the address of a server that may be stopped, and that writes as a real one does."""
    if named := pytestconfig.getoption(OPTION):
        yield make_url(named).set(drivername="postgresql+psycopg")
        return
    with own_server(is_durable=True) as server:
        yield server


@pytest.fixture(scope="session")
def household(new_database) -> Iterator[Household]:
    """Return a household, one on SQLite and one on PostgreSQL."""
    household = settle(new_database(), RECORDS)
    yield household
    household.database.dispose()


Serve = Callable[..., Server]


@pytest.fixture(scope="session")
def serve(tmp_path_factory) -> Iterator[Serve]:
    """Return a function that starts a server for a household; settings are given by their names."""
    folder: Path = tmp_path_factory.mktemp("servers")
    servers: list[Server] = []

    def serve(household: Household, ini: Path = PRODUCTION, **settings: str) -> Server:
        log = folder / f"{len(servers)}.log"
        server = Server(household.environ | settings, household.headers, log, ini)
        servers.append(server)
        return server

    yield serve
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def shared_server(household: Household, serve: Serve) -> Iterator[Server]:
    """Start the household's server. It goes on through all tests: none may leave it hurt."""
    server = serve(household)
    yield server
    server.stop()


@pytest.fixture
def server(shared_server: Server) -> Iterator[Server]:
    """Return the household's server, and see after the test that it serves as before."""
    yield shared_server
    with ThreadPoolExecutor(THREADS) as clients:
        path = "/api/stores/?limit=1"
        answers = clients.map(lambda _: shared_server.request("GET", path), range(THREADS))
    assert [answer.status for answer in answers] == [200] * THREADS
    eventually(lambda: shared_server.metric("shoptrack_database_connections_in_use") == 0)


@pytest.fixture
def cluster(household, pytestconfig) -> Cluster:
    """Return the server of the household's PostgreSQL; skip a test where there is none that may be hurt."""
    if pytestconfig.getoption(OPTION):
        pytest.skip("somebody else's server is not stopped")
    return Cluster(household.database)
