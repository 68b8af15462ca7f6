"""Bodies that are too long."""

from io import BytesIO

import pytest
from pyramid.exceptions import ConfigurationConflictError
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.urldispatch import Route

from shoptrack.errors import BodyTooLarge
from shoptrack.web.body_limit import BodyLimit, BodyLimits

LIMIT = 1000
LIMITS = BodyLimits(BodyLimit(LIMIT))


class Unread(BytesIO):
    """A body that must not be read."""

    def read(self, size=-1):
        raise AssertionError("the body was read")


@pytest.fixture
def post(make_wsgi):
    """Post without WebTest, which refuses to send what is wrong."""
    wsgi = make_wsgi(max_body_size=LIMIT)

    def post(body, length=None, **environ):
        request = Request.blank("/api/things/", method="POST", environ=environ)
        request.environ.update({"wsgi.input": body, "CONTENT_LENGTH": length})
        if length is None:
            del request.environ["CONTENT_LENGTH"]
        return request.get_response(wsgi)

    return post


def test_a_body_of_just_the_limit_is_taken(post):
    assert post(BytesIO(b"x" * LIMIT), str(LIMIT)).json["body"] == LIMIT


@pytest.mark.parametrize("length", [str(LIMIT + 1), "9" * 18, "9" * 5000])
def test_a_longer_one_is_refused_unread(post, length):
    answer = post(Unread(), length)
    assert answer.status_int == 413
    assert answer.content_type == "application/json"
    assert set(answer.json) == {"detail"}
    assert str(LIMIT) in answer.json["detail"]


@pytest.mark.parametrize(
    "length", ["-1", "+1", "1.0", "1e3", "ten", "１", "²", "0x10", " ", "1, 1"]
)
def test_a_length_that_is_no_number_is_refused(post, length):
    answer = post(Unread(), length)
    assert answer.status_int == 400
    assert "Content-Length" in answer.json["detail"]


@pytest.mark.parametrize(("length", "status"), [(0, 200), (LIMIT, 200), (LIMIT + 1, 413)])
def test_a_body_of_unknown_length_is_measured(post, length, status):
    answer = post(BytesIO(b"x" * length), **{"wsgi.input_terminated": True})
    assert answer.status_int == status
    assert status == 413 or answer.json["body"] == length


def test_a_body_that_never_ends_is_taken_as_none_where_the_server_cannot_tell(post):
    assert post(Unread()).json["body"] == 0


def test_an_endless_body_is_read_no_further_than_needed():
    class Endless:
        given = 0

        def read(self, size):
            part = b"x" * min(size, 7)
            self.given += len(part)
            return part

    body = Endless()
    with pytest.raises(BodyTooLarge):
        LIMITS.buffer_body({"wsgi.input": body, "wsgi.input_terminated": True})
    assert body.given == LIMIT + 1


def test_it_is_refused_before_anything_else_is_asked(make_client):
    app = make_client(max_body_size=LIMIT)
    app.post("/api/refused/", b"x" * (LIMIT + 1), status=413)
    app.post("/api/refused/", b"x" * LIMIT, status=401)


def test_an_open_address_takes_16_kib(make_client):
    app = make_client()
    assert app.post("/api/things/", b"x" * 16_384).json["body"] == 16_384
    refused = app.post("/api/things/", b"x" * 16_385, status=413)
    assert refused.json == {"detail": "The body is too long: at most 16384 bytes are taken here."}


def guarded(config):
    """Add a route that is open for reading only."""
    config.add_route("guarded", "/api/guarded/{id}/")
    for method, permission in (("GET", NO_PERMISSION_REQUIRED), ("POST", "things:add")):
        config.add_view(
            lambda request: Response("there"),
            route_name="guarded",
            request_method=method,
            permission=permission,
        )


def test_another_takes_what_the_setting_says(make_client):
    app = make_client(guarded, max_body_size=100_000)
    app.post("/api/guarded/1/", b"x" * 100_000, status=401)
    assert "SHOPTRACK_MAX_BODY_SIZE" in app.post("/api/guarded/1/", b"x" * 100_001, status=413)


@pytest.mark.parametrize("size", [7, 200_000])
def test_a_plugin_says_how_much_its_address_takes(make_client, size):
    def also(config):
        guarded(config)
        config.set_max_body_size("/api/guarded/{id}/", size)

    app = make_client(also, max_body_size=100_000)
    app.post("/api/guarded/1/", b"x" * size, status=401)
    assert f"at most {size} bytes" in app.post("/api/guarded/1/", b"x" * (size + 1), status=413)


@pytest.mark.parametrize(
    ("pattern", "size", "sentence"),
    [
        ("/api/guarded/", 7, "no route has this pattern"),
        ("/api/guarded/{id}/", 19_000_000, "SHOPTRACK_MAX_PENDING_SIZE"),
        ("/api/guarded/{id}/", 0, "1 byte or more"),
    ],
)
def test_what_it_cannot_say(make_client, pattern, size, sentence):
    def also(config):
        guarded(config)
        config.set_max_body_size(pattern, size)

    with pytest.raises(Exception, match=rf"set_max_body_size\('{pattern}', {size}\).*{sentence}"):
        make_client(also)


def test_two_plugins_that_say_it_of_one_address_are_a_clash(make_client):
    def one(config):
        config.set_max_body_size("/api/uploads/", 7)

    with pytest.raises(ConfigurationConflictError, match="body sizes"):
        make_client(one)


def test_the_setting_is_held_to_the_memory_for_requests(make_client):
    with pytest.raises(Exception, match="SHOPTRACK_MAX_BODY_SIZE.*SHOPTRACK_MAX_PENDING_SIZE"):
        make_client(max_body_size=20_000_000)
    make_client(max_body_size=20_000_000, max_pending_size=40_000_000)


@pytest.mark.parametrize("path", ["/api/things//", "/api/thing\xe9s/", "/api/\xff", "nothing", ""])
def test_a_path_that_is_nobodys_takes_what_the_setting_says(path):
    assert LIMITS.find(path, "POST").size == LIMIT


def test_routes_are_tried_as_pyramid_tries_them():
    routes = [
        Route("one", "/{id}/", predicates=[lambda info, request: False]),
        Route("two", "/{id}/"),
        Route("three", "/{anything:.*}"),
    ]
    by_route = {"one": BodyLimit(1), "two": BodyLimit(2), "three": BodyLimit(3)}
    limits = BodyLimits(BodyLimit(LIMIT), routes, by_route)
    found = [limits.find(path, "POST").size for path in ("/7/", "/7", "/\xe5\xba\x97/")]
    assert found == [2, 3, 2]


def test_a_body_that_ends_early_is_the_clients_fault(post):
    answer = post(BytesIO(b"x"), "10")
    assert answer.status_int == 400
    assert "ended" in answer.json["detail"]


POST = b"POST /api/uploads/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
CHUNK = b"%x\r\n%s\r\n" % (100_000, b"x" * 100_000)


@pytest.mark.parametrize(
    ("chunks", "status"),
    [(1, b"200"), (26, b"200"), (27, b"413")],
)
def test_chunked_bodies_over_a_socket(talk, chunks, status):
    request = POST + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNK * chunks + b"0\r\n\r\n"
    answer = talk(request)
    assert answer.split()[1] == status


def test_long_bodies_over_a_socket(talk):
    body = b"x" * 3_000_000
    answer = talk(POST + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    assert answer.split()[1] == b"413"
    assert b'{"detail":' in answer
