"""What every answer has, whoever gives it: views, redirects, files, refusals, failures, and the server itself."""

import re

import pytest
from sqlalchemy import URL

from shoptrack.testing import make_test_app
from shoptrack_auth.settings import ThrottleSettings

from .conftest import Answer, request, server_options, talking

pytestmark = pytest.mark.database("sqlite")

JSON = "Content-Type: application/json"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NAMES_OF_SERVERS = {"server", "x-powered-by", "via"}


def check(answer: Answer, status: int) -> None:
    assert answer.status == status
    for name, value in HEADERS.items():
        assert answer.headers.get_all(name) == [value]
    (policy,) = answer.headers.get_all("Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Referrer-Policy"] in ("same-origin", "strict-origin")
    assert re.fullmatch("[a-f0-9]{32}", answer.headers["X-Request-ID"])
    assert not NAMES_OF_SERVERS & {name.lower() for name in answer.headers}
    if answer.body:
        assert re.fullmatch(
            r"application/json|(text/\w+|image/svg\+xml|application/[\w.+]+); ?charset=utf-8",
            answer.headers["Content-Type"].lower(),
        )
    assert b"waitress" not in answer.body
    assert b"Traceback" not in answer.body


PAGES = ["/admin/login/", "/api/docs/", "/api/redoc/"]
OPEN = ["/api/", "/api/schema/", "/healthz", "/readyz", *PAGES]


@pytest.mark.parametrize("path", OPEN)
def test_what_is_open(ask, path):
    check(ask(f"GET {path}"), 200)
    check(ask(f"HEAD {path}"), 200)


@pytest.mark.parametrize(
    ("line", "headers", "status"),
    [
        (
            "OPTIONS /api/",
            ("Origin: http://app.example", "Access-Control-Request-Method: GET"),
            200,
        ),
        ("GET /api/stores", (), 301),
        ("GET /", (), 302),
        ("GET /admin/", (), 302),
        ("GET /admin/nothing/", (), 302),
        ("GET /admin/set-password/?key=none", (), 404),
        ("GET /api/%ff/", (), 400),
        ("GET /admin/%ff/", (), 400),
        ("GET /api/", ("Host: evil.example",), 400),
        ("GET /admin/", ("Host: evil.example",), 400),
        ("POST /api/auth/token/", (JSON, "Content-Length: x"), 400),
        ("GET /api/stores/", (), 401),
        ("GET /api/stores/", ("Authorization: Bearer x",), 401),
        ("POST /admin/login/", (), 403),
        ("GET /nothing", (), 404),
        ("GET /api/nothing/", (), 404),
        ("GET /api/docs/assets/..%2fviews.py", (), 404),
        ("GET /admin/static/..%2fviews.py", (), 302),
        ("GET /metrics", (), 404),
        ("GET /" + "x" * 9000, (), 404),
        ("DELETE /api/docs/", (), 405),
        ("TRACE /api/", (), 405),
        ("POST /healthz", (), 404),
        ("GET /api/schema/", ("Accept: image/png",), 406),
        ("POST /api/auth/token/", (JSON, "Content-Length: 99999999"), 413),
        ("GET /api/", ("no header",), 400),
        ("GET /api/", ("Transfer-Encoding: gzip",), 501),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_redirects_and_refusals(ask, line, headers, status):
    check(ask(line, *headers), status)


def test_headers_without_end(talk):
    most = int(server_options().get("max_request_header_size", 262_144))
    check(Answer(talk(b"GET /api/ HTTP/1.1\r\nX: ".ljust(most, b"x"))), 431)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_loads(ask, page):
    loaded = re.findall(
        r'(?:src|href)="(/[^"]+\.(?:css|js|svg))"', ask(f"GET {page}").body.decode()
    )
    assert loaded
    for path in loaded:
        check(ask(f"GET {path}"), 200)


def test_what_is_served_to_who_is_signed_in(ask, credentials, make):
    store = make.store()
    (bearer,) = (f"{name}: {value}" for name, value in credentials.items())
    lists = ask("GET /api/stores/", bearer)
    check(lists, 200)
    check(ask("GET /api/stores/", bearer, f"If-None-Match: {lists.headers['ETag']}"), 304)
    check(ask(f"GET /api/stores/{store.id}/", bearer), 200)
    check(ask("GET /api/stores/?x=1", bearer), 400)
    check(ask("POST /api/stores/", bearer, JSON, body=b"{"), 400)
    check(ask("POST /api/stores/", bearer, "Content-Type: text/xml", body=b"<a/>"), 415)
    check(ask("POST /api/stores/", bearer, JSON, body=b" " * 3_000_000), 413)
    check(ask("PATCH /api/stores/", bearer, JSON), 405)
    check(ask(f"DELETE /api/stores/{store.id}/", bearer, 'If-Match: "another"'), 412)
    record = make.record(store_id=store.id)
    check(ask(f"DELETE /api/stores/{store.id}/", bearer), 409)
    check(ask(f"DELETE /api/shopping-records/{record.id}/", bearer), 204)


def test_who_has_to_wait(ask, app, hasher):
    most = ThrottleSettings.of(app.registry).per_name
    body = b'{"username": "nobody", "password": "wrong"}'
    answers = [ask("POST /api/auth/token/", JSON, body=body) for _ in range(most + 1)]
    check(answers[0], 401)
    check(answers[-1], 429)


def test_failures(database, plugins):
    app = make_test_app(database.url, (*plugins, "tests.security.failing"))
    with talking(app) as talk:
        for path in ("/api/fails/", "/admin/fails/", "/fails"):
            answer = Answer(talk(request(f"GET {path}")))
            check(answer, 500)
            assert b"inside" not in answer.body


@pytest.mark.database("sqlite", "postgresql")
def test_a_database_that_is_away(plugins):
    nowhere = URL.create("sqlite", database="/nowhere/away.sqlite3")
    with talking(make_test_app(nowhere, plugins)) as talk:
        body = b'{"username": "ken", "password": "x"}'
        check(Answer(talk(request("POST /api/auth/token/", JSON, body=body))), 503)
        check(Answer(talk(request("GET /readyz"))), 503)


def test_https_is_demanded_of_browsers_that_came_by_it_alone(database, plugins):
    app = make_test_app(
        database.url, plugins, shoptrack__trusted_proxies="127.0.0.1", shoptrack__https_only="true"
    )
    with talking(app) as talk:
        for path in ("/api/", "/nothing", "/admin/login/", "/api/stores/", "/healthz"):
            plain, safe = (
                Answer(talk(request(f"GET {path}", f"X-Forwarded-Proto: {scheme}")))
                for scheme in ("http", "https")
            )
            assert "Strict-Transport-Security" not in plain.headers
            assert safe.headers["Strict-Transport-Security"] == "max-age=31536000"
