"""Strangers who want the server's memory, its time, or all its connections: it gives little, and serves the others."""

import os
import resource
import socket
import stat
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest

from .conftest import THREADS, Household, Serve, settle
from .processes import Server, eventually

pytestmark = pytest.mark.database("sqlite")

MIB = 2**20
REQUESTS = 200
UNFINISHED = 50  # bodies
SILENT = 4100  # connections, more than there may be
OPEN, GUARDED = "/api/auth/token/", "/api/stores/"
BODIES = {
    "objects": b'{"a":[' + b'{"":0},' * 360_000 + b"0]}",
    "lists": b'{"a":[' + b"[]," * 850_000 + b"0]}",
    "texts": b'{"a":[' + b'"",' * 850_000 + b"0]}",
    "one text without an end": b'{"a": "' + b"x" * 2_500_000,
    "one text of commas": b'{"a": "' + b"," * 2_500_000 + b'"}',
}


@pytest.fixture(scope="module")
def empty_household(new_database) -> Iterator[Household]:
    household = settle(new_database(), 0)
    yield household
    household.database.dispose()


@pytest.fixture(scope="module")
def started_server(empty_household, serve: Serve) -> Iterator[Server]:
    """Start a server that has patience with those who send."""
    server = serve(empty_household, SHOPTRACK_REQUEST_SECONDS="60")
    for path in (OPEN, GUARDED):  # what the first request of its kind makes stays
        server.request("POST", path, {})
    yield server
    server.stop()


@pytest.fixture
def server(started_server: Server) -> Server:
    """Return the server, which forgets how much memory it once had."""
    Path(f"/proc/{started_server.process.pid}/clear_refs").write_text("5")
    return started_server


def memory(server: Server, name: str = "VmRSS") -> float:
    """Return the process's memory in MiB: ``VmRSS`` now, ``VmHWM`` the most that it was in this test."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition(f"{name}:")[2].split()[0]) / 1024


def files(server: Server) -> float:
    """Return in MiB what lies in files that the process has open and nobody else can find."""
    total = 0
    for each in Path(f"/proc/{server.process.pid}/fd").iterdir():
        try:
            found = os.stat(each)
        except FileNotFoundError:
            continue
        if stat.S_ISREG(found.st_mode) and found.st_nlink == 0:
            total += found.st_size
    return total / MIB


def seconds_of_work(server: Server) -> float:
    """Return the time of processors that the process has taken."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("path", [OPEN, GUARDED])
@pytest.mark.parametrize("body", BODIES)
def test_bodies_that_are_dear_to_read_cost_little(server, path, body):
    def post(_: int) -> int:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        headers = server.headers | {"Content-Type": "application/json"}
        connection.request("POST", path, BODIES[body], headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    worked, before = seconds_of_work(server), memory(server)
    with ThreadPoolExecutor(THREADS) as clients:
        statuses = Counter(clients.map(post, range(REQUESTS)))
    each = (seconds_of_work(server) - worked) / REQUESTS
    print(
        f"{body} at {path}: {dict(statuses)}, {1000 * each:.0f} ms of work each, "
        f"{before:.0f} MiB before, {memory(server, 'VmHWM'):.0f} at most, {memory(server):.0f} after"
    )
    # All eight at a time are more than what there is for long bodies.
    assert set(statuses) <= ({413} if path == OPEN else {400, 503})
    assert statuses[503] < REQUESTS / 2
    assert each < 0.1
    assert memory(server) < 200


def begin(server: Server, path: str, length: int) -> socket.socket:
    """Send the headers of a request whose body is to come."""
    connection = socket.create_connection(("127.0.0.1", server.port), 60)
    signed_in = "".join(f"{name}: {value}\r\n" for name, value in server.headers.items())
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{signed_in}Content-Length: {length}\r\n\r\n"
    connection.sendall(head.encode())
    return connection


def send(connection: socket.socket, length: int) -> None:
    """Send so much of a body, or as much as is taken."""
    part = b" " * 65_536
    try:
        for _ in range(length // len(part)):
            connection.sendall(part)
    except (ConnectionError, TimeoutError):
        pass


@pytest.mark.parametrize(
    ("length", "sent"), [(67_000_000, 8 * MIB), (2_500_000, 2_400_000)], ids=["refused", "taken"]
)
def test_bodies_that_do_not_end_have_a_budget(server, length, sent):
    before = memory(server)
    connections = [begin(server, GUARDED, length) for _ in range(UNFINISHED)]
    with ThreadPoolExecutor(UNFINISHED) as clients:
        list(clients.map(lambda connection: send(connection, sent), connections))
    held = memory(server, "VmHWM") - before + files(server)
    print(f"{UNFINISHED} bodies of {length} bytes, {sent} sent: {held:.0f} MiB held at most")
    assert held < 32
    assert server.request("POST", GUARDED, {"name": "Life", "location": "Kyoto"}).status == 201
    assert server.request("GET", "/healthz").status == 200
    statuses = Counter()
    for connection in connections:
        connection.settimeout(0.2)
        try:
            statuses[connection.recv(12)[9:]] += 1
        except TimeoutError:
            statuses[b"none yet"] += 1
        connection.close()
    print(dict(statuses))
    assert set(statuses) == ({b"413"} if length > 3 * MIB else {b"503", b"none yet"})


def test_connections_that_say_nothing_shut_nobody_out(server):
    needed = SILENT + 200
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < needed:
        pytest.skip(f"the system allows {hard} open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, needed), hard))
    silent = []
    try:
        for _ in range(SILENT):
            silent.append(socket.create_connection(("127.0.0.1", server.port), 60))
        started = time.monotonic()
        assert server.request("GET", "/healthz").status == 200
        seconds = time.monotonic() - started
        answers = [server.request("GET", "/api/stores/") for _ in range(20)]
        slowest = max(answer.seconds for answer in answers)
        print(f"{SILENT} silent: /healthz after {seconds:.2f} s, lists after {slowest:.2f} at most")
        assert {answer.status for answer in answers} == {200}
        assert max(seconds, slowest) < 15  # and not the two minutes of channel_timeout
        eventually(lambda: server.open_files < 100)  # SHOPTRACK_FIRST_BYTE_SECONDS
        assert memory(server, "VmHWM") < 200
    finally:
        for connection in silent:
            connection.close()
