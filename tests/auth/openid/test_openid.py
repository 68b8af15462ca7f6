"""Signing in by an OpenID Connect provider: the plugin of the guide, and a provider on the loopback."""

import base64
import hmac
import json
import time
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from joserfc.jwk import RSAKey
from webtest import TestApp

from shoptrack_admin.testing import ENVIRON

from . import plugin as openid
from .provider import CLIENT, SECRET, serve_provider

pytestmark = pytest.mark.database("sqlite")

START, FAILED = "/openid/start", "Signing in failed. Start again."


@pytest.fixture(scope="module")
def served():
    with serve_provider() as provider:
        yield provider


@pytest.fixture
def provider(served):
    """The provider, as it is where nothing is amiss."""
    served.__init__(served.url)
    return served


@pytest.fixture
def make_browser(build_app, plugins, provider):
    """Return a function that returns a browser of the application with the plugin."""
    app = build_app(
        (*plugins, openid.__name__),
        shoptrack__openid_issuer=provider.url,
        shoptrack__openid_client_id=CLIENT,
        shoptrack__openid_client_secret=SECRET,
    )
    return lambda: TestApp(app, extra_environ=dict(ENVIRON))


@pytest.fixture
def browser(make_browser):
    return make_browser()


@pytest.fixture
def mio(make_user):
    return make_user("mio", is_staff=True, email="mio@example.com")


def begin(browser) -> str:
    """Let a browser go to the provider, whose user agrees, and return where it leads back."""
    url = browser.get(START, status=303).location
    answer = requests.get(url, allow_redirects=False, timeout=60)
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_a_user_signs_in(browser, mio, provider, sign_ins):
    back = begin(browser)
    page = browser.get(back, status=200)
    assert page.html.find("meta", {"http-equiv": "refresh"})["content"] == "0; url=/admin/"
    assert browser.get("/admin/").html.find(class_="who").text == "mio"
    assert sign_ins() == 1
    [asked] = provider.asked
    assert asked["redirect_uri"] == "https://localhost/openid/finish"
    assert len(asked["code_challenge"]) == 43


def test_the_sign_in_page_leads_there(browser, mio):
    link = browser.get("/admin/").follow().html.find("a", string="Sign in with OpenID Connect")
    assert link["href"] == START


def test_each_time_has_a_state_a_nonce_and_a_challenge_of_its_own(browser, mio, provider):
    begin(browser)
    begin(browser)
    first, second = provider.asked
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 30
        assert first[name] != second[name]


def test_the_cookie_of_the_way_says_nothing_to_scripts_and_goes_nowhere_else(browser):
    [cookie] = browser.get(START).headers.getall("Set-Cookie")
    assert cookie.startswith("shoptrack-openid=")
    for attribute in ("Path=/openid/finish", "Max-Age=600", "secure", "HttpOnly", "SameSite=Lax"):
        assert attribute in cookie


def test_the_session_starts_under_a_new_key(browser, mio):
    browser.set_cookie("__Secure-shoptrack-admin", "planted")
    [session] = [
        cookie
        for cookie in browser.get(begin(browser)).headers.getall("Set-Cookie")
        if cookie.startswith("__Secure-shoptrack-admin=")
    ]
    assert "planted" not in session


def test_the_way_back_works_once(browser, mio, sign_ins):
    back = begin(browser)
    browser.get(back, status=200)
    browser.get(back, status=403)
    assert sign_ins() == 1


def test_a_code_that_was_used_is_refused_though_the_cookie_was_kept(browser, mio, sign_ins):
    back = begin(browser)
    kept = {"Cookie": f"shoptrack-openid={browser.cookies['shoptrack-openid']}"}
    browser.get(back, status=200)
    browser.reset()
    assert FAILED in browser.get(back, headers=kept, status=403)
    assert sign_ins() == 1


def test_an_attackers_way_back_signs_nobody_in(make_browser, mio, sign_ins):
    back = begin(make_browser())  # the attacker's own sign-in
    victim = make_browser()
    assert FAILED in victim.get(back, status=403)
    begin(victim)  # even while the victim is on its way
    assert FAILED in victim.get(back, status=403)
    assert sign_ins() == 0


@pytest.mark.parametrize(
    "change", [{"state": "other"}, {"state": ""}, {"code": "other"}, {"code": ""}]
)
def test_another_state_or_code_is_refused(browser, mio, sign_ins, change):
    query = dict(parse_qsl(urlsplit(begin(browser)).query)) | change
    assert FAILED in browser.get("/openid/finish", query, status=403)
    assert sign_ins() == 0


