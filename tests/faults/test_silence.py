"""PostgreSQL says nothing, as it stands still or its machine is gone: nobody waits for ever."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from shoptrack.db import Database
from shoptrack.db.database_errors import UNREACHABLE
from shoptrack.db.server_timeouts import GRACE_SECONDS, KEEPALIVE_OPTIONS

from .conftest import STATEMENT_SECONDS, THREADS
from .load import BROKEN, Load, check_refusals
from .processes import bounded

pytestmark = pytest.mark.database("postgresql")

STATEMENT = float(STATEMENT_SECONDS)
# For a statement's answer and for a new connection, and for a machine that has little time.
A_REQUEST = STATEMENT + GRACE_SECONDS + KEEPALIVE_OPTIONS["connect_timeout"] + 5
HERE, THERE = "10.213.77.1", "10.213.77.2"
NOWHERE = "02:00:00:00:00:01"
NOTICED_IN = {"tcp_user_timeout": "2000", "keepalives_idle": "1", "keepalives_interval": "1"}
# Takes connections at an address, and goes on with each at a socket of the file system.
FORWARDER = """
import asyncio, sys

async def copy(reader, writer):
    while part := await reader.read(65536):
        writer.write(part)
        await writer.drain()
    writer.close()

async def forward(reader, writer):
    beyond = await asyncio.open_unix_connection(sys.argv[2])
    await asyncio.gather(copy(reader, beyond[1]), copy(beyond[0], writer), return_exceptions=True)

async def main():
    server = await asyncio.start_server(forward, sys.argv[1], 5432)
    print("ready", flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


def check_frozen(load: Load, server) -> None:
    """Wait until every thread was kept waiting twice; the server is healthy all the while."""
    refused = load.statuses[503]
    while load.statuses[503] < refused + 2 * THREADS:
        health = server.request("GET", "/healthz")
        assert health.status == 200
        assert health.seconds < STATEMENT  # it did not wait for one of those threads
        assert load.slowest < A_REQUEST


def test_it_may_stand_still(server, cluster):
    with Load(server) as load:
        load.wait_for_more(40)
        with cluster.frozen():
            check_frozen(load, server)
        load.wait_for_calm()
    assert load.slowest < A_REQUEST
    assert load.statuses[BROKEN] == 0
    check_refusals(load)
    assert UNREACHABLE in {answer.json["detail"] for answer in load.refusals}


def ip(*arguments: str) -> None:
    """Run ``ip``.

    :raises OSError: it is not there
    :raises subprocess.CalledProcessError: it may not do that here
    """
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)


class Machine:
    """A network of its own, with an address at which PostgreSQL answers, until it is unplugged."""

    def __init__(self, name: str):
        self.name = name
        self._here, self._there = f"{name}h", f"{name}t"
        ip("netns", "add", name)
        ip("link", "add", self._here, "type", "veth", "peer", "name", self._there, "netns", name)
        ip("address", "add", f"{HERE}/30", "dev", self._here)
        ip("link", "set", self._here, "up")
        ip("-n", name, "address", "add", f"{THERE}/30", "dev", self._there)
        ip("-n", name, "link", "set", self._there, "up")

    @contextmanager
    def unplugged(self) -> Iterator[None]:
        """Have everything that is sent to it arrive nowhere, without a word."""
        neighbour = (THERE, "dev", self._here)
        ip("neigh", "replace", *neighbour, "lladdr", NOWHERE, "nud", "permanent")
        try:
            yield
        finally:
            ip("neigh", "del", *neighbour)

    def remove(self) -> None:
        """Take it away, with all that it consists of."""
        subprocess.run(["ip", "link", "del", self._here], check=False, capture_output=True)
        subprocess.run(["ip", "netns", "del", self.name], check=True)


@pytest.fixture
def machine() -> Iterator[Machine]:
    """Return another machine, or skip the test where none may be made."""
    name = f"st{os.getpid()}"
    try:
        machine = Machine(name)
    except (OSError, subprocess.CalledProcessError) as error:
        subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
        pytest.skip(f"making a network takes rights: {getattr(error, 'stderr', error)}")
    yield machine
    machine.remove()


@pytest.fixture
def address(household, cluster, machine) -> Iterator[str]:
    """Return the address of the household's database on the other machine."""
    url = household.database.url
    socket = f"{url.query['host']}/.s.PGSQL.{url.port or 5432}"
    command = ["ip", "netns", "exec", machine.name, sys.executable, "-c", FORWARDER, THERE, socket]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as forwarder,
        bounded(forwarder),
    ):
        assert forwarder.stdout.readline() == "ready\n"
        yield url.set(host=THERE, port=5432, query=NOTICED_IN)


def test_its_machine_may_vanish_without_a_word(household, serve, address, machine):
    named = address.render_as_string(hide_password=False)
    server = serve(household, DATABASE_URL=named)
    command = Database(address)  # has no limit of a statement
    with Load(server) as load, command.read_engine.connect() as connection:
        load.wait_for_more(40)
        connection.execute(text("SELECT 1"))
        with machine.unplugged():
            with pytest.raises(OperationalError):
                connection.execute(text("SELECT pg_sleep(600)"))
            check_frozen(load, server)
        load.wait_for_calm()
    command.dispose()
    server.stop()
    assert load.slowest < A_REQUEST
    assert load.statuses[BROKEN] == 0
    check_refusals(load)
    # Others, that waited for what one of those held which PostgreSQL missed only now, are told so.
    assert UNREACHABLE in {answer.json["detail"] for answer in load.refusals}
