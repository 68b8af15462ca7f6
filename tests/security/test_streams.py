"""Responses that are made while they are sent, of every kind: clients that take nothing stop nobody."""

import gc
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime
from http.client import HTTPConnection

import pytest
from pyramid.interfaces import IContextFound
from sqlalchemy import insert
from sqlalchemy.exc import InvalidRequestError
from waitress.adjustments import Adjustments

from shoptrack.cli.demo import load_demo
from shoptrack.db import Database
from shoptrack.errors import ServiceUnavailable
from shoptrack.history import Action, ActionSource, HistoryEntry
from shoptrack.rest import views
from shoptrack.testing import serve_app, upgrade_database
from shoptrack.testing.application import make_test_app
from shoptrack.web import streams
from shoptrack.web.streams import StreamLimiter

SLOTS = 2
CLIENTS = 8  # as many as the server has threads
RECORDS = 2000
CHUNK_ROWS = RECORDS // 4  # so that a response that ends half-way leaves something unread
# A few kilobytes fill all buffers, so that a client that takes nothing holds its thread.
SMALL = {
    "threads": CLIENTS,
    "outbuf_high_watermark": 1000,
    "clear_untrusted_proxy_headers": False,
}
KINDS = {
    "a list": "/api/shopping-records/",
    "an export": "/api/shopping-records/export/",
    "rows": "/admin/shopping-records/export.csv",
    "the history": "/admin/history/export.csv",
    "a report": "/api/reports/spending/?group_by=product,month&format=csv",
    "a plugin's": "/api/streams/told/",
    "a plugin's own iterable": "/api/streams/own/",
    "a plugin's own file": "/api/streams/file/",
}


@pytest.fixture(scope="module")
def shared_app(new_database, plugins, settings):
    """Build an application with a plugin once: with one that others do not have it is not kept."""
    ini = {"shoptrack.trusted_proxies": "127.0.0.1", **settings}
    app = make_test_app(new_database(), [*plugins, f"{__package__}.streaming"], **ini)
    upgrade_database(app)
    yield app
    Database.of(app.registry).dispose()


@pytest.fixture
def app(app, monkeypatch):
    """Give the application rows enough for every kind of response, and make its buffers small."""
    monkeypatch.setattr(streams, "READ_AHEAD_BYTES", 1000)
    monkeypatch.setattr(streams, "CHUNK_ROWS", CHUNK_ROWS)
    monkeypatch.setattr(views, "STREAM_THRESHOLD_ROWS", 0)
    options = [(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)]
    monkeypatch.setattr(Adjustments, "socket_options", options)
    entry = {
        "at": datetime(2026, 1, 1, tzinfo=UTC),
        "username": "ken",
        "way": ActionSource.API,
        "action": Action.ADDED,
        "path": "stores",
        "row_id": 1,
        "label": "Life",
        "changes": {"name": ["", "Life"]},
    }
    with Database.of(app.registry).engine.begin() as connection:
        load_demo(connection, until=date(2026, 1, 1), records=RECORDS)
        connection.execute(insert(HistoryEntry), [entry] * RECORDS)
    monkeypatch.setitem(app.registry, StreamLimiter, StreamLimiter(SLOTS))
    return app


@pytest.fixture
def headers(admin, credentials) -> dict[str, str]:
    cookies = "; ".join(f"{name}={value}" for name, value in admin.cookies.items())
    return {**credentials, "Cookie": cookies, "X-Forwarded-Proto": "https"}


@pytest.fixture
def ask(headers) -> Iterator[Callable[..., tuple[socket.socket, int, str]]]:
    """Return a function that sends a request, and reads the first line and the headers of the response only."""
    connections = []

    def ask(port: int, path: str) -> tuple[socket.socket, int, str]:
        connection = socket.socket()
        connections.append(connection)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(60)
        connection.connect(("127.0.0.1", port))
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode())
        head = connection.recv(600).decode("latin-1")
        return connection, int(head.split()[1]), head

    yield ask
    for connection in connections:
        connection.close()


