"""Every address that answers GET answers HEAD with the same status and headers, and without one byte of a body."""

import re
import socket
from collections.abc import Callable
from datetime import date

import pytest
from pyramid.interfaces import IRoutesMapper

from shoptrack.cli.demo import load_demo
from shoptrack.db import Database
from shoptrack.openapi.pages.views import DocsAssets
from shoptrack.resources.repository import CHUNK_ROWS
from shoptrack.rest import views
from shoptrack.testing import serve_app
from shoptrack.web import streams
from shoptrack.web.streams import StreamLimiter
from shoptrack_admin.assets import AdminAssets
from shoptrack_reports.units.models import UnitFactor

from . import streaming
from .conftest import Answer, request, talking

pytestmark = pytest.mark.database("sqlite")

TOKEN = "a-token-that-is-long-enough-for-metrics"
GZIP = "Accept-Encoding: gzip"
OTHER_METHODS = {  # routes that have no GET
    *("admin:language", "admin:sign-out", "admin:user-sessions", "auth:password", "auth:refresh"),
    *("admin:group-members", "admin:starter", "admin:tokens", "admin:user-tokens", "auth:token"),
    *("auth:session", "auth:sign_in", "auth:sign_out", "auth:verify", "history:undo"),
}
CHANGING = {"x-request-id", "date"}  # with each answer


@pytest.fixture
def whole_app(build_app):
    """Return the application with all that it may serve."""
    return build_app(shoptrack__metrics_token=TOKEN, shoptrack__trusted_proxies="127.0.0.1")


@pytest.fixture
def headers(admin, credentials) -> tuple[str, ...]:
    """Return what sends who may do everything, by the API and on pages."""
    cookies = "; ".join(f"{name}={value}" for name, value in admin.cookies.items())
    bearer = (f"{name}: {value}" for name, value in credentials.items())
    return *bearer, f"Cookie: {cookies}", "X-Forwarded-Proto: https"


@pytest.fixture
def paths(whole_app, make, superuser, make_group) -> dict[str, str]:
    """Return an address of each route, by its name; each leads to a row that is there."""
    record = make.record()
    product = record.product_id
    factor = make.row(UnitFactor)
    ids = {
        "categories": make.category().id,
        "units": make.unit().id,
        "manufacturers": make.manufacturer().id,
        "origins": make.origin().id,
        "stores": record.store_id,
        "products": product,
        "shopping-records": record.id,
        "unit-factors": factor.id,
        "users": superuser.id,
        "groups": make_group("kitchen").id,
        "{path}": record.store_id,
    }
    names = {
        "docs:asset": min(whole_app.registry[DocsAssets].served),
        "admin:asset": min(whole_app.registry[AdminAssets].served),
    }

    queries = {
        "reports:spending": "?group_by=store",
        "reports:cheapest-stores": f"?product_id__in={product}",
    }

    def fill_in(route) -> str:
        parts = route.pattern.split("/")
        for before, part in zip(parts, parts[1:], strict=False):
            if part == "{id}":
                parts[parts.index("{id}")] = str(ids.get(before, 1))
        path = "/".join(parts).replace("{path}", "stores")
        return path.replace("{name}", names.get(route.name, ""))

    routes = whole_app.registry.getUtility(IRoutesMapper).get_routes()
    return {route.name: fill_in(route) + queries.get(route.name, "") for route in routes}


def told(answer: Answer, *, is_same_body: bool) -> list[tuple[str, str]]:
    """Return the headers that two answers have in common.

    :param is_same_body: whether the answer's body is always the same, and so its length
    """
    left_out = CHANGING if is_same_body else CHANGING | {"content-length"}
    return [
        (name, re.sub("=[^;]*", "=…", value, count=1) if name == "Set-Cookie" else value)
        for name, value in answer.headers.items()
        if name.lower() not in left_out
    ]


