"""Clients that are slow, idle or leave half-way: they are cut off or let go, and others are served meanwhile."""

import resource
import socket
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from .conftest import REQUEST_SECONDS, THREADS
from .load import BROKEN, Load
from .processes import eventually

SLOW = 50  # clients that send a byte now and then
IDLE = 1000  # connections on which nothing happens
STREAMS = 2  # long lists at a time: SHOPTRACK_MAX_STREAMS
LONG_LIST = "/api/shopping-records/"
BODY = b'{"name": "half of it'


class Connections:
    """Raw connections to a server."""

    def __init__(self, server):
        self._server = server
        self.all: list[socket.socket] = []

    def open(self, *options: tuple[int, int, int]) -> socket.socket:
        """Open one more."""
        connection = socket.socket()
        connection.settimeout(30)
        for option in options:
            connection.setsockopt(*option)
        connection.connect(("127.0.0.1", self._server.port))
        self.all.append(connection)
        return connection

    def head(self, first_line: str, *headers: str) -> bytes:
        """Return the beginning of a request of somebody who is signed in, up to its body."""
        signed_in = [f"{name}: {value}" for name, value in self._server.headers.items()]
        lines = [first_line, "Host: localhost", *signed_in, *headers, "", ""]
        return "\r\n".join(lines).encode()

    def close(self) -> None:
        """Close all."""
        for connection in self.all:
            connection.close()
        self.all.clear()


@pytest.fixture
def connections(server) -> Iterator[Connections]:
    connections = Connections(server)
    yield connections
    connections.close()


def everything(connection: socket.socket) -> bytes:
    """Return what comes until the server closes the connection."""
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


def drip(connections: Connections, byte: bytes, seconds: float) -> None:
    """Send a byte on each connection every now and then, also on those that are cut off."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for connection in connections.all:
            try:
                connection.send(byte)
            except OSError:
                continue
        time.sleep(0.2)


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_request_has_to_arrive_in_time(server, connections, part):
    for _ in range(SLOW):
        head = connections.head("POST /api/stores/ HTTP/1.1", "Content-Length: 1000")
        connections.open().sendall(head[:-4] if part == "headers" else head + BODY)
    with Load(server) as load:
        # The server looks once a second.
        drip(connections, b"x", float(REQUEST_SECONDS) + 2)
    assert load.statuses[201] > 0
    assert load.refusals == []
    assert load.statuses[BROKEN] == 0
    for connection in connections.all:
        try:
            said = everything(connection)
        except ConnectionResetError:  # it sent more than was read, after the answer
            continue
        assert said.startswith((b"HTTP/1.1 408 ", b"HTTP/1.0 408 ")), said
    eventually(lambda: server.metric("process_open_fds") < SLOW)


def test_idle_connections_stop_nobody(server, connections):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 2 * IDLE)), hard))
    for number in range(IDLE):
        connection = connections.open()
        if number % 2:  # half of them have been served, as a browser's are
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")
    eventually(lambda: server.open_files > IDLE)  # they wait in the system before they are taken
    with Load(server) as load:
        load.wait(lambda: load.statuses[201] >= 100)
    assert load.refusals == []
    assert load.statuses[BROKEN] == 0
    connections.close()
    eventually(lambda: server.open_files < IDLE)


@pytest.mark.parametrize("leaves", [True, False], ids=["it leaves", "it stays"])
def test_a_body_that_stops_half_way_writes_nothing(household, server, connections, leaves):
    def stores() -> int:
        with household.database.read_engine.connect() as connection:
            return connection.scalar(text("SELECT count(*) FROM stores"))

    before, files = stores(), server.open_files
    for _ in range(SLOW):
        head = connections.head("POST /api/stores/ HTTP/1.1", "Content-Length: 1000")
        connection = connections.open()
        connection.sendall(head + BODY)
    eventually(lambda: server.open_files >= files + SLOW - THREADS)
    if leaves:
        connections.close()
    eventually(lambda: server.open_files <= files + THREADS)
    assert stores() == before


def read_a_little(connections: Connections) -> bytes:
    """Ask for the long list, take the first of it, and no more."""
    small = (socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection = connections.open(small)
    connection.sendall(connections.head(f"GET {LONG_LIST} HTTP/1.1"))
    return connection.recv(12)


def test_who_leaves_in_the_middle_of_a_list_frees_its_connection(household, server, connections):
    for _ in range(3):
        assert read_a_little(connections) == b"HTTP/1.1 200"
        assert server.metric("shoptrack_long_lists") == 1
        assert server.metric("shoptrack_database_connections_in_use") == 1
        connections.close()
        # Who is not noticed to have left is cut off after a minute, so half of one shows that it is noticed.
        eventually(lambda: server.metric("shoptrack_database_connections_in_use") == 0)
        eventually(lambda: server.metric("shoptrack_long_lists") == 0)


def test_readers_that_stall_leave_the_rest_to_others(server, connections):
    told = sorted(read_a_little(connections) for _ in range(THREADS))
    assert told == [b"HTTP/1.1 200"] * STREAMS + [b"HTTP/1.1 503"] * (THREADS - STREAMS)
    with Load(server) as load:
        load.wait(lambda: load.statuses[201] >= 100)
    assert load.refusals == []
    connections.close()
    eventually(lambda: server.metric("shoptrack_long_lists") == 0)
