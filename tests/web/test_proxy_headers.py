"""Headers that only a trusted proxy may send, beside X-Forwarded-*: whose word reaches a view."""

import json

import pytest
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.settings import ConfigurationError

from .conftest import served

NAMES = ("Remote-User", "X-Forwarded-User")


def with_headers(config):
    """Add two such headers, and a view that tells all that begins like them."""
    for name in NAMES:
        config.add_proxy_header(name)

    def see(request):
        return {k: v for k, v in request.headers.items() if "user" in k.lower()} | {
            "client": request.client_addr
        }

    config.add_route("see", "/api/see/")
    config.add_view(see, route_name="see", permission=NO_PERMISSION_REQUIRED, renderer="json")


@pytest.fixture
def see(make_client):
    """Return a function that asks as a peer, and returns what the view sees."""
    client = make_client(with_headers, trusted_proxies="10.0.0.0/8")

    def see(peer, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.get("/api/see/", headers=sent, extra_environ={"REMOTE_ADDR": peer}).json

    return see


def test_a_trusted_proxys_word_is_taken(see):
    seen = see("10.0.0.1", Remote_User="ken", X_Forwarded_For="203.0.113.9")
    assert seen["Remote-User"] == "ken"
    assert seen["client"] == "203.0.113.9"


@pytest.mark.parametrize("peer", ["203.0.113.1", "", "/run/shoptrack.sock", "10.0.0.1.evil"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("forwarded_for", ["10.0.0.1", "10.0.0.1, 10.0.0.2", "", "127.0.0.1"])
def test_nobody_elses_is_whatever_it_says_of_its_way(see, peer, name, forwarded_for):
    seen = see(peer, **{name: "ken", "X_Forwarded_For": forwarded_for, "Forwarded": "for=10.0.0.1"})
    assert list(seen) == ["client"]


@pytest.mark.parametrize("name", ["remote-user", "REMOTE-USER", "rEmOtE-uSeR"])
def test_the_case_of_the_name_does_not_matter(see, name):
    assert list(see("203.0.113.1", **{name: "ken"})) == ["client"]


def test_what_no_plugin_added_stays(see):
    assert see("203.0.113.1", X_User_Agent="x")["X-User-Agent"] == "x"


def test_that_it_was_ignored_is_logged_once_a_minute(see, caplog):
    for _ in range(3):
        see("203.0.113.1", Remote_User="secret-name")
    [line] = [record.getMessage() for record in caplog.records if "ignored" in record.message]
    assert line == (
        "Remote-User from '203.0.113.1' was ignored. If this is your proxy, add its address to "
        "SHOPTRACK_TRUSTED_PROXIES."
    )


FORGED = [
    b"Remote-User: ken",
    b"remote-user: ken",
    b"REMOTE_USER: ken",
    b"Remote_User: ken",
    b"HTTP_REMOTE_USER: ken",
    b"X-Forwarded-For: 10.0.0.1\r\n Remote-User: ken",
    b"X-Forwarded-For: 10.0.0.1\r\n\tRemote-User: ken",
    b"X-Forwarded-For: 10.0.0.1\r\nRemote-User: ken",
    b"X-Forwarded-For: 10.0.0.1\nRemote-User: ken",
    b"X-Forwarded-For: 10.0.0.1\rRemote-User: ken",
    b"X-Forwarded-For: 10.0.0.1%0d%0aRemote-User: ken",
    b"X-Forwarded-For: 10.0.0.1\x00Remote-User: ken",
    b"X-Forwarded-For: 10.0.0.1\x0bRemote-User: ken",
    b"X-Forwarded-For: 10.0.0.1\xc4\x8d\xc4\x8aRemote-User: ken",
    b"Remote-User : ken",
    b"Remote-User\x00: ken",
    b" Remote-User: ken",
    b"Connection: Remote-User\r\nRemote-User: ken",
    b"Transfer-Encoding: chunked\r\nTrailer: Remote-User",
]


@pytest.fixture(scope="module", params=["203.0.113.0/24", "127.0.0.1"])
def talk(make_wsgi, request):
    """Talk to a server that trusts others, and to one that trusts the peer, who speaks for its clients."""
    with served(make_wsgi(with_headers, trusted_proxies=request.param)) as talk:
        yield request.param == "127.0.0.1", talk


@pytest.mark.parametrize("forged", FORGED)
def test_on_a_socket_only_the_header_itself_counts_and_only_a_proxys(talk, forged):
    is_trusted, talk = talk
    body = b"0\r\nRemote-User: ken\r\n\r\n" if b"chunked" in forged else b""
    answer = talk(b"GET /api/see/ HTTP/1.1\r\nHost: localhost\r\n" + forged + b"\r\n\r\n" + body)
    head, _, content = answer.partition(b"\r\n\r\n")
    if b" 200 " not in head.splitlines()[0]:
        assert b" 400 " in head.splitlines()[0]
        return
    seen = json.loads(content)
    is_header = any(line.lower().startswith(b"remote-user: ") for line in forged.split(b"\r\n"))
    assert seen.get("Remote-User") == ("ken" if is_trusted and is_header else None)
    assert "HTTP_REMOTE_USER" not in seen


def test_on_a_socket_a_trusted_proxys_two_headers_are_one_text(talk):
    is_trusted, talk = talk
    sent = b"GET /api/see/ HTTP/1.1\r\nHost: localhost\r\nRemote-User: ken\r\nREMOTE-USER: root\r\n\r\n"
    seen = json.loads(talk(sent).partition(b"\r\n\r\n")[2])
    # Commas cannot be in a username: so no plugin takes it for one of the two.
    assert seen.get("Remote-User") == ("ken, root" if is_trusted else None)


@pytest.mark.parametrize(
    "name",
    [
        "Origin",
        "origin",
        "Cookie",
        "Host",
        "Authorization",
        "Content-Length",
        "If-Match",
        "Sec-Fetch-Site",
    ]
    + [
        "X-Forwarded-For",
        "X-Real-IP",
        "Forwarded",
        "x-request-id",
        "Access-Control-Request-Method",
    ],
)
def test_a_header_with_a_meaning_is_not_taken(make_client, name):
    with pytest.raises(ConfigurationError, match="has a meaning of its own"):
        make_client(lambda config: config.add_proxy_header(name))


@pytest.mark.parametrize(
    "name", ["", "Remote_User", "Remote User", "Remote-User:", "ユーザー", "a" * 101, "-"]
)
def test_what_is_no_name_of_a_header_is_not_taken(make_client, name):
    with pytest.raises(ConfigurationError, match="is not a header's name"):
        make_client(lambda config: config.add_proxy_header(name))
