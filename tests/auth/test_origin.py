"""A page of another origin can make no browser take the cookie, use it or lose it."""

import pytest

from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

TOKEN, REFRESH, LOGOUT = "/api/auth/token/", "/api/auth/token/refresh/", "/api/auth/logout/"
RIGHT = {"username": "ken", "password": PASSWORD}
FOREIGN = [
    "https://evil.example",
    "null",
    "",
    "*",
    "http://app.example.evil.example",
    "https://app.example",
    "http://app.example:8080",
    "http://app.example/",
    "https://localhost",
    "http://localhost:8000",
    "http://127.0.0.1",
    "localhost",
    "http://app.example, http://localhost",
]
OWN = ["http://app.example", "http://localhost"]


@pytest.fixture
def send(client, signed_in):
    """Return a function that signs in, refreshes or signs out as a browser does for a page."""

    def send(path, origin, status, client=client):
        body = RIGHT if path == TOKEN else {}
        headers = {**signed_in.cookie, **({} if origin is None else {"Origin": origin})}
        return client.post_json(path, body, headers=headers, status=status)

    return send


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_page_is_refused_and_nothing_changes(send, origin, sign_ins):
    for path in (TOKEN, REFRESH, LOGOUT):
        answer = send(path, origin, status=403)
        assert list(answer.json) == ["detail"]
        assert "SHOPTRACK_CORS_ALLOWED_ORIGINS" in answer.json["detail"]
        assert "Set-Cookie" not in answer.headers
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert sign_ins() == 1


@pytest.mark.parametrize("origin", [*OWN, None])
@pytest.mark.parametrize("path", [TOKEN, REFRESH, LOGOUT])
def test_allowed_pages_the_servers_own_and_programs_are_served(send, path, origin):
    send(path, origin, status=200)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded"])
def test_a_foreign_form_is_refused_whatever_its_kind(client, signed_in, content_type):
    headers = {**signed_in.cookie, "Origin": "https://evil.example", "Content-Type": content_type}
    for path in (TOKEN, REFRESH, LOGOUT):
        client.post(path, b"username=ken", headers=headers, status=403)


def test_the_servers_own_origin_is_the_one_that_was_asked_for(user, client_with, send):
    client = client_with(shoptrack__allowed_hosts="shop.example, localhost")
    client.extra_environ.update({"HTTP_HOST": "shop.example:8443", "wsgi.url_scheme": "https"})
    send(TOKEN, "https://shop.example:8443", 200, client)
    send(TOKEN, "https://shop.example", 403, client)
    send(TOKEN, "http://shop.example:8443", 403, client)


def test_behind_a_trusted_proxy_it_is_the_proxys(user, client_with, send):
    client = client_with(
        shoptrack__allowed_hosts="shop.example", shoptrack__trusted_proxies="10.0.0.1"
    )
    forwarded = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_HOST": "shop.example"}
    client.extra_environ.update({**forwarded, "REMOTE_ADDR": "10.0.0.1"})
    send(TOKEN, "https://shop.example", 200, client)
    client.extra_environ["REMOTE_ADDR"] = "10.0.0.2"
    send(TOKEN, "https://shop.example", 403, client)


def test_without_cookies_there_is_nothing_to_guard(client_with, user, signed_in):
    client = client_with(shoptrack__refresh_transport="body")
    headers = {"Origin": "https://evil.example"}
    client.post_json(TOKEN, RIGHT, headers=headers, status=200)
    client.post_json(REFRESH, {"refresh": signed_in.refresh}, headers=headers, status=200)
    client.post_json(LOGOUT, {}, headers=headers, status=200)


def test_in_the_cookie_transport_it_is_guarded(client_with, send, user):
    client = client_with(shoptrack__refresh_transport="cookie")
    for path in (TOKEN, REFRESH, LOGOUT):
        send(path, "https://evil.example", 403, client)


def test_what_takes_no_cookie_serves_every_page(client, signed_in):
    headers = {"Origin": "https://evil.example"}
    client.post_json("/api/auth/token/verify/", {"token": signed_in.access}, headers=headers)
    client.get("/api/auth/user/", headers={**signed_in.auth_headers, **headers}, status=200)