def fetch(port: int, headers: dict[str, str], path: str) -> tuple[int, bytes]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", path, headers=headers)
        with connection.getresponse() as response:
            return response.status, response.read()


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen in time")


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_clients_that_take_nothing_leave_the_server_to_others(app, headers, ask, path):
    pool = Database.of(app.registry).engine.pool
    with serve_app(app, **SMALL) as port:
        with ThreadPoolExecutor(CLIENTS) as threads:
            responses = list(threads.map(lambda _client: ask(port, path), range(CLIENTS)))
        statuses = [status for _connection, status, _head in responses]
        assert sorted(statuses) == [200] * SLOTS + [503] * (CLIENTS - SLOTS)
        refusals = [head for _connection, status, head in responses if status == 503]
        assert all("\r\nRetry-After: 60\r\n" in head for head in refusals)
        assert fetch(port, headers, "/api/stores/?limit=1")[0] == 200
        for connection, _status, _head in responses:
            connection.close()
        wait_until(lambda: pool.checkedout() == 0)
        wait_until(lambda: app.registry[StreamLimiter].active_count == 0)
        assert fetch(port, headers, path)[0] == 200


@pytest.fixture
def start(app, api) -> Callable:
    """Return a function that asks for a response in this process, and returns its status and its body."""
    pool = Database.of(app.registry).engine.pool

    def start(path: str):
        request = api.RequestClass.blank(path, headers={}, environ=api.extra_environ)
        status, _headers, body = request.call_application(app)
        return int(status.split()[0]), body, pool

    return start


READING = ["/api/streams/told/", "/api/streams/own/", "/api/streams/late/"]


@pytest.mark.parametrize("path", READING)
@pytest.mark.parametrize("ends", ["read", "closed", "dropped", "never begun"])
def test_a_connection_goes_back_whatever_ends_the_response(app, start, path, ends):
    status, body, pool = start(path)
    assert (status, pool.checkedout()) == (200, 1)
    if ends == "read":
        assert len(b"".join(body)) == RECORDS * 100
    elif ends != "never begun":
        next(iter(body))
    if ends == "closed":
        body.close()
    del body
    gc.collect(1)
    assert pool.checkedout() == 0
    assert app.registry[StreamLimiter].active_count == 0


def test_the_session_begins_nothing_once_the_request_is_over(app, start, caplog):
    status, body, pool = start("/api/streams/write/")
    assert status == 200
    with pytest.raises(InvalidRequestError, match="permanently closed"):
        b"".join(body)
    assert pool.checkedout() == 0
    assert "Sending a response failed" in caplog.text


def test_the_reader_is_refused_once_the_response_has_ended(app, api):
    kept = []

    def keep(event):
        kept.append(event.request)

    app.registry.registerHandler(keep, (IContextFound,))
    try:
        request = api.RequestClass.blank("/api/", headers={}, environ=api.extra_environ)
        request.call_application(app)
    finally:
        app.registry.unregisterHandler(keep, (IContextFound,))
    with pytest.raises(RuntimeError, match="This request has ended"):
        kept[0].reader  # noqa: B018


def test_a_short_response_that_grows_long_needs_a_slot(app, start, monkeypatch, caplog):
    monkeypatch.setattr(views, "STREAM_THRESHOLD_ROWS", 10**9)
    monkeypatch.setattr(streams, "SHORT_BYTES", 1000)
    bodies = [start("/api/shopping-records/")[1] for _ in range(SLOTS + 1)]
    for body in bodies[:SLOTS]:
        assert next(body)
    assert app.registry[StreamLimiter].active_count == SLOTS
    with pytest.raises(ServiceUnavailable):
        next(bodies[SLOTS])
    assert app.registry[StreamLimiter].active_count == SLOTS

    for body in bodies:
        body.close()
    assert app.registry[StreamLimiter].active_count == 0


def test_what_takes_long_to_make_is_no_stalled_client(app, start, monkeypatch):
    now = 0.0
    monkeypatch.setattr(streams, "monotonic", lambda: now)
    _status, body, _pool = start("/api/streams/told/")
    assert not body.is_stalled
    next(body)
    now += streams.STALL_SECONDS + 1
    assert body.is_stalled
    next(body)
    assert not body.is_stalled
    body.close()
