"""Sign-ins that two programs use, or that end while something goes on."""

import gzip
import json
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import jwt
import pytest

from shoptrack.testing import SECRET_KEY, Client
from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

TOKEN = "/api/auth/token/"


@pytest.fixture
def pair(client, user) -> dict[str, str]:
    """Sign somebody in."""
    return client.post_json(TOKEN, {"username": "ken", "password": PASSWORD}).json


def test_tokens_of_another_service_with_the_same_key_are_none(client, user):
    now = int(time.time())
    id = str(user.id)
    foreign = {"sub": id, "user_id": id, "iat": now, "exp": now + 60, "jti": "x"}
    for claims in (
        foreign,
        foreign | {"iss": "https://another.example"},
        foreign | {"aud": "another service"},
        foreign | {"token_type": "access"},
        foreign | {"token_type": "access", "sid": str(2**40)},
    ):
        headers = {"Authorization": f"Bearer {jwt.encode(claims, SECRET_KEY)}"}
        answer = client.get("/api/auth/user/", headers=headers, status=401)
        assert answer.json["code"] == "token_not_valid"


@pytest.mark.database("sqlite", "postgresql")
def test_refreshing_while_signing_out_leaves_nothing_that_holds(app, client, pair):
    start = Barrier(5)

    def refresh(_) -> str | None:
        start.wait(60)
        answer = Client(app).post_json(f"{TOKEN}refresh/", {"refresh": pair["refresh"]}, status="*")
        assert answer.status_int in (200, 401)
        return answer.json.get("access")

    def sign_out() -> None:
        start.wait(60)
        Client(app).post_json("/api/auth/logout/", {"refresh": pair["refresh"]}, status=200)

    with ThreadPoolExecutor(5) as threads:
        ending = threads.submit(sign_out)
        tokens = list(threads.map(refresh, range(4)))
        ending.result(60)
    for token in filter(None, [pair["access"], *tokens]):
        headers = {"Authorization": f"Bearer {token}"}
        client.get("/api/stores/", headers=headers, status=401)
    client.post_json(f"{TOKEN}refresh/", {"refresh": pair["refresh"]}, status=401)


@pytest.mark.database("sqlite", "postgresql")
def test_a_refresh_token_that_was_stolen_ends_with_its_session(client, pair):
    thief = client.post_json(f"{TOKEN}refresh/", {"refresh": pair["refresh"]}).json["access"]
    owner = {"Authorization": f"Bearer {pair['access']}"}
    (session,) = client.get("/api/auth/sessions/", headers=owner).json
    client.delete(f"/api/auth/sessions/{session['id']}/", headers=owner, status=204)
    client.get("/api/stores/", headers={"Authorization": f"Bearer {thief}"}, status=401)
    client.post_json(f"{TOKEN}refresh/", {"refresh": pair["refresh"]}, status=401)


@pytest.mark.parametrize("length", [5_000, 2_000_000, 3_000_000])
def test_an_endless_password_is_not_hashed(client, user, hasher, monkeypatch, length):
    hashed = []
    monkeypatch.setattr(hasher, "verify", lambda *args, **options: hashed.append(args))
    body = json.dumps({"username": "ken", "password": "x" * length})
    headers = {"Content-Type": "application/json"}
    answer = client.post(TOKEN, body, headers=headers, status="*")
    assert answer.status_int in (400, 401, 413)
    assert hashed == []


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_no_header_makes_another_method(api, make, header):
    store = make.store()
    for value in ("DELETE", "PUT", "delete"):
        api.get(f"/api/stores/{store.id}/", headers={header: value}, status=200)
        api.get(f"/api/stores/{store.id}/?_method={value}", status=200)
        api.get(f"/api/stores/{store.id}/", status=200)
        body = {"_method": value, "name": "Life", "location": "Kyoto"}
        api.post("/api/stores/", body, headers={header: value}, status=201)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "identity, gzip", "x"])
def test_a_body_is_never_unpacked(api, encoding):
    packed = gzip.compress(b'{"name": "' + b"x" * 10_000_000 + b'"}')
    headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
    answer = api.post("/api/units/", packed, headers=headers, status=400)
    assert answer.json["detail"].startswith("JSON parse error")
