"""Repeats with an ``Idempotency-Key``: after a process was killed, and while another one has the first request."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

import pytest
from sqlalchemy import func, select

from shoptrack.catalog.models import Category
from shoptrack.history import Action, HistoryEntry
from shoptrack.rest.idempotency import StoredResponse

from . import interrupted
from .conftest import Household, settle
from .processes import Answer, Client, Server, eventually

BULK = "/api/categories/bulk/"


@pytest.fixture
def household(new_database) -> Iterator[Household]:
    """Return a household without rows."""
    household = settle(new_database(), 0)
    yield household
    household.database.dispose()


@pytest.fixture
def start(household, serve, tmp_path):
    """Return a function that starts a server whose changes stop half-way."""
    environ = {
        "INTERRUPTED_FOLDER": str(tmp_path),
        "PYTHONPATH": str(Path(interrupted.__file__).parent),
        "SHOPTRACK_PLUGINS": f"{household.environ['SHOPTRACK_PLUGINS']} interrupted",
    }
    servers: list[Server] = []

    def start() -> Server:
        servers.append(serve(household, **environ))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def add(server: Server, name: str) -> Answer:
    """Add two categories, always by the same key."""
    client = Client(server.port, server.headers | {"Idempotency-Key": f'"{name}"'})
    try:
        return client.request("POST", BULK, [{"name": f"not {name}"}, {"name": name}])
    finally:
        client.close()


def count(household, name: str) -> tuple[int, int, int]:
    """Return the numbers of categories, of their history's entries and of kept responses."""
    labels = (name, f"not {name}")
    added = HistoryEntry.action == Action.ADDED, HistoryEntry.label.in_(labels)
    statement = select(
        *(
            select(func.count()).select_from(model).where(*conditions).scalar_subquery()
            for model, conditions in (
                (Category, [Category.name.in_(labels)]),
                (HistoryEntry, added),
                (StoredResponse, [StoredResponse.key == name]),
            )
        )
    )
    with household.database.read_engine.connect() as connection:
        return tuple(connection.execute(statement).one())


@pytest.mark.parametrize(
    ("name", "is_stored"), [(interrupted.AFTER, True), (interrupted.BEFORE, False)]
)
def test_a_repeat_after_a_crash_is_answered_truly(household, start, name, is_stored):
    server = start()
    with pytest.raises((OSError, HTTPException)):
        add(server, name)
    server.process.wait(60)
    assert count(household, name) == ((2, 2, 1) if is_stored else (0, 0, 0))
    server.start()
    first, second = add(server, name), add(server, name)
    assert (first.status, second.status) == (201, 201)
    assert first.body == second.body
    assert [row["name"] for row in first.json] == [f"not {name}", name]
    rows = [server.request("GET", f"/api/categories/{row['id']}/").json for row in first.json]
    assert rows == first.json
    assert count(household, name) == (2, 2, 1)


def test_a_repeat_while_another_process_has_the_first_request(household, start, tmp_path):
    name, one, other = interrupted.WAITS, start(), start()
    with ThreadPoolExecutor(2) as clients:
        first = clients.submit(add, one, name)
        eventually((tmp_path / "waits").exists)
        repeat = clients.submit(add, other, name)
        if household.database.is_sqlite:
            # Its repeat waits for the file, as any other writer does.
            eventually(lambda: other.metric("shoptrack_database_connections_in_use") > 0)
            assert not repeat.done()
        else:
            refused = repeat.result()
            assert (refused.status, refused.json["code"]) == (409, "request_in_progress")
        assert count(household, name) == (0, 0, 0)
        (tmp_path / "go on").touch()
        answers = [first.result(), add(other, name)]
        if household.database.is_sqlite:
            answers.append(repeat.result())
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    assert count(household, name) == (2, 2, 1)
