"""NUL, line ends and half characters, wherever the endpoints take text: a refusal in a sentence, never an error."""

import json

import pytest

from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

HOSTILE = ["\0", "a\0b", "\ud800", "a\udfffb"]
PLACES = [
    ("token/", {"username": "ken", "password": PASSWORD}),
    ("token/refresh/", {"refresh": "x"}),
    ("token/verify/", {"token": "x"}),
    ("logout/", {"refresh": "x"}),
    ("password/", {"old_password": PASSWORD, "new_password": "another horse, another battery"}),
]


@pytest.mark.parametrize(
    ("path", "body", "name"), [(path, body, name) for path, body in PLACES for name in body]
)
def test_in_every_field(client, signed_in, path, body, name):
    headers = {**signed_in.auth_headers, "Content-Type": "application/json"}
    for text in HOSTILE:
        sent = json.dumps({**body, name: text})  # escaped: such a character is no UTF-8
        answer = client.post(f"/api/auth/{path}", sent, headers=headers, status=400)
        (sentence,) = answer.json[name]
        assert "characters are not allowed" in sentence


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize("text", ["\0", "x\0y", "\r\nX-Evil: 1", "\x1b[2J", "\xff\xfe"], ids=ascii)
@pytest.mark.parametrize("header", ["HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_USER_AGENT"])
def test_in_headers(client, user, text, header):
    prefix = {"HTTP_AUTHORIZATION": "Bearer ", "HTTP_COOKIE": "refresh_token="}.get(header, "")
    environ = {header: prefix + text}
    for path, body in (("token/", PLACES[0][1]), ("token/refresh/", {}), ("logout/", {})):
        answer = client.post_json(f"/api/auth/{path}", body, extra_environ=environ, status="*")
        assert answer.status_int in (200, 401), answer
        assert "X-Evil" not in answer.headers
    answer = client.get("/api/auth/user/", extra_environ=environ, status=401)


@pytest.mark.parametrize("id", ["%00", "1%00", "%ED%A0%80", "%0d%0a", "%ff"])
def test_in_paths_and_queries(client, signed_in, id):
    path = "/api/auth/sessions/"
    answer = client.delete(f"{path}{id}/", headers=signed_in.auth_headers, status="*")
    assert answer.status_int in (400, 404)
    answer = client.get(f"{path}?x={id}", headers=signed_in.auth_headers, status="*")
    assert answer.status_int in (200, 400)