@pytest.mark.parametrize(
    "query", ["", "?error=access_denied&state=x", "?code=x", "?state=x", "?code=x&state=%ff"]
)
def test_what_is_no_way_back_is_refused(browser, query):
    begin(browser)
    browser.get(f"/openid/finish{query}", status="4*")


def test_a_verifier_of_another_sign_in_is_refused(
    browser, make_browser, mio, monkeypatch, sign_ins
):
    monkeypatch.setattr(openid, "generate_token", lambda length: "v" * length)
    back = begin(browser)
    monkeypatch.undo()
    # The cookie of another sign-in, with the same state.
    query = dict(parse_qsl(urlsplit(back).query))
    other = make_browser()
    begin(other)
    assert FAILED in other.get("/openid/finish", query, status=403)
    assert sign_ins() == 0


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"aud": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"nonce": "another"},
        {"nonce": None},
        {"at_hash": "another"},
    ],
)
def test_an_id_token_with_other_claims_is_refused(browser, mio, provider, sign_ins, claims):
    provider.claims = claims
    assert FAILED in browser.get(begin(browser), status=403)
    assert sign_ins() == 0


def test_an_id_token_of_another_key_is_refused(browser, mio, provider, sign_ins):
    provider.signed_by = RSAKey.generate_key(2048, {"kid": "one"})
    assert FAILED in browser.get(begin(browser), status=403)
    assert sign_ins() == 0


def forge(provider, header, secret=b"") -> str:
    """Return a token with the right claims, signed by nobody or by a secret."""
    now = int(time.time())
    claims = {"iss": provider.url, "sub": "user-1", "aud": CLIENT, "iat": now, "exp": now + 300}
    claims |= {"email": "mio@example.com", "email_verified": True}
    claims["nonce"] = provider.asked[-1]["nonce"]
    texts = [encode(json.dumps(part).encode()) for part in (header, claims)]
    signature = hmac.digest(secret, ".".join(texts).encode(), "sha256") if secret else b""
    return ".".join([*texts, encode(signature)])


def encode(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


@pytest.mark.parametrize(
    ("header", "is_signed"),
    [
        ({"alg": "none"}, False),
        ({"alg": "RS256", "kid": "one"}, False),
        ({"alg": "HS256", "kid": "one"}, True),
        ({"alg": "HS256"}, True),
    ],
)
def test_a_token_without_the_providers_signature_is_refused(
    browser, mio, provider, sign_ins, header, is_signed
):
    back = begin(browser)
    # As a secret, the public key is known to everybody.
    secret = provider.key.as_pem(private=False) if is_signed else b""
    provider.token = {"id_token": forge(provider, header, secret)}
    assert FAILED in browser.get(back, status=403)
    assert sign_ins() == 0


@pytest.mark.parametrize("id_token", ["", "x.y.z", "..", None, 1, {}])
def test_what_is_no_token_is_refused(browser, mio, provider, sign_ins, id_token):
    provider.token = {"id_token": id_token}
    assert FAILED in browser.get(begin(browser), status=403)
    assert sign_ins() == 0


def test_a_new_key_is_fetched(browser, mio, provider):
    browser.get(begin(browser), status=200)
    provider.key = provider.signed_by = RSAKey.generate_key(2048, {"kid": "two"})
    provider.header = {"alg": "RS256", "kid": "two"}
    browser.get(begin(browser), status=200)


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": None},
        {"email": ""},
    ],
)
def test_an_email_address_that_the_provider_has_not_verified_is_not_taken(
    browser, mio, provider, sign_ins, claims
):
    provider.claims = claims
    assert "has not verified" in browser.get(begin(browser), status=403)
    assert sign_ins() == 0


@pytest.mark.parametrize("who", ["nobody", "gone"])
def test_only_active_users_get_in_and_none_is_made(browser, make_user, provider, sign_ins, who):
    make_user("gone", email="gone@example.com", is_staff=True, is_active=False)
    provider.claims = {"email": f"{who}@example.com"}
    assert "No active user matches your sign-in." in browser.get(begin(browser), status=401)
    assert sign_ins() == 0


def test_a_provider_that_does_not_answer_is_told_of(browser, mio, provider):
    back = begin(browser)
    provider.is_broken = True
    assert "cannot be reached" in browser.get(START, status=503)
    assert "cannot be reached" in browser.get(back, status=503)


def test_a_provider_that_says_it_is_another_is_refused(browser, provider):
    provider.document = {"issuer": "https://evil.example"}
    assert FAILED in browser.get(START, status=403)
