"""Headers that every answer carries."""

import pytest
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED

SECURITY = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@pytest.mark.parametrize(
    "path",
    ["/api/things/", "/api/things", "/page/", "/nothing", "/api/broken/", "/broken", "/%ff", "/"],
)
def test_security_headers_are_on_every_answer(make_client, path):
    answer = make_client().get(path, expect_errors=True)
    assert {name: answer.headers.get(name) for name in SECURITY} == SECURITY


def test_a_view_may_bring_its_own(make_client):
    own = {"Content-Security-Policy": "default-src 'self'", "Cache-Control": "max-age=60"}

    def strict(config):
        config.add_route("own", "/api/own/")
        config.add_view(
            lambda request: Response(headers=own),
            route_name="own",
            permission=NO_PERMISSION_REQUIRED,
        )

    answer = make_client(strict).get("/api/own/")
    for name, value in own.items():
        assert answer.headers.getall(name) == [value]


@pytest.mark.parametrize("path", ["/api/things/", "/api/nothing/", "/api/things"])
def test_api_answers_are_asked_for_again(make_client, path):
    answer = make_client().get(path, expect_errors=True)
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_pages_decide_themselves_how_long_they_keep(make_client):
    assert "Cache-Control" not in make_client().get("/page/").headers


def test_no_answer_names_the_server(talk):
    for request in (b"GET /api/things/ HTTP/1.1\r\nHost: localhost\r\n", b"nonsense\r\n"):
        answer = talk(request + b"Connection: close\r\n\r\n")
        assert answer.startswith(b"HTTP/1.")
        assert b"\r\nserver:" not in answer.lower()
        assert b"waitress" not in answer.lower()
