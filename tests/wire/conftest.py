"""Fixtures of the transcripts."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from shoptrack.db import Database

from . import household
from .applications import Applications
from .transcript import Scenario

OPTION = "--record"


def pytest_addoption(parser) -> None:
    """Let whoever changes the wire on purpose record the transcripts."""
    parser.getgroup("shoptrack").addoption(
        OPTION,
        action="store_true",
        help="Write what the application responds into tests/wire/*.txt. Review the diff.",
    )


def pytest_configure(config) -> None:
    """Refuse to record in several processes, which would write the same files."""
    if _is_recording(config) and config.getoption("numprocesses", default=None):
        raise pytest.UsageError(f"{OPTION} writes files. Run it in one process, without -n.")


@pytest.fixture(scope="session")
def is_recording(pytestconfig) -> bool:
    """Tell whether responses are written into the transcripts."""
    return _is_recording(pytestconfig)


def _is_recording(config) -> bool:
    # Unknown where pytest comes to this folder only after it has read its options.
    return bool(config.getoption("record", default=False))


@pytest.fixture(scope="session")
def applications(shared_apps, plugins, settings) -> Iterator[Applications]:
    """Keep one served application for each name that transcripts use."""
    applications = Applications(shared_apps.get(plugins, settings), plugins)
    yield applications
    applications.close()


@pytest.fixture
def household_database(app, database: Database, hasher) -> Database:
    """Fill the database."""
    with database.engine.begin() as connection:
        household.restart_ids(connection)
    with database.session() as db, db.begin():
        household.fill(db)
    return database


@pytest.fixture
def people(
    household_database, make_user, grant, auth_headers
) -> Callable[[Scenario], Mapping[str, str]]:
    """Return a function that makes the users, and returns a token of each whom a scenario names."""

    def people(scenario: Scenario) -> dict[str, str]:
        tokens = {}
        for name, profile in household.USERS.items():
            user = make_user(name, **profile)
            grant(user, *household.PERMISSIONS.get(name, ()))
            if any(f"{{{name}}}" in text for text in scenario.texts()):
                tokens[name] = auth_headers(user)["Authorization"].removeprefix("Bearer ")
        return tokens

    return people
