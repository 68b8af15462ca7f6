"""Requests that are too much for the server, over real connections: it refuses them before they take memory."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Event

import pytest
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.testing.http_server import run_server

APP = "http://app.example"
HEAD = f"Host: localhost\r\nOrigin: {APP}\r\n"
PATIENCE = 30  # seconds, for what takes a moment
UPLOAD = "/api/uploads/"


class Client:
    """A connection, to be sent parts of requests."""

    def __init__(self, server):
        address = ("127.0.0.1", int(server.effective_port))
        self.socket = socket.create_connection(address, PATIENCE)

    def send(self, first_line: str, *headers: str, body: bytes = b"") -> "Client":
        lines = [f"{first_line} HTTP/1.1", HEAD + "\r\n".join(headers)]
        self.socket.sendall("\r\n".join(lines).rstrip().encode() + b"\r\n\r\n" + body)
        return self

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of the next answer."""
        file = self.socket.makefile("rb")
        status = int(file.readline().split()[1])
        headers = dict(
            line.decode().strip().split(": ", 1) for line in iter(file.readline, b"\r\n")
        )
        return status, headers, file.read(int(headers["Content-Length"]))

    def is_closed(self) -> bool:
        """Wait until the server closes the connection without a word."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def close(self) -> None:
        self.socket.close()


class Served:
    """A running server, and its clients."""

    def __init__(self, server):
        self.server = server
        self._clients: list[Client] = []

    def client(self) -> Client:
        self._clients.append(Client(self.server))
        return self._clients[-1]

    def ask(self, first_line: str, *headers: str, body: bytes = b""):
        """Send a whole request on a connection of its own, and return the answer."""
        if body:
            headers = (*headers, f"Content-Length: {len(body)}")
        with closing(Client(self.server)) as client:
            return client.send(first_line, *headers, body=body).answer()

    def close(self) -> None:
        for client in self._clients:
            client.close()


def eventually(condition) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@contextmanager
def serving_clients(wsgi, **options) -> Iterator[Served]:
    with run_server(wsgi, **{"threads": 2, "ident": ""} | options) as server:
        served = Served(server)
        try:
            yield served
        finally:
            served.close()


@pytest.fixture
def served(make_wsgi):
    """Serve the small application, which has 4 MiB for requests."""
    wsgi = make_wsgi(cors_allowed_origins=APP, max_pending_size=4 * 2**20)
    with serving_clients(wsgi) as served:
        yield served
        served.close()
        eventually(lambda: served.server.pending.bytes == 0)


def check_refusal(answer, status: int) -> str:
    """Return the sentence of an answer that has what every answer has."""
    code, headers, body = answer
    assert code == status
    assert headers["Content-Type"] == "application/json"
    assert headers["Access-Control-Allow-Origin"] == APP
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Connection"] == "close"
    assert len(headers["X-Request-Id"]) == 32
    assert status != 503 or int(headers["Retry-After"]) > 0
    return json.loads(body)["detail"]


def test_a_declared_length_is_refused_before_a_byte_of_it_comes(served):
    for length in (2_621_441, 67_000_000, 10**12, 10**18):
        client = served.client().send(f"POST {UPLOAD}", f"Content-Length: {length}")
        assert "at most 2621440 bytes" in check_refusal(client.answer(), 413)
    assert served.ask("POST /api/things/", "Content-Length: 16385")[0] == 413


def test_a_length_of_5_000_digits_is_none(served):
    assert served.ask("POST /api/things/", f"Content-Length: {'9' * 5000}")[0] == 400


def test_a_body_without_a_length_is_refused_as_soon_as_it_is_too_long(served):
    client = served.client().send(f"POST {UPLOAD}", "Transfer-Encoding: chunked")
    chunk = b"%x\r\n%s\r\n" % (100_000, b"x" * 100_000)
    for _ in range(27):  # and no end
        client.socket.sendall(chunk)
    assert "at most 2621440 bytes" in check_refusal(client.answer(), 413)


def test_who_asks_before_sending_is_told(served):
    client = served.client()
    client.send(f"POST {UPLOAD}", "Content-Length: 3000000", "Expect: 100-continue")
    check_refusal(client.answer(), 413)


def test_who_sends_it_all_can_read_why_not(served):
    client = served.client().send(f"POST {UPLOAD}", "Content-Length: 9000000")
    for _ in range(90):
        client.socket.sendall(b"x" * 100_000)
    check_refusal(client.answer(), 413)
    assert client.is_closed()


def test_what_follows_a_body_that_is_refused_is_no_request(served):
    hidden = b"x" * 100 + b"\r\n\r\nGET /api/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
    client = served.client().send(f"POST {UPLOAD}", "Content-Length: 9000000", body=hidden)
    check_refusal(client.answer(), 413)
    assert client.is_closed()


def test_the_path_says_the_limit_however_it_is_written(served):
    for path in (
        "//api//things/",
        "//api/things/",
        "/api/%74hings/",
        "http://localhost/api/things/",
    ):
        length = 2_621_441 if "//things" in path else 16_385
        assert served.ask(f"POST {path}", f"Content-Length: {length}")[0] == 413


def test_all_together_have_a_budget_and_small_ones_a_part_of_it(served):
    length = "Content-Length: 2600000"
    first = served.client().send(f"POST {UPLOAD}", length, body=b"x" * 2_500_000)
    eventually(lambda: served.server.pending.bytes > 2_500_000)
    second = served.client().send(f"POST {UPLOAD}", length, body=b"x" * 700_000)
    assert "too many requests in hand" in check_refusal(second.answer(), 503)
    assert served.ask("POST /api/things/", body=b"x" * 16_000)[0] == 200
    assert served.ask("GET /api/things/")[0] == 200
    first.socket.sendall(b"x" * 100_000)
    assert json.loads(first.answer()[2])["body"] == 2_600_000
    eventually(lambda: served.server.pending.bytes == 0)
    assert served.ask(f"POST {UPLOAD}", body=b"x" * 2_600_000)[0] == 200


def test_who_leaves_gives_back_what_was_taken(served):
    for _ in range(3):
        client = served.client()
        client.send(f"POST {UPLOAD}", "Content-Length: 2600000", body=b"x" * 2_500_000)
        eventually(lambda: served.server.pending.bytes > 2_500_000)
        client.close()
        eventually(lambda: served.server.pending.bytes == 0)


def test_headers_that_do_not_end_are_counted_too(served):
    begun = b"GET / HTTP/1.1\r\nX: " + b"x" * 60_000
    for number in range(1, 53):  # three quarters of 4 MiB
        served.client().socket.sendall(begun)
        eventually(lambda number=number: served.server.pending.bytes == number * len(begun))
    last = served.client()
    last.socket.sendall(begun)
    status, headers, _ = last.answer()
    assert status == 503
    assert headers["Retry-After"] == "5"
    assert served.ask("GET /api/things/")[0] == 200


@pytest.mark.parametrize(("headers", "status"), [(190, 200), (201, 400)])
def test_there_may_be_200_headers(served, headers, status):
    assert served.ask("GET /api/things/", *(f"x{n}: y" for n in range(headers)))[0] == status


def test_the_oldest_silent_connection_makes_room(make_wsgi):
    with serving_clients(make_wsgi(), connection_limit=4) as served:
        half = served.client()
        half.socket.sendall(b"GET /api/things/ HTTP/1.1\r\n")
        silent = [served.client() for _ in range(2)]
        eventually(lambda: len(served.server.active_channels) == 3)
        kept = served.client()
        assert kept.send("GET /api/things/").answer()[0] == 200
        for closed in (*silent, kept):
            assert served.client().send("GET /api/things/").answer()[0] == 200
            assert closed.is_closed()
        half.socket.sendall(b"Host: localhost\r\n\r\n")
        assert half.answer()[0] == 200


def test_where_all_are_silent_but_one_that_sends_slowly_that_is_the_last_to_go(make_wsgi):
    with serving_clients(make_wsgi(), connection_limit=1) as served:
        half = served.client()
        half.socket.sendall(b"GET /api/things/ HTTP/1.1\r\n")
        eventually(lambda: any(one.request for one in served.server.active_channels.values()))
        assert served.ask("GET /api/things/")[0] == 200
        assert half.is_closed()


def test_where_all_are_at_work_one_is_told_to_come_again_and_health_answers(make_wsgi):
    goes_on = Event()

    def wait(request):
        assert goes_on.wait(PATIENCE)
        return Response("there", content_type="text/plain")

    def also(config):
        config.add_route("wait", "/api/wait/")
        config.add_view(wait, route_name="wait", permission=NO_PERMISSION_REQUIRED)

    wsgi = make_wsgi(also, cors_allowed_origins=APP)
    with serving_clients(wsgi, connection_limit=3, threads=1) as served:
        at_work = [served.client().send("GET /api/wait/") for _ in range(3)]
        channels = served.server.active_channels
        eventually(lambda: sum(bool(each.requests) for each in list(channels.values())) == 3)
        for _ in range(5):
            assert "too many connections" in check_refusal(served.ask("GET /api/things/"), 503)
            assert served.ask("GET /healthz")[0] == 200
        goes_on.set()
        assert [client.answer()[0] for client in at_work] == [200] * 3
        eventually(lambda: not any(each.requests for each in list(channels.values())))
        assert served.ask("GET /api/things/")[0] == 200


def test_a_new_connection_says_something_soon_and_one_that_was_served_may_rest(make_wsgi):
    with serving_clients(make_wsgi(), first_byte_seconds=0.1) as served:
        rests = served.client()
        assert rests.send("GET /api/things/").answer()[0] == 200
        assert served.client().is_closed()
        assert rests.send("GET /api/things/").answer()[0] == 200
