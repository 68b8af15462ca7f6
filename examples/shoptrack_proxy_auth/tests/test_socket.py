import json
import socket

import pytest
from shoptrack.testing import serve_app

pytestmark = pytest.mark.database("sqlite")

REQUEST = b"GET /api/auth/user/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"


@pytest.fixture
def talk(build_app, ken):
    """Return a function that sends headers to a real server, which trusts the peer or does not."""

    def talk(headers: bytes, *, trusted: str) -> tuple[int, dict]:
        app = build_app(shoptrack__trusted_proxies=trusted)
        with serve_app(app) as port, socket.create_connection(("127.0.0.1", port), 60) as peer:
            peer.sendall(REQUEST + headers + b"\r\n\r\n")
            answer = b"".join(iter(lambda: peer.recv(65536), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        is_json = b"application/json" in head
        return int(head.split()[1]), json.loads(body) if is_json else {}

    return talk


@pytest.mark.parametrize("name", [b"Remote-User", b"remote-user", b"REMOTE-USER"])
def test_the_header_in_any_case_counts_from_the_proxy_alone(talk, name):
    assert talk(name + b": ken", trusted="127.0.0.1")[1]["username"] == "ken"
    assert talk(name + b": ken", trusted="203.0.113.1")[0] == 401


@pytest.mark.parametrize(
    "headers",
    [
        b"Remote_User: ken",
        b"REMOTE_USER: ken",
        b"HTTP_REMOTE_USER: ken",
        b"Remote-User : ken",
        b"Remote-User: ken\r\nRemote-User: root",
        b"Remote-User: root\r\nremote-user: ken",
        b"X-Forwarded-For: 127.0.0.1\r\n Remote-User: ken",
        b"X-Forwarded-For: 127.0.0.1\nRemote-User: ken",
        b"X-Forwarded-For: 127.0.0.1\rRemote-User: ken",
        b"X-Forwarded-For: 127.0.0.1%0d%0aRemote-User: ken",
        b"X-Forwarded-For: 127.0.0.1\x00\r\nRemote-User: ken\x00",
    ],
)
@pytest.mark.parametrize("trusted", ["127.0.0.1", "203.0.113.1"])
def test_nothing_that_only_looks_like_it_signs_anybody_in(talk, headers, trusted):
    assert talk(headers, trusted=trusted)[0] in (400, 401)


def test_a_request_in_what_the_proxy_passes_on_is_no_second_one(talk):
    hidden = b"X-Forwarded-For: 127.0.0.1\r\nContent-Length: 0\r\nTransfer-Encoding: chunked"
    assert talk(hidden + b"\r\nRemote-User: ken", trusted="127.0.0.1")[0] == 400
