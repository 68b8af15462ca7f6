"""Files over real servers: memory and disk stay bounded, whatever clients do."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path

import pytest

from shoptrack.db import Database
from shoptrack.testing import SECRET_KEY, make_test_app, upgrade_database
from shoptrack.testing.http_server import run_server
from shoptrack.testing.identity import make_headers
from shoptrack.web.uploads import PENDING_UPLOADS

from ..pserve import PRODUCTION, Pserve
from . import pictures

pytestmark = pytest.mark.database("sqlite")

HEADERS = make_headers(1, ("pictures:view", "pictures:change"))
PNG = {"Content-Type": "image/png"}
CAT = "/api/pictures/cat/"
LIMIT = 300_000
MEBIBYTE = 2**20
LARGE = 64 * MEBIBYTE
MOST_GROWTH = 32 * MEBIBYTE
PATIENCE = 30  # seconds, for what takes a moment
PART = pictures.SIGNS["image/png"] + bytes(range(256)) * 256  # a bit more than 64 KiB


def eventually(condition) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def open_uploads(pid: int | str = "self") -> int:
    """Return how many files without a name a process has open."""
    folder = Path(f"/proc/{pid}/fd")
    links = []
    for entry in os.listdir(folder):
        try:
            links.append(os.readlink(folder / entry))
        except FileNotFoundError:
            continue
    return sum(link.endswith("(deleted)") for link in links)


@pytest.fixture(scope="module")
def application(new_database, tmp_path_factory):
    app = make_test_app(
        new_database(),
        (pictures.__name__,),
        pyramid__includes="shoptrack.testing.identity",
        shoptrack__pictures_folder=str(tmp_path_factory.mktemp("pictures")),
        shoptrack__max_upload_size=str(LIMIT),
    )
    upgrade_database(app)
    yield app
    Database.of(app.registry).dispose()


@pytest.fixture
def server(application):
    with run_server(application) as server:
        yield server
        eventually(lambda: server.pending.bytes == server.pending.disk_bytes == 0)


@pytest.fixture
def connect(server) -> Iterator:
    """Return a function that sends the beginning of an upload on a connection of its own."""
    connections: list[socket.socket] = []

    def connect(*headers: str, body: bytes = b"", to=server) -> socket.socket:
        address = ("127.0.0.1", int(to.effective_port))
        connections.append(socket.create_connection(address, PATIENCE))
        own = [f"{name}: {value}" for name, value in HEADERS.items()]
        lines = [
            f"PUT {CAT} HTTP/1.1",
            "Host: localhost",
            "Content-Type: image/png",
            *own,
            *headers,
        ]
        connections[-1].sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return connections[-1]

    yield connect
    for connection in connections:
        connection.close()


def read_status(connection: socket.socket) -> int:
    return int(connection.makefile("rb").readline().split()[1])


def ask(port: int, method: str, path: str = CAT, body=None, **options):
    """Send a request, and return status, headers, length and hash of the answer."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request(
            method, path, body, HEADERS | PNG | options.pop("headers", {}), **options
        )
        answer = connection.getresponse()
        length, digest = 0, sha256()
        while part := answer.read(MEBIBYTE):
            length += len(part)
            digest.update(part)
        return answer.status, answer.headers, length, digest.hexdigest()


@pytest.mark.parametrize("length", [8, 65_536, 65_537, LIMIT])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_file_arrives_with_and_without_its_length(server, length, is_chunked):
    body = (PART * 5)[:length]
    port = int(server.effective_port)
    options = {"body": iter([body]), "encode_chunked": True} if is_chunked else {"body": body}
    headers = {"Transfer-Encoding": "chunked"} if is_chunked else {}
    assert ask(port, "PUT", headers=headers, **options)[0] == 201
    status, headers, size, digest = ask(port, "GET")
    assert (status, size, digest) == (200, length, sha256(body).hexdigest())
    assert headers["Content-Type"] == "image/png"


def test_a_head_of_a_file_has_its_length_and_no_body(server):
    port = int(server.effective_port)
    ask(port, "PUT", body=PART)
    status, headers, length, _ = ask(port, "HEAD")
    assert (status, length) == (200, 0)
    assert headers["Content-Length"] == str(len(PART))


def test_a_range_of_a_file_is_sent(server):
    port = int(server.effective_port)
    ask(port, "PUT", body=PART)
    status, headers, length, digest = ask(port, "GET", headers={"Range": "bytes=60000-"})
    assert (status, length) == (206, len(PART) - 60_000)
    assert digest == sha256(PART[60_000:]).hexdigest()
    status, headers, *_ = ask(port, "GET", headers={"Range": "bytes=70000-"})
    assert (status, headers["Content-Type"]) == (416, "application/json")


def test_a_file_that_is_too_long_is_refused_before_it_comes(connect):
    assert read_status(connect(f"Content-Length: {LIMIT + 1}")) == 413
    assert read_status(connect("Content-Length: 9999999999", "Expect: 100-continue")) == 413


def test_a_file_without_a_length_is_refused_as_soon_as_it_is_too_long(connect):
    chunk = b"%x\r\n%s\r\n" % (len(PART), PART)
    connection = connect("Transfer-Encoding: chunked", body=chunk * 5)  # and no end
    assert read_status(connection) == 413