def compare(talk: Callable[[bytes], bytes], path: str, *headers: str) -> int:
    """Compare HEAD with GET, and return the status."""
    ask = lambda method: talk(request(f"{method} {path}", *headers))  # noqa: E731
    before, raw, after = Answer(ask("GET")), ask("HEAD"), Answer(ask("GET"))
    head = Answer(raw)
    assert raw.endswith(b"\r\n\r\n"), f"a body of {len(head.body)} bytes"
    assert head.body == b""
    assert head.status == before.status
    is_same_body = before.body == after.body
    assert told(head, is_same_body=is_same_body) == told(before, is_same_body=is_same_body)
    assert ("Content-Length" in head.headers) == ("Content-Length" in before.headers)
    return head.status


def compare_all(talk, paths: dict[str, str], *headers: str) -> dict[str, int]:
    """Compare HEAD with GET at every address, and return the statuses."""
    statuses, differences = {}, []
    for name, path in paths.items():
        try:
            statuses[name] = compare(talk, path, *headers)
        except AssertionError as error:
            differences.append(f"{path}: {error}")
    assert not differences, "\n".join(differences)
    return statuses


@pytest.mark.parametrize("encoding", [(), (GZIP,)], ids=["plain", "gzip"])
def test_every_route_answers_head_as_get(whole_app, paths, headers, encoding):
    with talking(whole_app) as talk:
        statuses = compare_all(talk, paths, *headers, *encoding)
    ends = (":bulk", ":import", ":merge")
    changing = {name for name in statuses if name.endswith(ends) and not name.startswith("admin:")}
    assert {name for name, status in statuses.items() if status == 405} == OTHER_METHODS | changing
    refused = {
        name: code
        for name, code in statuses.items()
        if code >= 400
        and code != 405
        and not name.endswith(
            (":import-file", ":history-entry", ":history-undo")
        )  # which do not exist
    }
    assert refused == {
        "admin:set-password": 404,  # which takes the key of a link
        "metrics": 401,  # which has a token of its own
        "plugins": 403,  # which is for the staff
    }


def test_what_has_not_changed_is_told_so_by_both(whole_app, paths, headers):
    with talking(whole_app) as talk:
        tags = {
            path: Answer(talk(request(f"GET {path}", *headers))).headers["ETag"]
            for path in paths.values()
        }
        tagged = {path: tag for path, tag in tags.items() if tag}
        statuses = {
            path: compare(talk, path, *headers, f"If-None-Match: {tag}")
            for path, tag in tagged.items()
        }
    assert set(statuses.values()) == {304}
    assert {"/api/stores/", "/api/schema/", paths["products:item"]} < statuses.keys()


def test_every_route_refuses_head_as_get(whole_app, paths):
    with talking(whole_app) as talk:
        statuses = compare_all(talk, paths, "X-Forwarded-Proto: https")
    assert set(statuses.values()) == {200, 302, 401, 404, 405}


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/metrics", (f"Authorization: Bearer {TOKEN}",), 200),
        ("/nothing", (), 404),
        ("/api/nothing/", (), 404),
        ("/admin/nothing/", ("X-Forwarded-Proto: https",), 302),
        ("/api/stores", (), 301),
        ("/api/stores/x/", (), 401),
        ("/api/auth/token/", (), 405),
        ("/api/schema/", ("Accept: image/png",), 406),
        ("/api/schema/?format=xml", (), 400),
        ("/api/%ff/", (), 400),
        ("/admin/%ff/", (), 400),
        ("/api/", ("Host: evil.example",), 400),
        ("/admin/", ("Host: evil.example",), 400),
        ("/api/", ("Content-Length: 99999999",), 413),
        ("/api/", ("Origin: http://app.example",), 200),
        # What the server answers by itself.
        ("/api/", ("no header",), 400),
        ("/api/", ("Content-Length: x",), 400),
        ("/nothing", ("Transfer-Encoding: gzip",), 501),
        ("/api/", (f"X: {'x' * 300_000}",), 431),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_refusals_have_no_body_either(whole_app, path, headers, status):
    with talking(whole_app) as talk:
        assert compare(talk, path, *headers) == status


class FailingApplication:
    """An application that fails where nothing of its own can answer."""

    def __init__(self, registry):
        self.registry = registry

    def __call__(self, environ, start_response):
        raise RuntimeError("inside")


def test_nor_has_what_the_server_says_of_an_application_that_failed(whole_app):
    with talking(FailingApplication(whole_app.registry)) as talk:
        assert compare(talk, "/api/") == 500


