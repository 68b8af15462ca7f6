"""Bodies that are too long."""

from io import BytesIO

import pytest
from pyramid.request import Request

from shoptrack.errors import BodyTooLarge
from shoptrack.web.body_limit import BodyLimit

LIMIT = 1000


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
    environ = {"wsgi.input": body, "wsgi.input_terminated": True}
    BodyLimit(LIMIT).apply(environ)
    assert body.given == LIMIT + 1
    with pytest.raises(BodyTooLarge):
        environ["wsgi.input"].read()


def test_who_may_not_post_is_told_that_first(make_client):
    app = make_client(max_body_size=LIMIT)
    app.post("/api/refused/", b"x" * (LIMIT + 1), status=401)
    app.post("/api/nothing/", b"x" * (LIMIT + 1), status=404)


@pytest.mark.parametrize("read", ["read", "readline", "readlines", "readall"])
def test_a_body_that_is_too_long_can_be_read_in_no_way(read):
    environ = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(LIMIT + 1)}
    BodyLimit(LIMIT).apply(environ)
    with pytest.raises(BodyTooLarge):
        getattr(environ["wsgi.input"], read)()


def test_a_body_that_ends_early_is_the_clients_fault(post):
    answer = post(BytesIO(b"x"), "10")
    assert answer.status_int == 400
    assert "ended" in answer.json["detail"]


POST = b"POST /api/things/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
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
