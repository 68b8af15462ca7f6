"""Which hosts are served."""

import pytest

from shoptrack.web.hosts import AllowedHosts, parse_domain


@pytest.mark.parametrize(
    ("pattern", "host", "served"),
    [
        ("example.com", "example.com", True),
        ("example.com", "EXAMPLE.com:8000", True),
        ("EXAMPLE.com", "example.com.", True),
        ("example.com", "sub.example.com", False),
        ("example.com", "example.com.evil.com", False),
        ("example.com", "evilexample.com", False),
        (".example.com", "example.com", True),
        (".example.com", "a.b.example.com:443", True),
        (".example.com", "evilexample.com", False),
        ("*", "anything.at.all", True),
        ("*", "[2001:db8::1]:80", True),
        ("[::1]", "[::1]", True),
        ("[::1]", "[::1]:8000", True),
        ("[2001:DB8::1]", "[2001:db8::1]", True),
        ("127.0.0.1", "127.0.0.1:65535", True),
    ],
)
def test_hosts_are_read_as_django_reads_them(pattern, host, served):
    assert AllowedHosts([pattern]).allows(parse_domain(host)) is served


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        "under_score.example",
        "example.com:",
        "example.com:port",
        "example.com:80:80",
        "user@example.com",
        "example.com/path",
        "example.com, localhost",
        "exa mple.com",
        "ex\xe4mple.com",
        "\u212aelvin.example",
        "::1",
        "[::1",
        "[::1]evil",
        "[localhost]",
        "localhost\n",
        "localhost\x00",
    ],
)
def test_a_malformed_host_is_refused_even_where_all_are_served(make_client, host):
    make_client(allowed_hosts="*").get(
        "/api/things/", extra_environ={"HTTP_HOST": host}, status=400
    )


def test_the_refusal_is_json_under_api_and_names_the_setting(make_client):
    answer = make_client().get("/api/things/", headers={"Host": "shop.example"}, status=400)
    assert answer.content_type == "application/json"
    assert set(answer.json) == {"detail"}
    assert "'shop.example'" in answer.json["detail"]
    assert "SHOPTRACK_ALLOWED_HOSTS" in answer.json["detail"]


def test_the_refusal_is_plain_text_elsewhere(make_client):
    answer = make_client().get("/page/", headers={"Host": "shop.example"}, status=400)
    assert answer.content_type == "text/plain"
    assert "SHOPTRACK_ALLOWED_HOSTS" in answer.text


def test_the_refusal_repeats_no_markup_control_characters_or_long_text(make_client):
    host = "<script>\x1b[31m\xe9" + "x" * 5000
    answer = make_client().get("/page/", extra_environ={"HTTP_HOST": host}, status=400)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.text.isascii()
    assert "\x1b" not in answer.text
    assert len(answer.text) < 400


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("host", ["shop.example", "not a host", ""])
def test_health_is_told_to_any_host(make_client, path, host):
    make_client().get(path, extra_environ={"HTTP_HOST": host}, status=200)


def test_a_request_without_host_is_one_for_the_servers_own_name(make_client):
    app = make_client(allowed_hosts="own.example")

    def ask(name, status):
        request = app.RequestClass.blank("/api/things/", environ={"SERVER_NAME": name})
        del request.environ["HTTP_HOST"]
        app.do_request(request, status=status)

    ask("own.example", 200)
    ask("other.example", 400)


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        (b"GET /api/things/ HTTP/1.1\r\nHost: localhost\r\n", 200),
        (b"GET /api/things/ HTTP/1.1\r\nHost: evil.example\r\n", 400),
        (b"GET /api/things/ HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n", 400),
        (b"GET /api/things/ HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n", 400),
        (b"GET /api/things/ HTTP/1.0\r\n", 400),  # waitress names itself waitress.invalid
        (b"GET /healthz HTTP/1.0\r\n", 200),
        (b"GET http://localhost/api/things/ HTTP/1.1\r\nHost: localhost:80\r\n", 200),
        (b"GET http://evil.example/api/things/ HTTP/1.1\r\nHost: localhost\r\n", 400),
        (b"GET http://localhost/api/things/ HTTP/1.1\r\nHost: evil.example\r\n", 400),
        (b"GET http://localhost@evil.example/api/ HTTP/1.1\r\nHost: localhost\r\n", 400),
        (b"GET /api/things/ HTTP/1.1\r\nHost: loc\xffalhost\r\n", 400),
    ],
)
def test_hosts_over_a_socket(talk, request_text, status):
    answer = talk(request_text + b"Connection: close\r\n\r\n")
    assert answer.split()[1] == b"%d" % status
