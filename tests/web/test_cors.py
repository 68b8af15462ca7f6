"""Which pages of other origins may read what the API answers."""

import pytest
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.web.cors import CorsPolicy

APP = "https://app.example"
PREFLIGHT = {"Origin": APP, "Access-Control-Request-Method": "PUT"}


@pytest.fixture
def app(make_client):
    return make_client(cors_allowed_origins=f"{APP}, http://localhost:5173", max_body_size=10)


def cross_origin(answer):
    return {name for name in answer.headers if name.startswith("Access-Control-")}


def test_an_allowed_origin_may_read_the_answer(app):
    answer = app.get("/api/things/", headers={"Origin": APP})
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert (
        answer.headers["Access-Control-Expose-Headers"]
        == "Total-Count, Link, ETag, Retry-After, Content-Disposition"
    )
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/api/things/", {"headers": {"Host": "evil.example"}}, 400),
        ("GET", "/api/%ff/", {}, 400),
        ("GET", "/api/refused/", {}, 401),
        ("GET", "/api/nothing/", {}, 404),
        ("POST", "/api/things/", {"body": b"12345678901"}, 413),
        ("GET", "/api/broken/", {}, 500),
        ("GET", "/api/things", {}, 301),
    ],
)
def test_errors_may_be_read_too(app, method, path, options, status):
    request = app.RequestClass.blank(path, method=method, **options)
    request.headers["Origin"] = APP
    answer = app.do_request(request, status=status)
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "*",
        "",
        "http://app.example",
        "https://app.example:8443",
        "https://app.example/",
        "https://app.example.evil.example",
        "HTTPS://APP.EXAMPLE",
        f"{APP}, https://evil.example",
        "http://localhost",  # the server's own
        "ÿ",
    ],
)
def test_any_other_origin_is_served_without_permission(app, origin):
    for method in ("GET", "POST", "OPTIONS"):
        request = app.RequestClass.blank("/api/things/", method=method, headers=PREFLIGHT)
        request.headers["Origin"] = origin
        answer = app.do_request(request, status=200)
        assert cross_origin(answer) == set()
        assert answer.headers["Vary"] == "Origin"


def test_null_is_never_allowed():
    headers = []
    CorsPolicy(["null"]).add_headers(
        {"PATH_INFO": "/api/", "REQUEST_METHOD": "GET", "HTTP_ORIGIN": "null"}, headers
    )
    assert headers == [("Vary", "Origin")]


@pytest.mark.parametrize("path", ["/page/", "/api", "/healthz", "/", "/nothing", "/apis/"])
def test_outside_of_the_api_there_is_none_of_it(app, path):
    answer = app.get(path, headers={"Origin": APP}, expect_errors=True)
    assert cross_origin(answer) == set()
    assert "Origin" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize(
    "path", ["/api/things/", "/api/things", "/api/things/1", "/api/nothing", "/api/refused/"]
)
def test_a_preflight_is_answered_before_routing(app, path):
    answer = app.options(path, headers=PREFLIGHT, status=200)
    assert answer.body == b""
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert answer.headers["Access-Control-Allow-Methods"] == (
        "DELETE, GET, OPTIONS, PATCH, POST, PUT"
    )
    assert answer.headers["Access-Control-Allow-Headers"] == (
        "accept, authorization, content-type, idempotency-key, if-match, if-none-match, "
        "x-csrftoken, x-requested-with"
    )
    assert answer.headers["Access-Control-Max-Age"] == "86400"
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize("missing", ["Origin", "Access-Control-Request-Method"])
def test_other_options_requests_are_no_preflights(app, missing):
    headers = {name: value for name, value in PREFLIGHT.items() if name != missing}
    answer = app.options("/api/nothing/", headers=headers, status=404)
    assert "Access-Control-Allow-Methods" not in answer.headers


def test_a_preflight_for_a_page_is_routed(app):
    assert app.options("/page/", headers=PREFLIGHT).text == "page"


@pytest.mark.parametrize(
    ("own", "sent"),
    [
        ("Accept", "Accept, Origin"),
        ("Accept, origin", "Accept, origin"),
        ("Cookie, Accept-Encoding", "Cookie, Accept-Encoding, Origin"),
    ],
)
def test_a_views_own_vary_is_kept(make_client, own, sent):
    def varying(config):
        config.add_route("varying", "/api/varying/")
        config.add_view(
            lambda request: Response(headers={"Vary": own}),
            route_name="varying",
            permission=NO_PERMISSION_REQUIRED,
        )

    answer = make_client(varying).get("/api/varying/")
    assert answer.headers.getall("Vary") == [sent]


def test_an_answer_that_is_used_again_keeps_nothing_of_the_last_request(make_client):
    one_for_all = Response("one")

    def shared(config):
        config.add_route("shared", "/api/shared/")
        config.add_view(
            lambda request: one_for_all,
            route_name="shared",
            permission=NO_PERMISSION_REQUIRED,
        )

    app = make_client(shared, cors_allowed_origins=APP)
    app.get("/api/shared/", headers={"Origin": APP})
    answer = app.get("/api/shared/", headers={"Origin": "https://evil.example"})
    assert cross_origin(answer) == set()
    assert answer.headers.getall("Vary") == ["Origin"]
    assert len(answer.headers.getall("X-Request-ID")) == 1
