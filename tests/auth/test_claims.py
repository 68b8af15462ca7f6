"""What tokens say, and for how long they hold."""

import re
import time
from types import SimpleNamespace

import jwt
import pytest

from shoptrack.testing import SECRET_KEY
from shoptrack_auth.testing import PASSWORD
from shoptrack_auth.tokens import Claims, InvalidToken, Tokens

pytestmark = pytest.mark.database("sqlite")

CLAIMS = {"token_type", "exp", "iat", "jti", "user_id", "sub", "sid"}
SID = "s" * 22


def claims_of(token: str) -> dict:
    return jwt.decode(token, SECRET_KEY, algorithms=["HS256"])


@pytest.mark.parametrize("kind", ["access", "refresh"])
def test_a_token_says_this_and_no_more(user, signed_in, kind):
    token = getattr(signed_in, kind)
    claims = claims_of(token)
    assert claims.keys() == CLAIMS
    assert claims["token_type"] == kind
    assert claims["user_id"] == claims["sub"] == str(user.id)
    assert claims["sid"] == signed_in.sid
    assert re.fullmatch("[A-Za-z0-9_-]{22}", claims["sid"])
    assert isinstance(claims["exp"], int)
    assert isinstance(claims["iat"], int)
    assert len(claims["jti"]) == 32
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}


def test_no_two_tokens_are_the_same(client, signed_in):
    tokens = [signed_in.access, signed_in.refresh]
    for _ in range(2):
        answer = client.post_json("/api/auth/token/refresh/", {"refresh": signed_in.refresh})
        tokens.append(answer.json["access"])
    assert len({claims_of(token)["jti"] for token in tokens}) == 4


def test_access_lasts_five_minutes_and_refresh_a_day(user, sign_in):
    before = int(time.time())
    signed_in = sign_in()
    access, refresh = claims_of(signed_in.access), claims_of(signed_in.refresh)
    assert access["exp"] - access["iat"] == 300
    assert refresh["exp"] - refresh["iat"] == 86_400
    assert before <= access["iat"] <= time.time()


def test_both_can_be_set(user, client_with):
    client = client_with(shoptrack__access_token_seconds="7", shoptrack__refresh_token_seconds="70")
    answer = client.post_json("/api/auth/token/", {"username": "ken", "password": PASSWORD})
    renewed = client.post_json("/api/auth/token/refresh/", {"refresh": answer.json["refresh"]})
    for token, seconds in (
        (answer.json["access"], 7),
        (answer.json["refresh"], 70),
        (renewed.json["access"], 7),
    ):
        claims = claims_of(token)
        assert claims["exp"] - claims["iat"] == seconds


def test_a_token_dies_by_itself(client, signed_in, monkeypatch):
    """Only the tokens' clock is moved: the wire and the rows keep the real one."""

    def set_clock(instant: float) -> None:
        monkeypatch.setattr("shoptrack_auth.tokens.time", SimpleNamespace(time=lambda: instant))

    refresh = {"refresh": signed_in.refresh}
    set_clock(claims_of(signed_in.access)["exp"] - 0.001)
    client.get("/api/auth/user/", headers=signed_in.auth_headers, status=200)
    set_clock(claims_of(signed_in.access)["exp"])
    answer = client.get("/api/auth/user/", headers=signed_in.auth_headers, status=401)
    assert answer.json["messages"][0]["message"] == "Token is expired"
    client.post_json("/api/auth/token/refresh/", refresh, status=200)
    set_clock(claims_of(signed_in.refresh)["exp"])
    answer = client.post_json("/api/auth/token/refresh/", refresh, status=401)
    assert answer.json["detail"] == "Token is expired"


@pytest.mark.parametrize("number", [int, float])
def test_numbers_are_read_as_well_as_text(client, forge, user, nameless, number):
    token = forge(user_id=number(user.id), sid=number(nameless), sub=number(user.id))
    client.get("/api/auth/user/", headers={"Authorization": f"Bearer {token}"}, status=200)


@pytest.mark.parametrize("claims", [{"aud": "another"}, {"iss": "another"}, {"x": [1]}, {"nbf": 1}])
def test_other_claims_are_passed_over(client, forge, claims):
    token = forge(**claims)
    client.get("/api/auth/user/", headers={"Authorization": f"Bearer {token}"}, status=200)


def test_reading_and_writing_agree():
    tokens = Tokens(SECRET_KEY, 300)
    read = tokens.decode(tokens.issue_access(3, SID), "access")
    assert (read.kind, read.user_id, read.sid) == ("access", 3, SID)
    assert isinstance(read, Claims)
    with pytest.raises(InvalidToken, match="^Token has wrong type$"):
        tokens.decode(tokens.issue_refresh(3, SID, 60), "access")


def test_another_key_signs_for_another_application():
    with pytest.raises(InvalidToken, match="^Token is invalid$"):
        Tokens(SECRET_KEY, 300).decode(Tokens(SECRET_KEY[::-1], 300).issue_access(3, SID))


def test_a_token_that_held_is_refused_once_its_time_is_over(monkeypatch):
    """That its signature is known to be good does not prolong it."""
    tokens = Tokens(SECRET_KEY, access_seconds=300)
    token = tokens.issue_access(1, SID)
    assert tokens.decode(token, "access") == tokens.decode(token)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 301)
    with pytest.raises(InvalidToken, match="Token is expired"):
        tokens.decode(token)


def test_what_does_not_hold_is_not_kept(monkeypatch):
    """A thousand tokens are: whoever sends ever other nonsense takes no memory by it."""
    tokens = Tokens(SECRET_KEY, access_seconds=300)
    for number in range(20):
        with pytest.raises(InvalidToken):
            tokens.decode(f"{tokens.issue_access(1, SID)}{number}")
    assert tokens._verified.cache_info().currsize == 0


@pytest.mark.parametrize(("leeway", "status"), [("0", 401), ("120", 200)])
def test_by_how_much_clocks_may_differ_can_be_set(client_with, forge, leeway, status):
    ahead = int(time.time()) + 60
    client = client_with(shoptrack__token_leeway_seconds=leeway)
    for claim in ("iat", "nbf"):
        headers = {"Authorization": f"Bearer {forge(**{claim: ahead})}"}
        client.get("/api/auth/user/", headers=headers, status=status)
    late = {"Authorization": f"Bearer {forge(exp=int(time.time()) - 1)}"}
    client.get("/api/auth/user/", headers=late, status=401)
