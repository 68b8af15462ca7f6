"""Paths that were asked for without their trailing slash."""

import pytest
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED


@pytest.fixture
def app(make_client):
    return make_client()


@pytest.mark.parametrize(
    ("method", "status"),
    [
        ("GET", 301),
        ("HEAD", 301),
        ("POST", 308),
        ("PUT", 308),
        ("PATCH", 308),
        ("DELETE", 308),
        ("OPTIONS", 308),
    ],
)
def test_the_redirect_keeps_the_method(app, method, status):
    answer = app.request("/api/things", method=method, status=status)
    assert answer.location == "http://localhost/api/things/"


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/api", "/api/"),
        ("/api/things/7", "/api/things/7/"),
        ("/page", "/page/"),
        ("/api/things?a=1&b=%E7%89%9B%0D%0A", "/api/things/?a=1&b=%E7%89%9B%0D%0A"),
        ("/api/things/%E7%89%9B%0d%0a%5C", "/api/things/%E7%89%9B%0D%0A%5C/"),
    ],
)
def test_path_and_query_are_kept(app, path, location):
    assert app.get(path, status=301).location == f"http://localhost{location}"


def test_raw_characters_in_the_query_are_quoted(app):
    request = app.RequestClass.blank("/api/things", environ={"QUERY_STRING": "a=\t\xe7\x89\x9b b"})
    answer = app.do_request(request, status=301)
    assert answer.location == "http://localhost/api/things/?a=%09%E7%89%9B%20b"


@pytest.mark.parametrize("path", ["/api/nothing", "/nothing", "/api/things/7/more", "/healthz/x"])
def test_a_path_without_a_route_either_way_is_not_found(app, path):
    app.get(path, status=404)


def any_path(config):
    config.add_route("anything", "/{first:.*}/{second}/")
    config.add_view(
        lambda request: Response("any"),
        route_name="anything",
        permission=NO_PERMISSION_REQUIRED,
    )


@pytest.mark.parametrize("path", ["//evil.example/api/things", "///evil.example/x"])
def test_no_path_redirects_to_another_host(make_client, path):
    app = make_client(any_path)
    request = app.RequestClass.blank("/", environ={"PATH_INFO": path})
    app.do_request(request, status=404)


def test_a_backslash_is_no_slash(make_client):
    app = make_client(any_path)
    request = app.RequestClass.blank("/", environ={"PATH_INFO": "/\\evil.example/x"})
    assert app.do_request(request, status=301).location == "http://localhost/%5Cevil.example/x/"


def test_not_found_of_a_view_is_left_alone(make_client):
    def files(config):
        config.add_route("files", "/files/*path")
        config.add_view(
            lambda request: request.context.nothing,
            route_name="files",
            request_method="PUT",
            permission=NO_PERMISSION_REQUIRED,
        )

    make_client(files).get("/files/missing", status=404)


def test_redirects_over_a_socket_stay_on_the_host(talk):
    request = b"GET //evil.example/api/things HTTP/1.1\r\nHost: localhost\r\n"
    assert talk(request + b"Connection: close\r\n\r\n").split()[1] == b"404"
    request = b"GET //api/things HTTP/1.1\r\nHost: localhost\r\n"
    answer = talk(request + b"Connection: close\r\n\r\n")
    assert b"\r\nLocation: http://localhost/api/things/\r\n" in answer


def test_the_bare_address_leads_to_the_api(app):
    assert app.get("/", status=302).location == "http://localhost/api/"
