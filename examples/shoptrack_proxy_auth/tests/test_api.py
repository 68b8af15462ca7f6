import pytest
from shoptrack.plugins import Deployment
from shoptrack.settings import ConfigurationError, Settings
from shoptrack.testing import Client

from shoptrack_proxy_auth.checks import check_trusted_proxies

from .conftest import PROXY, STRANGER

USER, CATEGORIES = "/api/auth/user/", "/api/categories/"
KEN = {"Remote-User": "ken"}
NOT_GIVEN = {"detail": "Authentication credentials were not provided."}
INVALID = {"detail": "The proxy has sent no valid name of one user."}


def test_the_proxys_user_is_signed_in(ask, ken):
    assert ask(PROXY, "GET", USER, KEN).json["username"] == "ken"
    assert ask(PROXY, "POST", CATEGORIES, KEN, params={"name": "Meat"}, status=201)


def test_a_name_may_have_letters_of_any_script(ask, make_user):
    make_user("花子")
    sent = {"Remote-User": "花子".encode().decode("latin-1")}
    assert ask(PROXY, "GET", USER, sent).json["username"] == "花子"


def test_nobody_elses_header_counts(ask, ken):
    assert ask(STRANGER, "GET", USER, KEN, status=401).json == NOT_GIVEN


@pytest.mark.parametrize(
    "client_says", [PROXY, f"{PROXY}, {PROXY}", f"{STRANGER}, {PROXY}", "127.0.0.1"]
)
def test_nor_does_what_a_stranger_says_of_its_way(ask, ken, client_says):
    sent = {**KEN, "X-Forwarded-For": client_says, "Forwarded": f"for={PROXY}", "X-Real-IP": PROXY}
    assert ask(STRANGER, "GET", USER, sent, status=401).json == NOT_GIVEN


def test_behind_the_proxy_the_client_is_whom_it_names(ask, ken):
    sent = {**KEN, "X-Forwarded-For": f"1.1.1.1, {STRANGER}"}
    assert ask(PROXY, "GET", USER, sent).json["username"] == "ken"


@pytest.mark.parametrize("status", ["nobody", "gone"])
def test_who_is_no_active_user_is_refused_and_not_made_one(ask, make_user, database, status):
    make_user("gone", is_active=False)
    answer = ask(PROXY, "GET", USER, {"Remote-User": status}, status=401).json
    assert answer["code"] == "user_not_found"
    assert answer["detail"].startswith("No active user matches your sign-in.")


@pytest.mark.parametrize(
    "sent",
    [
        "ken,ken",
        "ken, root",
        ",ken",
        "ken,",
        "a" * 255,
        "k\x00en",
        "ken\x7f",
        "ken\x1b[2J",
        "ken\t x",
        "\xff",
        "k\xed\xb2\x80",  # half of a surrogate pair
        "ke\xe2\x80\xaen",  # U+202E, which turns what follows around
        "ken\xe2\x80\x8b",  # U+200B, which nobody sees
    ],
)
def test_what_is_no_name_of_one_user_is_refused(ask, ken, sent):
    answer = ask(PROXY, "GET", USER, {"Remote-User": sent}, status=401)
    assert answer.json == INVALID


@pytest.mark.parametrize(
    "sent", ["' OR 1=1 --", "%", "k%", "*", "ken@", "../ken", "<ken>", "k en", "кеn"]
)
def test_odd_names_are_nobodys(ask, ken, sent):
    headers = {"Remote-User": sent.encode().decode("latin-1")}
    assert ask(PROXY, "GET", USER, headers, status=401).json["code"] == "user_not_found"


@pytest.mark.parametrize("sent", ["", " ", "\t"])
def test_an_empty_header_is_none(ask, ken, sent):
    assert ask(PROXY, "GET", USER, {"Remote-User": sent}, status=401).json == NOT_GIVEN


def test_a_token_comes_first(ask, ken, make_user, auth_headers):
    mia = auth_headers(make_user("mia"))
    assert ask(PROXY, "GET", USER, {**KEN, **mia}).json["username"] == "mia"
    invalid = {**KEN, "Authorization": "Bearer invalid"}
    assert ask(PROXY, "GET", USER, invalid, status=401).json["code"] == "token_not_valid"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil"])
def test_another_sites_page_changes_nothing_by_the_proxy(ask, ken, origin):
    sent = {**KEN, "Origin": origin}
    answer = ask(PROXY, "POST", CATEGORIES, sent, params={"name": "Meat"}, status=403)
    assert "SHOPTRACK_CORS_ALLOWED_ORIGINS" in answer.json["detail"]
    ask(PROXY, "DELETE", "/api/auth/sessions/", sent, status=403)
    assert ask(PROXY, "GET", CATEGORIES, KEN).json == []
    own = {**KEN, "Origin": "http://localhost"}
    ask(PROXY, "POST", CATEGORIES, own, params={"name": "Meat"}, status=201)


@pytest.mark.parametrize("sent", ["ken@example.com", "KEN@EXAMPLE.COM"])
def test_another_header_may_have_the_email_address(ask, build_app, ken, sent):

    options = {"proxy_auth_header": "X-Forwarded-Email", "proxy_auth_field": "email"}
    client = Client(build_app(**{f"shoptrack__{name}": value for name, value in options.items()}))
    headers = {"X-Forwarded-Email": sent}
    assert ask(PROXY, "GET", USER, headers, client=client).json["username"] == "ken"
    ask(STRANGER, "GET", USER, headers, client=client, status=401)
    ask(PROXY, "GET", USER, KEN, client=client, status=401)


def test_the_description_names_the_header(client):
    document = client.get("/api/schema/?format=json").json
    assert document["components"]["securitySchemes"]["proxyAuth"]["name"] == "Remote-User"
    assert {"proxyAuth": []} in document["paths"][USER]["get"]["security"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("header", "Origin"),
        ("header", "X-Forwarded-For"),
        ("header", "Remote_User"),
        ("field", "id"),
        ("sign_out_url", "javascript:alert(1)"),
        ("sign_out_url", "//evil.example"),
        ("sign_out_url", "logout"),
    ],
)
def test_settings_that_would_not_do_stop_the_start(build_app, name, value):
    with pytest.raises(ConfigurationError):
        build_app(**{f"shoptrack__proxy_auth_{name}": value})


def test_the_check_of_a_deployment_says_that_no_proxy_is_trusted(build_app):

    without = build_app(shoptrack__trusted_proxies="").registry
    assert "SHOPTRACK_TRUSTED_PROXIES" in check_trusted_proxies(Deployment(without))
    trusting = build_app(shoptrack__trusted_proxies=PROXY).registry
    assert Settings.of(trusting).trusted_proxies
    assert check_trusted_proxies(Deployment(trusting)) is None
