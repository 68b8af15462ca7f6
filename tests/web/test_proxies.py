"""Whose word about a request is taken."""

import pytest


@pytest.fixture
def asked(make_client):
    app = make_client(trusted_proxies="10.0.0.0/8, 2001:db8::/32", allowed_hosts="*")

    def ask(peer, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return app.get("/api/things/", headers=sent, extra_environ={"REMOTE_ADDR": peer}).json

    return ask


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.3,10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "203.0.113.9:5678", "203.0.113.9"),
        ("10.0.0.1", "[2001:db9::1]:443", "2001:db9::1"),
        ("10.0.0.1", "[2001:db9::1]", "2001:db9::1"),
        ("10.0.0.1", "2001:db9::1", "2001:db9::1"),
        ("10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        ("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1:4711", "203.0.113.9", "203.0.113.9"),
        ("2001:db8::5", "203.0.113.9", "203.0.113.9"),
        ("2001:db8::5%eth0", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "fe80::1%evil\x1b[2J", "fe80::1"),
        # What cannot be read ends the walk: the proxy that passed it on is as far as anybody knows.
        ("10.0.0.1", "203.0.113.9, unknown", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9, ÿ\x00, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", ",,,", "10.0.0.1"),
        ("10.0.0.1", "1.2.3.4.5", "10.0.0.1"),
    ],
)
def test_the_first_untrusted_address_from_the_right_is_the_client(
    asked, peer, forwarded_for, client
):
    assert asked(peer, X_Forwarded_For=forwarded_for)["client"] == client


@pytest.mark.parametrize("peer", ["203.0.113.1", "2001:db9::1"])
def test_an_untrusted_peer_is_not_believed(asked, peer):
    answer = asked(
        peer,
        X_Forwarded_For="10.0.0.1",
        X_Forwarded_Proto="https",
        X_Forwarded_Host="evil.example",
        X_Forwarded_Port="444",
        Forwarded="for=10.0.0.1;host=evil.example",
    )
    assert answer["client"] == peer
    assert answer["url"] == "http://localhost/api/things/"


@pytest.mark.parametrize("peer", ["10.0.0.1", "203.0.113.1", ""])
def test_no_view_sees_the_headers(asked, peer):
    names = ("For", "Proto", "Host", "Port", "Server", "Prefix", "By")
    headers = {f"X_Forwarded_{name}": "x" for name in names}
    assert asked(peer, Forwarded="for=1.1.1.1", **headers)["left"] == []


@pytest.mark.parametrize("peer", ["", "localhost", "/run/shoptrack.sock"])
def test_a_unix_socket_is_not_trusted(asked, peer):
    answer = asked(peer, X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="https")
    assert answer["client"] == peer
    assert answer["url"].startswith("http://")


def test_a_server_that_names_no_peer_is_served(make_client):
    assert make_client().get("/api/things/").json["client"] is None


@pytest.mark.parametrize(
    ("headers", "url"),
    [
        ({"Proto": "https"}, "https://localhost:80/"),
        ({"Proto": "HTTPS"}, "https://localhost:80/"),
        # Nothing tells who wrote the first value, unless X-Forwarded-For has another proxy.
        ({"Proto": "https, http"}, "http://localhost/"),
        ({"Proto": "javascript"}, "http://localhost/"),
        ({"Proto": ""}, "http://localhost/"),
        ({"Host": "shop.example"}, "http://shop.example/"),
        ({"Host": "evil.example, shop.example"}, "http://shop.example/"),
        ({"Host": "shop.example", "Proto": "https", "Port": "443"}, "https://shop.example/"),
        ({"Host": "shop.example", "Proto": "https", "Port": "8443"}, "https://shop.example:8443/"),
        ({"Host": "shop.example:81", "Port": "8443"}, "http://shop.example:81/"),
        ({"Host": "[::1]", "Port": "8443"}, "http://[::1]:8443/"),
        ({"Host": "shop.example", "Port": "garbage"}, "http://shop.example/"),
        ({"Host": "shop.example", "Port": "²"}, "http://shop.example/"),
        ({"Host": "shop.example", "Port": "65535"}, "http://shop.example:65535/"),
        ({"Host": "shop.example", "Port": "100000"}, "http://shop.example/"),
        ({"Host": "shop.example", "Port": "9" * 5000}, "http://shop.example/"),
    ],
)
def test_a_trusted_proxy_says_scheme_host_and_port(asked, headers, url):
    sent = {f"X_Forwarded_{name}": value for name, value in headers.items()}
    assert asked("10.0.0.1", **sent)["url"] == f"{url}api/things/"


