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
    KEY,
    app,
    build,
    build_app,
    built_apps,
    plugins,
    settings,
    shared_app,
)
from shoptrack.testing.clients import Client, api, client, credentials, credentials_with, signed_in
from shoptrack.testing.clock import stop_clock, today
from shoptrack.testing.databases import (
    NewDatabase,
    create_database,
    database,
    empty,
    new_database,
    postgresql_databases,
    pytest_configure,
    pytest_pycollect_makeitem,
)
from shoptrack.testing.http_server import served
from shoptrack.testing.lineages import check_lineage
from shoptrack.testing.postgresql_server import (
    postgresql,
    pytest_addoption,
    pytest_report_header,
)
from shoptrack.testing.rows import Make, make
from shoptrack.testing.statements import counted
from shoptrack.testing.templates import bring_up_to_date

__all__ = [
    "KEY",
    "Client",
    "Make",
    "NewDatabase",
    "api",
    "app",
    "bring_up_to_date",
    "build",
    "build_app",
    "built_apps",
    "check_lineage",
    "client",
    "counted",
    "create_database",
    "credentials",
    "credentials_with",
    "database",
    "empty",
    "make",
    "new_database",
    "plugins",
    "postgresql",
    "postgresql_databases",
    "pytest_addoption",
    "pytest_configure",
    "pytest_pycollect_makeitem",
    "pytest_report_header",
    "served",
    "settings",
    "shared_app",
    "signed_in",
    "stop_clock",
    "today",
]
