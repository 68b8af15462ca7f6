"""One line a request."""

import logging
import re
from types import SimpleNamespace

import pytest
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid_retry import RetryableException


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.DEBUG, "shoptrack.access")
    return lambda: [
        (record.levelname, record.getMessage())
        for record in caplog.records
        if record.name == "shoptrack.access"
    ]


def test_a_line_tells_who_asked_what_and_what_came_of_it(make_client, lines):
    make_client().get(
        "/api/things/?name=secret",
        headers={"X-Request-ID": "abc"},
        extra_environ={"REMOTE_ADDR": "203.0.113.9"},
    )
    [(level, line)] = lines()
    assert level == "INFO"
    assert re.fullmatch(
        r"GET /api/things/ 200 \d+\.\d ms user - from 203\.0\.113\.9 request abc", line
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/nothing/", 404), ("/api/broken/", 500), ("/%ff", 400), ("/page", 301)],
)
def test_refusals_are_logged_too(make_client, lines, path, status):
    make_client().get(path, status=status)
    [(_, line)] = lines()
    assert f" {status} " in line


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_logged_for_those_who_look_closely(make_client, lines, path):
    make_client().get(path)
    assert [level for level, _ in lines()] == ["DEBUG"]


@pytest.mark.parametrize(
    "path",
    [
        "/a\nGET /api/ 200 1.0 ms user 1",
        "/\r\n\x00\x1b[2J",
        "/\xc2\x85\xe2\x80\xa8",
        "/\xff",
        "/" + "x" * 100_000,
    ],
)
def test_no_path_forges_or_floods_a_line(make_client, lines, path):
    app = make_client()
    request = app.RequestClass.blank("/", environ={"PATH_INFO": path})
    app.do_request(request, expect_errors=True)
    [(_, line)] = lines()
    assert line.isascii()
    assert line.isprintable()
    assert re.fullmatch(r"GET \S+ 40\d \S+ ms user - from - request \w+", line)
    assert len(line) < 4000


def test_no_peer_forges_a_line(make_client, lines):
    make_client().get("/page/", extra_environ={"REMOTE_ADDR": "x\ny user 1"})
    [(_, line)] = lines()
    assert "from x%0Ay%20user%201 request" in line


def signed_in(config):
    """Add a view that asks who is signed in, and one that does not."""

    def identify(request):
        return SimpleNamespace(id=7, has_permission=lambda permission: True)

    config.set_identify(identify)
    views = {"me": lambda request: {"id": request.identity.id}, "any": lambda request: {}}
    for name, view in views.items():
        config.add_route(name, f"/api/{name}/")
        config.add_view(
            view,
            route_name=name,
            renderer="json",
            permission=NO_PERMISSION_REQUIRED,
        )


def test_the_user_is_named_where_the_request_asked(make_client, lines):
    app = make_client(signed_in)
    app.get("/api/me/")
    app.get("/api/any/")
    assert [line.split(" user ")[1].split()[0] for _, line in lines()] == ["7", "-"]


def test_a_request_that_is_tried_again_is_one_line(make_client, lines):
    tries = []

    def unlucky(config):
        def view(request):
            tries.append(request.request_id)
            if len(tries) < 3:
                raise RetryableException
            return {}

        config.add_route("unlucky", "/api/unlucky/")
        config.add_view(
            view, route_name="unlucky", renderer="json", permission=NO_PERMISSION_REQUIRED
        )

    make_client(unlucky).get("/api/unlucky/", status=200)
    assert len(tries) == 3
    assert len(set(tries)) == 1
    assert len(lines()) == 1
