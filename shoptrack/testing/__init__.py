"""Fixtures for ShopTrack's own tests and for those of plugins.

``pytest_plugins = ["shoptrack.testing"]`` in the ``conftest.py`` beside the tests enables them. A fixture
``plugins`` there lists the application's plugins. `docs/plugins/testing.md` describes all fixtures.

Nothing is mocked: tests use the real application, its migrations, SQLite and PostgreSQL. Each test runs on both
databases unless a marker ``database`` names one. Requests commit, so that behaviour at commit is tested too. The
tables are emptied after each test.

The fixtures are not registered in the entry point group ``pytest11``. Otherwise every test run in an environment with
ShopTrack would import all models. It would also get fixtures with common names such as ``app`` and ``client``.
"""

from shoptrack.testing.application import (
    SECRET_KEY,
    app,
    build_app,
    built_apps,
    make_test_app,
    plugins,
    pytest_fixture_setup,
    settings,
    shared_app,
    shared_apps,
)
from shoptrack.testing.clients import (
    Client,
    api,
    client,
    client_with,
    credentials,
    credentials_with,
)
from shoptrack.testing.clock import stop_clock, today
from shoptrack.testing.databases import (
    NewDatabase,
    create_database,
    database,
    delete_all_rows,
    new_database,
    postgresql_databases,
    pytest_configure,
    pytest_pycollect_makeitem,
)
from shoptrack.testing.http_server import serve_app
from shoptrack.testing.jobs import run_job
from shoptrack.testing.lineages import check_lineage
from shoptrack.testing.postgresql_server import (
    postgresql,
    pytest_addoption,
    pytest_report_header,
)
from shoptrack.testing.rows import RowFactory, make
from shoptrack.testing.statements import capture_statements
from shoptrack.testing.templates import upgrade_database

__all__ = [
    "SECRET_KEY",
    "Client",
    "RowFactory",
    "NewDatabase",
    "api",
    "app",
    "upgrade_database",
    "make_test_app",
    "build_app",
    "built_apps",
    "check_lineage",
    "client",
    "capture_statements",
    "create_database",
    "credentials",
    "credentials_with",
    "database",
    "delete_all_rows",
    "make",
    "new_database",
    "plugins",
    "postgresql",
    "postgresql_databases",
    "pytest_addoption",
    "pytest_configure",
    "pytest_fixture_setup",
    "pytest_pycollect_makeitem",
    "pytest_report_header",
    "run_job",
    "serve_app",
    "settings",
    "shared_app",
    "shared_apps",
    "client_with",
    "stop_clock",
    "today",
]
