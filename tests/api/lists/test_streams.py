"""Lists that are too long to be kept in memory."""

import json
import logging
import socket
from contextlib import closing
from datetime import date
from http.client import HTTPConnection, IncompleteRead

import pytest
from sqlalchemy import text

from shoptrack.cli.demo import load_demo
from shoptrack.db import statement_timeout
from shoptrack.rest import views
from shoptrack.rest.views import STREAM_THRESHOLD_ROWS
from shoptrack.testing import serve_app
from shoptrack.web import streams
from shoptrack.web.streams import CHUNK_ROWS, StreamLimiter

PATH = "/api/shopping-records/"
SMALL = {"outbuf_high_watermark": 1000}  # a stalled reader holds its thread then


@pytest.fixture(params=[STREAM_THRESHOLD_ROWS, 0], ids=["at once", "bit by bit"])
def long_list(database, monkeypatch, request):
    """Fill the database with two and a half parts of records; they are had in both ways."""
    monkeypatch.setattr(views, "STREAM_THRESHOLD_ROWS", request.param)
    with database.engine.begin() as connection:
        load_demo(connection, until=date(2026, 1, 1), records=CHUNK_ROWS * 5 // 2)


@pytest.fixture
def very_long_list(database):
    """Fill the database with more than the buffers of the system take."""
    with database.engine.begin() as connection:
        load_demo(connection, until=date(2026, 1, 1), records=STREAM_THRESHOLD_ROWS + 5000)


def get(port: int, credentials: dict[str, str], path: str = PATH):
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", path, headers=credentials)
        with connection.getresponse() as answer:
            return answer.status, answer.read()


def start_reading(port: int, credentials: dict[str, str], path: str = PATH) -> socket.socket:
    """Ask for a list, and read its first bytes only."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(60)
    connection.connect(("127.0.0.1", port))
    headers = "".join(f"{name}: {value}\r\n" for name, value in credentials.items())
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode())
    assert connection.recv(12) in (b"HTTP/1.1 200", b"HTTP/1.1 503")
    return connection


def checked_out(database) -> int:
    return database.engine.pool.checkedout()


def wait_until(condition) -> None:
    for _ in range(1200):
        if condition():
            return
        streams.sleep(0.05)
    pytest.fail("it did not happen in time")


def test_parts_join_to_one_list_in_order(api, long_list, make):
    answer = api.get(PATH)
    keys = [(row["purchase_date"], row["id"]) for row in answer.json]
    assert len(keys) == CHUNK_ROWS * 5 // 2
    assert keys == sorted(keys)


@pytest.mark.parametrize("rows", [CHUNK_ROWS - 1, CHUNK_ROWS, CHUNK_ROWS + 1])
def test_lists_around_the_size_of_a_part(api, database, rows):
    with database.engine.begin() as connection:
        load_demo(connection, until=date(2026, 1, 1), records=rows)
    assert len(api.get(PATH).json) == rows


def test_a_filter_that_leaves_nothing_of_a_long_list(api, long_list):
    assert api.get(f"{PATH}?price=2147483647").json == []


def test_a_long_list_gives_its_connection_back(api, database, long_list):
    api.get(PATH)
    assert checked_out(database) == 0


def test_a_long_list_has_a_tag(api, long_list):
    tag = api.get(PATH).headers["ETag"]
    api.get(PATH, headers={"If-None-Match": tag}, status=304)


def test_a_list_is_from_one_moment(app, api, database, long_list):
    request = api.RequestClass.blank(PATH, headers={}, environ=api.extra_environ)
    status, headers, body = request.call_application(app)
    parts = iter(body)
    first = next(parts)
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM shopping_records"))
    rows = json.loads(b"".join([first, *parts]))
    body.close()
    assert len(rows) == CHUNK_ROWS * 5 // 2


@pytest.fixture
def start_stream(app, api, database, monkeypatch):
    """Return a function that asks for two and a half chunks, and returns the first and an iterator of the others."""
    monkeypatch.setattr(views, "STREAM_THRESHOLD_ROWS", 0)
    with database.engine.begin() as connection:
        load_demo(connection, until=date(2026, 1, 1), records=CHUNK_ROWS * 5 // 2)
    bodies = []

    def start_stream():
        request = api.RequestClass.blank(PATH, headers={}, environ=api.extra_environ)
        bodies.append(request.call_application(app)[2])
        chunks = iter(bodies[-1])
        return next(chunks), chunks

    yield start_stream
    for body in bodies:
        body.close()


@pytest.fixture
def pass_limit(database, monkeypatch):
    """Return a function that lets more time pass than a statement of SQLite may take."""
    now = 0.0
    monkeypatch.setattr(statement_timeout, "monotonic", lambda: now)
    monkeypatch.setattr(statement_timeout, "STEPS_PER_CHECK", 100)
    monkeypatch.setattr(database, "statement_seconds", 1)
    database.dispose()  # connections that are made later follow it

    def pass_limit():
        nonlocal now
        now += 2

    yield pass_limit
    monkeypatch.undo()
    database.dispose()


@pytest.mark.database("postgresql")
def test_postgresql_rests_until_the_next_chunk_is_wanted(database, start_stream):
    """Read at once, the whole list would be in memory."""
    first, chunks = start_stream()
    others = text(
        "SELECT query FROM pg_stat_activity WHERE state = 'idle in transaction' "
        "AND datname = current_database() AND pid <> pg_backend_pid()"
    )
    with database.read_engine.connect() as connection:
        (query,) = connection.scalars(others)
    assert query.startswith("FETCH FORWARD ")
    assert len(json.loads(b"".join([first, *chunks]))) == CHUNK_ROWS * 5 // 2


@pytest.mark.database("sqlite")
def test_a_client_may_take_longer_than_a_statement(pass_limit, start_stream):
    first, chunks = start_stream()
    pass_limit()
    assert len(json.loads(b"".join([first, *chunks]))) == CHUNK_ROWS * 5 // 2


def test_a_client_that_goes_away_frees_the_connection(app, database, credentials, very_long_list):
    with serve_app(app, **SMALL) as port:
        reader = start_reading(port, credentials)
        wait_until(lambda: checked_out(database) == 1)
        reader.close()
        wait_until(lambda: checked_out(database) == 0)


def test_readers_that_stall_do_not_stop_the_server(
    app, database, credentials, very_long_list, monkeypatch
):
    monkeypatch.setitem(app.registry, StreamLimiter, StreamLimiter(2))
    with serve_app(app, threads=4, **SMALL) as port:
        readers = [start_reading(port, credentials) for _ in range(2)]
        for _ in range(6):
            status, body = get(port, credentials)
            assert status == 503
            assert "Too many long responses are being sent" in json.loads(body)["detail"]
        assert get(port, credentials, f"{PATH}?limit=1")[0] == 200
        for reader in readers:
            reader.close()
        # The place is given back a moment after the connection.
        wait_until(lambda: get(port, credentials)[0] == 200)


def test_a_reader_that_takes_nothing_is_cut_off(
    app, database, credentials, very_long_list, monkeypatch, caplog
):
    monkeypatch.setattr(streams, "STALL_SECONDS", 0.3)
    monkeypatch.setattr(streams, "STALL_CHECK_SECONDS", 0.1)
    with serve_app(app, **SMALL) as port:
        # Its first bytes came over a connection to the database, which may be given back by now.
        reader = start_reading(port, credentials)
        wait_until(lambda: checked_out(database) == 0)
        reader.close()
    assert "Disconnected stalled client" in caplog.text


def test_a_failure_in_the_middle_breaks_the_connection(
    app, credentials, long_list, monkeypatch, caplog
):
    read = streams._Source.read

    def failing(source, chunks):
        yield from list(read(source, chunks))[:1]
        raise RuntimeError("the inside")

    monkeypatch.setattr(streams._Source, "read", failing)
    caplog.set_level(logging.ERROR)
    with serve_app(app, **SMALL) as port:
        with pytest.raises(IncompleteRead):
            get(port, {**credentials, "X-Request-ID": "the-broken-one"})
        assert get(port, credentials, "/api/")[0] == 200
    assert "Sending a response failed" in caplog.text


def test_a_failure_before_the_first_part_is_answered(api, database, long_list):
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE shopping_records RENAME TO away"))
    try:
        answer = api.get(f"{PATH}?price=1", status=500)
        assert set(answer.json) == {"detail", "request_id"}
    finally:
        with database.engine.begin() as connection:
            connection.execute(text("ALTER TABLE away RENAME TO shopping_records"))


def test_a_compressed_stream_is_whole(app, api, long_list):
    import gzip

    request = api.RequestClass.blank(
        PATH, headers={"Accept-Encoding": "gzip"}, environ=api.extra_environ
    )
    status, headers, body = request.call_application(app)
    assert dict(headers)["Content-Encoding"] == "gzip"
    assert dict(headers)["ETag"].startswith("W/")
    assert len(json.loads(gzip.decompress(b"".join(body)))) == CHUNK_ROWS * 5 // 2
    body.close()
