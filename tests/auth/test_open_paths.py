"""Signing in, refreshing, verifying, signing out and the front door take no offence at a stale token."""

import pytest

from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

HEADERS = ["", "Bearer", "Bearer x", "Bearer a b", "bearer a.b.c", "Basic eDp5", "\xff", "stale"]


@pytest.fixture
def call(client, user, sign_in):
    """Return a function that calls an open path with an ``Authorization`` header."""
    signed_in = sign_in()
    stale = sign_in()
    client.post_json("/api/auth/logout/", {}, headers=stale.auth_headers)
    bodies = {
        "token/": {"username": "ken", "password": PASSWORD},
        "token/refresh/": {"refresh": signed_in.refresh},
        "token/verify/": {"token": signed_in.access},
        "logout/": {},
    }

    def call(path, header, status=200):
        headers = {"Authorization": header} if header != "stale" else stale.auth_headers
        if path == "/api/":
            return client.get(path, headers=headers, status=status)
        return client.post_json(f"/api/auth/{path}", bodies[path], headers=headers, status=status)

    return call


@pytest.mark.parametrize("path", ["token/", "token/refresh/", "token/verify/", "/api/"])
def test_it_never_refuses_because_of_the_header(call, path):
    for header in HEADERS:
        call(path, header)


@pytest.mark.parametrize("header", HEADERS)
def test_neither_does_signing_out(call, header):
    call("logout/", header)


@pytest.mark.parametrize("header", HEADERS)
def test_a_refusal_has_its_own_reason(client, header):
    headers = {"Authorization": header}
    body = {"username": "nobody", "password": "x"}
    answer = client.post_json("/api/auth/token/", body, headers=headers, status=401)
    assert answer.json == {"detail": "No active account found with the given credentials"}
    answer = client.post_json("/api/auth/token/refresh/", {}, headers=headers, status=401)
    assert answer.json == {"detail": "Refresh token not found in cookie."}


def test_the_front_door_shows_the_same_to_everybody(client, signed_in):
    assert client.get("/api/").json == client.get("/api/", headers=signed_in.auth_headers).json


@pytest.mark.parametrize(
    "path", ["register/", "users/", "password/reset/", "token/blacklist/", "", "user/1/"]
)
def test_there_is_no_open_registration(client, path):
    body = {"username": "eve", "password": "x" * 20, "email": "eve@example.com"}
    client.post_json(f"/api/auth/{path}", body, status=404)


@pytest.mark.parametrize(
    "path", ["token", "token/refresh", "token/verify", "logout", "user", "sessions", "password"]
)
def test_a_path_without_its_slash_leads_to_the_one_with_it(client, path):
    for method, status in (("GET", 301), ("POST", 308), ("DELETE", 308)):
        answer = client.request(f"/api/auth/{path}", method=method, status=status)
        assert answer.location == f"http://localhost/api/auth/{path}/"