@pytest.mark.parametrize("sent", ["HEAD /api/ HTTP/1.1\r\nHost: localhost\r\n", "\r\nHEAD /"])
def test_nor_has_what_it_says_of_a_request_that_never_came_whole(whole_app, sent):
    with (
        serve_app(whole_app, request_seconds=0.1) as port,
        socket.create_connection(("127.0.0.1", port), 10) as connection,
    ):
        connection.sendall(sent.encode())
        raw = b"".join(iter(lambda: connection.recv(65536), b""))
    assert Answer(raw).status == 408
    assert raw.endswith(b"\r\n\r\n")


def test_the_next_answer_on_the_connection_begins_right_behind_the_headers(whole_app):
    head, get = (f"{method} /api/ HTTP/1.1\r\nHost: localhost\r\n" for method in ("HEAD", "GET"))
    with talking(whole_app) as talk:
        raw = talk(f"{head}\r\n{head}\r\n{get}Connection: close\r\n\r\n".encode())
    first, second, third, body = raw.split(b"\r\n\r\n")
    assert [part.partition(b"\r\n")[0] for part in (first, second, third)] == [
        b"HTTP/1.1 200 OK"
    ] * 3
    assert body.startswith(b"{")


class OtherStream:
    """What has a slot meanwhile."""


STREAMS = {
    "a list": "/api/shopping-records/",
    "rows": "/admin/shopping-records/export.csv",
    "a report": "/api/reports/spending/?group_by=product,store&format=csv",
    "a plugin's": "/api/streams/told/",
    "a plugin's own iterable": "/api/streams/own/",
    "a plugin's that reads late": "/api/streams/late/",
    "a plugin's own file": "/api/streams/file/",
}


RECORDS = CHUNK_ROWS + 100  # a shorter list is no stream


@pytest.fixture
def streaming_app(build_app, plugins, database, monkeypatch):
    """Return an application with streams of every kind, of which it sends one at a time."""
    monkeypatch.setattr(streams, "READ_AHEAD_BYTES", 1000)
    monkeypatch.setattr(streams, "SLOT_WAIT_SECONDS", 5)
    monkeypatch.setattr(views, "STREAM_THRESHOLD_ROWS", 0)
    with database.engine.begin() as connection:
        load_demo(connection, until=date(2026, 1, 1), records=RECORDS)
    app = build_app([*plugins, streaming.__name__], shoptrack__trusted_proxies="127.0.0.1")
    monkeypatch.setitem(app.registry, StreamLimiter, StreamLimiter(1))
    return app


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize("encoding", [(), (GZIP,)], ids=["plain", "gzip"])
@pytest.mark.parametrize("path", STREAMS.values(), ids=STREAMS)
def test_a_stream_tells_its_headers_and_keeps_nothing(streaming_app, headers, path, encoding):
    registry = streaming_app.registry
    with talking(streaming_app) as talk:
        assert compare(talk, path, *headers, *encoding) == 200
        limiter = registry[StreamLimiter]
        slot = OtherStream()
        limiter.acquire(slot)  # type: ignore[arg-type]
        head = Answer(talk(request(f"HEAD {path}", *headers, *encoding)))
        assert head.status == 200, "it needs no slot"
        assert head.headers["Transfer-Encoding"] == "chunked"
        assert limiter.active_count == 1
        limiter.release(slot)  # type: ignore[arg-type]
    assert Database.of(registry).engine.pool.checkedout() == 0


@pytest.mark.database("sqlite", "postgresql")
def test_no_more_of_a_stream_is_made_than_tells_its_headers(streaming_app, headers, monkeypatch):
    made, make_lines = [], streaming.make_lines

    def noted(connection):
        for line in make_lines(connection):
            made.append(line)
            yield line

    monkeypatch.setattr(streaming, "make_lines", noted)
    with talking(streaming_app) as talk:
        talk(request("HEAD /api/streams/told/", *headers))
        assert len(made) == 10, "as many as show that it is long"
        talk(request("HEAD /api/streams/own/", *headers))
        assert len(made) == 11
