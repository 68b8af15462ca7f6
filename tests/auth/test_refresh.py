import time

import jwt
import pytest
from sqlalchemy import select, update

from shoptrack_auth.models import UserSession, get_utc_now
from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

PATH = "/api/auth/token/refresh/"
NOT_FOUND = {"detail": "Refresh token not found in cookie."}
INVALID = {"detail": "Token is invalid", "code": "token_not_valid"}
NOT_SENT = [
    b"",
    b"{}",
    b'{"refresh": null}',
    b'{"refresh": ""}',
    b'{"refresh": " \\n"}',
    b'{"token": 1}',
]


def refreshed(answer):
    """Return the claims of the access token that was answered."""
    assert list(answer.json) == ["access"]
    return jwt.decode(answer.json["access"], options={"verify_signature": False})


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data", None])
def test_a_token_in_the_body_is_answered_with_an_access_token(client, signed_in, content_type):
    body = {"refresh": signed_in.refresh}
    if content_type == "application/json":
        answer = client.post_json(PATH, body, status=200)
    else:
        answer = client.post(PATH, body, content_type=content_type, status=200)
    assert refreshed(answer)["sid"] == signed_in.sid
    assert "Set-Cookie" not in answer.headers
    assert "WWW-Authenticate" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    client.get("/api/auth/user/", headers={"Authorization": f"Bearer {answer.json['access']}"})


@pytest.mark.parametrize("body", NOT_SENT)
def test_a_body_without_a_token_leaves_it_to_the_cookie(client, signed_in, body):
    headers = {**signed_in.cookie, "Content-Type": "application/json"}
    answer = client.post(PATH, body, headers=headers, status=200)
    assert refreshed(answer)["sid"] == signed_in.sid


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/xml", "multipart/form-data", "nonsense"]
)
def test_an_empty_body_may_be_of_any_type(client, signed_in, content_type):
    headers = {**signed_in.cookie, "Content-Type": content_type}
    client.post(PATH, b"", headers=headers, status=200)


@pytest.mark.parametrize("body", NOT_SENT)
def test_without_any_token_there_is_nothing_to_refresh(client, body):
    for cookie in ({}, {"Cookie": "refresh_token="}, {"Cookie": "other=1"}):
        headers = {"Content-Type": "application/json"} | cookie
        answer = client.post(PATH, body, headers=headers, status=401)
        assert answer.json == NOT_FOUND
        assert "WWW-Authenticate" not in answer.headers
        assert "Set-Cookie" not in answer.headers


def test_the_body_goes_before_the_cookie(client, user, sign_in):
    one, other = sign_in(), sign_in()
    answer = client.post_json(PATH, {"refresh": one.refresh}, headers=other.cookie)
    assert refreshed(answer)["sid"] == one.sid


@pytest.mark.parametrize("bad", ["x", "a.b.c", 0, 12.5])
def test_a_bad_token_in_the_body_is_final(client, signed_in, bad):
    answer = client.post_json(PATH, {"refresh": bad}, headers=signed_in.cookie, status=401)
    assert answer.json == INVALID
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("bad", [True, False, [], {}, ["x"]])
def test_what_is_no_text_is_a_faulty_field(client, signed_in, bad):
    answer = client.post_json(PATH, {"refresh": bad}, headers=signed_in.cookie, status=400)
    assert answer.json == {"refresh": ["Not a valid string."]}


@pytest.mark.parametrize(("body", "status"), [(b"[]", 400), (b"{", 400), (b"null", 400)])
def test_a_body_that_cannot_be_read_is_final(client, signed_in, body, status):
    headers = {**signed_in.cookie, "Content-Type": "application/json"}
    client.post(PATH, body, headers=headers, status=status)
    client.post(PATH, body, headers={**headers, "Content-Type": "text/plain"}, status=415)


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"token_type": "refresh", "exp": 1}, "Token is expired"),
        ({"token_type": "access"}, "Token has wrong type"),
        ({"token_type": "refresh", "sid": "999999"}, "Token is blacklisted"),
        ({"token_type": "refresh", "sid": "x"}, "Token is invalid"),
    ],
    ids=lambda value: str(value),
)
@pytest.mark.parametrize("way", ["body", "cookie"])
def test_a_refusal_says_why_and_deletes_the_cookie(client, forge, claims, sentence, way):
    token = forge(**claims)
    if way == "body":
        answer = client.post_json(PATH, {"refresh": token}, status=401)
    else:
        headers = {"Cookie": f"refresh_token={token}"}
        answer = client.post(PATH, b"", headers=headers, status=401)
    assert answer.json == {"detail": sentence, "code": "token_not_valid"}
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer.headers["Set-Cookie"].startswith("refresh_token=; Max-Age=0; ")


@pytest.mark.database("sqlite", "postgresql")
def test_a_refresh_is_noted_and_lengthens_nothing(client, signed_in, database):
    with database.engine.begin() as connection:
        connection.execute(update(UserSession).values(last_used_at=UserSession.created_at))
    before = get_utc_now()
    client.post_json(PATH, {"refresh": signed_in.refresh})
    with database.session() as db:
        sign_in = db.scalars(select(UserSession)).one()
    assert before <= sign_in.last_used_at <= get_utc_now()
    assert (sign_in.expires_at - sign_in.created_at).total_seconds() == 86_400


def test_an_access_token_does_not_outlive_its_sign_in(client, client_with, forge):
    expires = int(time.time()) + 100
    token = forge(token_type="refresh", exp=expires)
    claims = refreshed(client.post_json(PATH, {"refresh": token}))
    assert 0 <= expires - claims["exp"] <= 1
    short = client_with(shoptrack__refresh_token_seconds="60")
    body = {"username": "ken", "password": PASSWORD}
    access = short.post_json("/api/auth/token/", body).json["access"]
    claims = jwt.decode(access, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 60


def test_a_refresh_token_may_be_used_again(client, signed_in):
    for _ in range(3):
        client.post_json(PATH, {"refresh": signed_in.refresh}, status=200)


@pytest.mark.database("sqlite", "postgresql")
def test_a_refused_refresh_is_not_noted(client, signed_in, forge, database):
    client.post_json(PATH, {"refresh": signed_in.access}, status=401)
    with database.session() as db:
        sign_in = db.scalars(select(UserSession)).one()
    assert sign_in.last_used_at == sign_in.created_at