def test_a_forwarded_host_is_checked_as_any_other(make_client):
    app = make_client(trusted_proxies="10.0.0.1")
    app.get(
        "/api/things/",
        headers={"X-Forwarded-Host": "evil.example"},
        extra_environ={"REMOTE_ADDR": "10.0.0.1"},
        status=400,
    )


@pytest.mark.parametrize(
    ("headers", "url"),
    [
        # Both proxies append: the outer one knows what the client sees.
        ({"Proto": "https,http"}, "https://localhost:80/"),
        ({"Proto": "https", "Host": "shop.example"}, "https://shop.example/"),
        ({"Host": "shop.example, inside.example", "Port": "8080, 80"}, "http://shop.example:8080/"),
        (
            {"Proto": "https, http", "Host": "shop.example, inside", "Port": "443, 8000"},
            "https://shop.example/",
        ),
        # What the client wrote before them is further left.
        ({"Proto": "https, http, http"}, "http://localhost/"),
        ({"Host": "evil.example, shop.example, inside"}, "http://shop.example/"),
        ({"Prefix": "/shop"}, "http://localhost/shop/"),
        ({"Prefix": "/outer, /inner"}, "http://localhost/outer/inner/"),
        ({"Prefix": "/evil, /outer, /inner"}, "http://localhost/outer/inner/"),
        ({"Prefix": ", /inner"}, "http://localhost/inner/"),
    ],
)
def test_of_two_trusted_proxies_the_outer_ones_word_counts(asked, headers, url):
    sent = {f"X_Forwarded_{name}": value for name, value in headers.items()}
    answer = asked("10.0.0.1", X_Forwarded_For="192.0.2.9, 203.0.113.9, 10.0.0.2", **sent)
    assert answer["client"] == "203.0.113.9"
    assert answer["url"] == f"{url}api/things/"


@pytest.mark.parametrize("way", ["", "unknown", "203.0.113.9", "10.0.0.9, unknown", "10.0.0.9"])
def test_where_no_other_proxy_is_named_the_nearests_word_counts(asked, way):
    sent = {"X_Forwarded_Proto": "https, http", "X_Forwarded_Host": "evil.example, shop.example"}
    answer = asked("10.0.0.1", X_Forwarded_For=way, **sent)
    assert answer["url"] == "http://shop.example/api/things/"


@pytest.mark.parametrize(
    ("prefix", "root"),
    [
        ("/shop", "/shop/"),
        ("/shop/", "/shop/"),
        ("/a/b-c_d.e~f", "/a/b-c_d.e~f/"),
        ("/" + "a" * 199, "/" + "a" * 199 + "/"),
        ("", "/"),
        ("/", "/"),
        ("shop", "/"),
        ("//evil.example", "/"),
        ("/shop//evil", "/"),
        ("/shop/..", "/"),
        ("/./shop", "/"),
        ("/%2e%2e", "/"),
        ("/\\evil.example", "/"),
        ("/shop?a=1", "/"),
        ("/shop;a", "/"),
        ("/ä", "/"),
        ("/" + "a" * 200, "/"),
        ("https://evil.example", "/"),
    ],
)
def test_a_trusted_proxy_says_below_which_path_clients_are(asked, prefix, root):
    said = {"X_Forwarded_Prefix": prefix.encode().decode("latin-1")}
    assert asked("10.0.0.1", **said)["url"] == f"http://localhost{root}api/things/"
    assert asked("203.0.113.1", **said)["url"] == "http://localhost/api/things/"
