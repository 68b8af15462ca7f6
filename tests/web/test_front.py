"""Every request gets an answer, whatever is wrong with it or with us."""

import random

import pytest
from pyramid.events import NewRequest, NewResponse
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED

APP = "https://app.example"
CLOSE = b"Host: localhost\r\nConnection: close\r\n\r\n"


def assert_server_error(answer):
    assert answer.content_type == "application/json"
    assert set(answer.json) == {"detail", "request_id"}
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "inside" not in answer.text


def explode(*args, **kwargs):
    raise RuntimeError("the inside")


def breaking_tween_factory(handler, registry):
    return explode


class Unsendable(Response):
    """An answer that fails when it is sent."""

    def __call__(self, environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        explode()


def in_a_tween(config):
    config.add_tween("tests.web.test_front.breaking_tween_factory")


def in_a_listener(config):
    config.add_subscriber(explode, NewRequest)


def in_a_late_listener(config):
    config.add_subscriber(explode, NewResponse)


def in_a_callback(config):
    config.add_subscriber(lambda event: event.request.add_response_callback(explode), NewRequest)


def in_the_rendering_of_an_error(config):
    config.add_exception_view(explode, context=RuntimeError)
    config.add_subscriber(explode, NewRequest)


def in_the_sending(config):
    config.add_route("unsendable", "/api/fails/")
    config.add_view(
        lambda request: Unsendable(), route_name="unsendable", permission=NO_PERMISSION_REQUIRED
    )


FAILURES = [
    in_a_tween,
    in_a_listener,
    in_a_late_listener,
    in_a_callback,
    in_the_rendering_of_an_error,
    in_the_sending,
]


@pytest.mark.parametrize("failure", FAILURES)
def test_an_exception_anywhere_is_a_json_500(make_client, failure):
    app = make_client(failure, cors_allowed_origins=APP)
    assert_server_error(app.get("/api/fails/", headers={"Origin": APP}, status=500))


def test_an_exception_outside_of_the_api_is_a_plain_500(make_client):
    answer = make_client(in_a_callback).get("/page/", status=500)
    assert answer.content_type == "text/plain"
    assert "inside" not in answer.text


@pytest.mark.parametrize("path", ["/%ff", "/api/%ff/", "/api/things/?a=%ff", "/api/?a=%ed%a0%80"])
def test_an_address_that_is_no_utf8_is_refused(make_client, path):
    answer = make_client().get(path, status=400)
    assert "UTF-8" in answer.text
    assert (answer.content_type == "application/json") is path.startswith("/api/")


def test_a_raw_byte_in_the_query_is_refused(make_client):
    app = make_client()
    request = app.RequestClass.blank("/api/things/", environ={"QUERY_STRING": "a=\xff"})
    app.do_request(request, status=400)


def test_utf8_is_taken(make_client):
    answer = make_client().get("/api/things/%E7%89%9B/?q=%E7%89%9B+%F0%9F%8D%BC")
    assert answer.json["url"].endswith("/api/things/%E7%89%9B/?q=%E7%89%9B+%F0%9F%8D%BC")


def test_a_nul_in_a_path_is_nothing_that_exists(make_client):
    make_client().get("/api/%00/", status=404)


@pytest.mark.parametrize("path", ["/api/" + "9" * 100_000 + "/", "/" + "a/" * 50_000])
def test_a_very_long_path_is_nothing_that_exists(make_client, path):
    make_client().get(path, status=404)


HEADERS = [
    b"Accept",
    b"Accept-Encoding",
    b"Authorization",
    b"Content-Type",
    b"Cookie",
    b"Expect",
    b"Forwarded",
    b"If-Match",
    b"If-Modified-Since",
    b"If-None-Match",
    b"Origin",
    b"Range",
    b"User-Agent",
    b"X-Forwarded-For",
    b"X-Forwarded-Host",
    b"X-Forwarded-Port",
    b"X-Forwarded-Proto",
    b"X-Request-ID",
]


@pytest.mark.parametrize("header", HEADERS)
def test_garbage_in_a_header_is_no_server_error(talk, header):
    for value in (b"\xff\xfe", b"\xed\xa0\x80", b"\x00\x01", b"x" * 100_000, b""):
        answer = talk(b"GET /api/things/ HTTP/1.1\r\n" + header + b": " + value + b"\r\n" + CLOSE)
        assert answer.split()[1][:1] in (b"2", b"4")


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"GET /api/%ff/ HTTP/1.1", b"400"),
        (b"GET /api/\xff/ HTTP/1.1", b"400"),
        (b"GET /api/%00/ HTTP/1.1", b"404"),
        (b"GET /api/?a=\xff HTTP/1.1", b"400"),
        (b"OPTIONS * HTTP/1.1", b"404"),
        (b"GET nothing HTTP/1.1", b"404"),
        (b"CONNECT localhost:443 HTTP/1.1", b"404"),
        (b"GET /api/nothing/ HTTP/1.1", b"404"),
        (b"BREW /api/nothing/ HTTP/1.1", b"404"),
        (b"GET /" + b"x" * 200_000 + b" HTTP/1.1", b"404"),
        (b"GET /api/things/ HTTP/9.9", b"200"),
    ],
)
def test_strange_request_lines_over_a_socket(talk, line, status):
    answer = talk(line + b"\r\n" + CLOSE)
    assert answer.split()[1] == status


def test_random_bytes_never_get_a_server_error(talk):
    source = random.Random(1)
    for _ in range(100):
        path = source.randbytes(source.randrange(1, 30)).translate(None, b"\r\n ?#")
        header = source.randbytes(source.randrange(1, 30)).translate(None, b"\r\n")
        answer = talk(b"GET /api/" + path + b" HTTP/1.1\r\nCookie: a=" + header + b"\r\n" + CLOSE)
        assert answer.split()[1][:1] in (b"2", b"3", b"4"), (path, header)


def test_a_streamed_answer_passes_unchanged(make_client):
    def stream(config):
        config.add_route("stream", "/api/stream/")
        config.add_view(
            lambda request: Response(app_iter=(b"part" for _ in range(3))),
            route_name="stream",
            permission=NO_PERMISSION_REQUIRED,
        )

    assert make_client(stream).get("/api/stream/").body == b"partpartpart"


def test_two_applications_in_one_process_stay_strangers(make_client):
    one = make_client(allowed_hosts="one.example", max_body_size=1)
    two = make_client(allowed_hosts="two.example", max_body_size=9)
    one.get("/page/", headers={"Host": "one.example"}, status=200)
    one.get("/page/", headers={"Host": "two.example"}, status=400)
    two.post("/api/", b"123456789", headers={"Host": "two.example"}, status=200)
    one.post("/api/", b"123456789", headers={"Host": "one.example"}, status=413)
