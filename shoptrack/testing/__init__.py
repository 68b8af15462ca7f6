"""Fixtures for ShopTrack's own tests and for those of plugins.

``pytest_plugins = ["shoptrack.testing"]`` in the ``conftest.py`` beside the tests gives them; a fixture
``plugins`` there says which plugins the application has. `docs/plugin-testing.md` goes through them.

Everything is real: the application, its migrations, SQLite and PostgreSQL, each test on both unless
a marker ``database`` names one. Requests commit, so that what happens at commit is tested too; the
tables are emptied after each test.

pytest does not find this by itself, through the entry point group ``pytest11``: every test run of an
environment that ShopTrack is installed in would import it with all models, and get fixtures of such
common names as ``app`` and ``client``.
"""

from shoptrack.testing.application import (
    SECRET_KEY,
    app,
    build_app,
    built_apps,
    make_test_app,
    plugins,
    settings,
    shared_app,
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
    "pytest_pycollect_makeitem",
    "pytest_report_header",
    "serve_app",
    "settings",
    "shared_app",
    "client_with",
    "stop_clock",
    "today",
]