def test_who_leaves_half_way_leaves_nothing_behind(server, connect):
    before = open_uploads()
    for headers in ((f"Content-Length: {LIMIT}",), ("Transfer-Encoding: chunked",)):
        half = PART * 3 if headers[0][0] == "C" else b"%x\r\n%s" % (LIMIT, PART * 3)
        connection = connect(*headers, body=half)
        eventually(lambda: server.pending.disk_bytes == len(PART) * 3)
        assert open_uploads() == before + 1
        assert server.pending.bytes < 10_000  # the headers
        connection.close()
        eventually(lambda: server.pending.disk_bytes == 0)
        assert open_uploads() == before


def test_all_files_together_have_a_budget(server, connect):
    almost = (PART * 5)[: LIMIT - 1]
    for number in range(1, PENDING_UPLOADS + 1):
        connect(f"Content-Length: {LIMIT}", body=almost)
        eventually(lambda number=number: server.pending.disk_bytes == number * len(almost))
    refused = connect(f"Content-Length: {LIMIT}", body=almost)
    assert read_status(refused) == 503
    assert ask(int(server.effective_port), "PUT", body=PART[:8])[0] == 201


def test_a_disk_that_takes_nothing_is_said_and_logged(server, connect, monkeypatch, caplog):
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    assert read_status(connect(f"Content-Length: {LIMIT}", body=PART * 3)) == 503
    assert "Cannot write an upload to /nowhere" in caplog.text
    assert ask(int(server.effective_port), "PUT", body=PART[:8])[0] == 201


def test_a_file_that_arrives_slowly_has_time(application, connect):
    with run_server(application, request_seconds=1) as server:
        connection = connect(f"Content-Length: {LIMIT}", body=PART * 3, to=server)
        eventually(lambda: server.pending.disk_bytes == len(PART) * 3)
        [channel] = server.active_channels.values()
        eventually(lambda: time.monotonic() > channel.deadline)
        connection.sendall(PART)
        eventually(lambda: server.pending.disk_bytes == len(PART) * 4)
        connection.sendall((PART * 5)[len(PART) * 4 : LIMIT])
        assert read_status(connection) == 201


@pytest.fixture
def pserve(tmp_path) -> Iterator[Pserve]:
    """Run a server in a process of its own."""
    environ = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/shoptrack.sqlite3",
        "SHOPTRACK_DEBUG": "true",  # which takes a database without tables
        "SHOPTRACK_SECRET_KEY": SECRET_KEY,
        "SHOPTRACK_PLUGINS": "pictures",
        "SHOPTRACK_PICTURES_FOLDER": str(tmp_path),
        "SHOPTRACK_MAX_UPLOAD_SIZE": str(LARGE),
        "PYTHONPATH": str(Path(__file__).parent),
        "TMPDIR": str(tmp_path),
    }
    ini = tmp_path / "pictures.ini"
    section = "[app:main]\npyramid.includes = shoptrack.testing.identity"
    ini.write_text(PRODUCTION.read_text().replace("[app:main]", section))
    server = Pserve(ini, environ, tmp_path / "log")
    server.launch()
    try:
        eventually(lambda: server.listens() or server.process.poll() is not None)
        assert server.process.poll() is None, server.said()
        yield server
    finally:
        server.kill()


def resident(server: Pserve, kind: str) -> int:
    """Return the memory of a server in bytes: ``VmRSS`` now, ``VmHWM`` at most."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    [line] = [line for line in lines if line.startswith(kind)]
    return int(line.split()[1]) * 1024


def test_long_files_take_little_memory(pserve):
    port = pserve.port
    for _ in range(3):
        assert ask(port, "PUT", body=PART * 16)[0] == 201
        assert ask(port, "GET", f"{CAT}chunks/")[0] == 200
    before = resident(pserve, "VmRSS")
    parts = LARGE // len(PART)
    length = parts * len(PART)
    digest = sha256()
    for _ in range(parts):
        digest.update(PART)
    seconds = {}
    for path, is_chunked in ((CAT, False), ("/api/pictures/dog/", True)):
        headers = (
            {"Transfer-Encoding": "chunked"} if is_chunked else {"Content-Length": str(length)}
        )
        started = time.monotonic()
        body = iter([PART] * parts)
        assert ask(port, "PUT", path, body, headers=headers, encode_chunked=is_chunked)[0] == 201
        seconds[path] = time.monotonic() - started
        for url in (path, f"{path}chunks/"):
            started = time.monotonic()
            assert ask(port, "GET", url)[2:] == (length, digest.hexdigest())
            seconds[url] = time.monotonic() - started
    growth = resident(pserve, "VmHWM") - before
    print(f"{growth / MEBIBYTE:.1f} MiB more; seconds: {seconds}")
    assert growth < MOST_GROWTH
    assert open_uploads(pserve.process.pid) == 0


def test_who_leaves_a_server_half_way_leaves_no_file(pserve, tmp_path):
    files = set(tmp_path.iterdir())
    with socket.create_connection(("127.0.0.1", pserve.port), PATIENCE) as connection:
        lines = [f"PUT {CAT} HTTP/1.1", "Host: localhost", f"Content-Length: {LARGE}"]
        lines += [f"{name}: {value}" for name, value in (HEADERS | PNG).items()]
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + PART * 20)
        eventually(lambda: open_uploads(pserve.process.pid) == 1)
        assert set(tmp_path.iterdir()) == files  # it has no name
    eventually(lambda: open_uploads(pserve.process.pid) == 0)
