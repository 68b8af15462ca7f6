"""Using tokens: which requests they are for, what they may do, and what refuses them."""

from datetime import timedelta

import pytest
import webtest

from shoptrack.db import Database
from shoptrack.permissions import Principal
from shoptrack.testing import Client, capture_statements
from shoptrack_auth.api_token_secrets import make_secret
from shoptrack_auth.models import TokenScope, UserPermission, get_utc_now
from shoptrack_auth.testing import PASSWORD

from .conftest import PATH

pytestmark = pytest.mark.database("sqlite")

ROWS = "/api/categories/"


def make_refusal(message: str) -> dict:
    return {
        "detail": "Given token not valid for any token type",
        "code": "token_not_valid",
        "messages": [{"token_class": "ApiToken", "token_type": "api", "message": message}],
    }


@pytest.mark.database("sqlite", "postgresql")
def test_a_token_is_its_user(script, user):
    assert script.get("/api/auth/user/").json["id"] == user.id
    made = script.post_json(ROWS, {"name": "Market"}, status=201).json
    script.patch_json(f"{ROWS}{made['id']}/", {"name": "Bazaar"})
    script.delete(f"{ROWS}{made['id']}/", status=204)


def test_the_scheme_has_any_case_and_two_parts(client, new_token):
    token = new_token()
    client.get(ROWS, headers={"Authorization": f"bearer  {token}"})
    for header in (f"Token {token}", f"Basic {token}", token):
        client.get(ROWS, headers={"Authorization": header}, status=401)
    answer = client.get(ROWS, headers={"Authorization": f"Bearer {token} x"}, status=401)
    assert answer.json["code"] == "bad_authorization_header"


def test_it_counts_in_the_header_only(client, new_token):
    token = new_token()
    client.get(f"{ROWS}?access_token={token}", status=401)
    client.get(ROWS, headers={"Cookie": f"refresh_token={token}; token={token}"}, status=401)


@pytest.mark.database("sqlite", "postgresql")
def test_one_that_reads_changes_nothing(new_token, with_token, make):
    category = make.category()
    reader = with_token(new_token(TokenScope.READ))
    reader.get(ROWS)
    reader.head(ROWS)
    refused = {
        "detail": "This API token can only read. Use one with the scope “write” to change something."
    }
    one = f"{ROWS}{category.id}/"
    assert reader.post_json(ROWS, {"name": "Market"}, status=403).json == refused
    assert reader.put_json(one, {"name": "Market"}, status=403).json == refused
    assert reader.patch_json(one, {"name": "Market"}, status=403).json == refused
    assert reader.delete(one, status=403).json == refused
    assert reader.post_json(f"{ROWS}bulk/", [{"name": "Market"}], status=403).json == refused
    assert [row["name"] for row in reader.get(ROWS).json] == [category.name]


def test_it_may_do_what_was_chosen_and_no_more(new_token, with_token, make):
    chosen = with_token(new_token(permissions=["categories:view", "categories:add"]))
    chosen.get(ROWS)
    chosen.get("/api/auth/user/")
    made = chosen.post_json(ROWS, {"name": "Market"}, status=201).json
    chosen.patch_json(f"{ROWS}{made['id']}/", {"name": "Bazaar"}, status=403)
    chosen.get("/api/products/", status=403)


def test_rows_of_other_resources_are_hidden_from_it(app, new_token, make):
    product = make.product()
    headers = {"Authorization": f"Bearer {new_token(permissions=['products:view'])}"}
    # Without comparing it with the API's description, which says this of tokens in words only.
    (document,) = webtest.TestApp(app).get("/api/products/", headers=headers).json
    assert document["category"] == {"id": product.category_id}


def test_a_superusers_token_has_what_was_chosen(new_token, with_token, change_user, make):
    change_user(is_superuser=True)
    all_of_them = with_token(new_token())
    all_of_them.post_json(ROWS, {"name": "Market"}, status=201)
    chosen = with_token(new_token(permissions=["categories:view"]))
    chosen.get(ROWS)
    chosen.post_json(ROWS, {"name": "Bazaar"}, status=403)


@pytest.mark.database("sqlite", "postgresql")
def test_a_permission_that_its_user_loses_is_lost_at_the_next_request(
    build_app, with_token, new_token, user, grant, database, act
):
    app = build_app(shoptrack__api_permissions="model")
    grant(user, "categories:view", "categories:add")
    for options in ({}, {"permissions": ["categories:view", "products:view"]}):
        script = with_token(new_token(**options), app)
        script.get(ROWS)
        script.get("/api/products/", status=403)
    with database.engine.begin() as connection:
        connection.execute(UserPermission.__table__.delete())
    script.get(ROWS, status=403)
    script.get("/api/auth/user/")


def test_a_superuser_who_is_demoted_has_no_more(new_token, with_token, build_app, change_user):
    app = build_app(shoptrack__api_permissions="model")
    change_user(is_superuser=True)
    clients = [
        with_token(new_token(permissions=permissions), app)
        for permissions in (None, ["categories:view"])
    ]
    for client in clients:
        client.get(ROWS)
    change_user(is_superuser=False)
    for client in clients:
        client.get(ROWS, status=403)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", PATH),
        ("POST", PATH),
        ("DELETE", PATH),
        ("DELETE", f"{PATH}1/"),
        ("POST", "/api/auth/password/"),
        ("GET", "/api/auth/sessions/"),
        ("DELETE", "/api/auth/sessions/"),
        ("DELETE", "/api/auth/sessions/1/"),
    ],
)
def test_it_manages_no_account(script, rows, method, path):
    body = {"name": "x", "password": PASSWORD, "old_password": PASSWORD, "new_password": "y" * 20}
    call = script.post_json if method == "POST" else getattr(script, method.lower())
    answer = call(path, body, status=403) if method == "POST" else call(path, status=403)
    assert answer.json == {
        "detail": "API tokens cannot manage accounts, sessions or tokens. Sign in with your password."
    }
    assert len(rows()) == 1


def test_it_opens_no_page(script):
    assert script.get("/admin/", status=302).location.startswith("http://localhost/admin/login/")


def test_it_is_no_access_token(client, new_token, script):
    """The endpoints of access tokens answer as for any other text; signing out does not revoke it."""
    token = new_token()
    invalid = {"detail": "Token is invalid", "code": "token_not_valid"}
    verify, refresh = "/api/auth/token/verify/", "/api/auth/token/refresh/"
    assert client.post_json(verify, {"token": token}, status=401).json == invalid
    assert client.post_json(refresh, {"refresh": token}, status=401).json == invalid
    script.post_json("/api/auth/logout/", {})
    script.get(ROWS)


def test_public_endpoints_do_not_mind_it(client, user):
    headers = {"Authorization": f"Bearer {make_secret()}"}
    client.get("/api/", headers=headers)
    credentials = {"username": "ken", "password": PASSWORD}
    client.post_json("/api/auth/token/", credentials, headers=headers)


@pytest.mark.database("sqlite", "postgresql")
def test_one_that_is_unknown_mistyped_or_expired_is_refused(
    client, new_token, expire, change_tokens
):
    token = new_token()
    for bad in (make_secret(), token[:-1], token[::-1], "shoptrack_", f"{token}é", token.lower()):
        answer = client.get(ROWS, headers={"Authorization": f"Bearer {bad}"}, status=401)
        if bad.startswith("shoptrack_"):
            assert answer.json == make_refusal("Token is invalid")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    expire()
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get(ROWS, headers=headers, status=401).json == make_refusal("Token is expired")
    change_tokens(expires_at=get_utc_now() + timedelta(minutes=1))
    client.get(ROWS, headers=headers)


def test_another_applications_origin_does_not_matter_without_cookies(script):
    script.post_json(
        ROWS, {"name": "Market"}, headers={"Origin": "https://evil.example"}, status=201
    )


@pytest.mark.parametrize("mode", ["authenticated", "model"])
@pytest.mark.database("sqlite", "postgresql")
def test_it_takes_one_statement(build_app, database, new_token, with_token, user, grant, mode):
    app = build_app(shoptrack__api_permissions=mode)
    grant(user, "categories:view")
    for options in ({}, {"permissions": ["categories:view"]}):
        client = with_token(new_token(**options), app)
        client.get("/api/auth/user/")  # notes the use
        with capture_statements(Database.of(app.registry)) as statements:
            client.get("/api/auth/user/")
        assert len(statements) == 1
        with capture_statements(Database.of(app.registry)) as statements:
            client.get("/api/categories/1/", status=404)
        assert len(statements) == 2


def test_a_mistyped_one_takes_no_statement(database, with_token, new_token):
    token = new_token()
    client = with_token(token[:-1] + ("0" if token[-1] != "0" else "1"))
    with capture_statements(database) as statements:
        client.get("/api/auth/user/", status=401)
    assert len(statements) == 0


def test_unknown_ones_are_throttled_and_the_household_s_others_work(
    client_with, new_token, build_app, with_token
):
    ini = {"shoptrack__token_failures_per_address": "3"}
    app = build_app(**ini)
    good = with_token(new_token(), app)
    unknown = {"Authorization": f"Bearer {make_secret()}"}
    mistyped = {"Authorization": "Bearer shoptrack_x"}
    stranger = Client(app)
    for _ in range(3):
        stranger.get(ROWS, headers=unknown, status=401)
        stranger.get(ROWS, headers=mistyped, status=401)
    answer = stranger.get(ROWS, headers=unknown, status=429)
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    stranger.get(ROWS, headers=mistyped, status=401)
    good.get(ROWS)
    elsewhere = Client(app, extra_environ={"REMOTE_ADDR": "192.0.2.99"})
    elsewhere.get(ROWS, headers=unknown, status=401)
    # As for other guesses with tokens.
    stranger.post_json("/api/auth/token/verify/", {"token": "x"}, status=429)


def test_expired_ones_do_not_count(build_app, new_token, with_token, expire):
    app = build_app(shoptrack__token_failures_per_address="1")
    client = with_token(new_token(), app)
    expire()
    for _ in range(3):
        client.get(ROWS, status=401)


def test_no_authenticator_is_asked_about_it(build_app, plugin, user, make_user, new_token):
    """A request's own token decides, also where it is invalid and an authenticator would name a user."""
    mary, asked = make_user("mary"), []

    def authenticate(request):
        asked.append(request)
        return Principal(id=mary.id)

    def includeme(config):
        config.add_authenticator("everybody", authenticate)

    client = Client(build_app(("shoptrack_auth", plugin("everybody", includeme))))
    path = "/api/auth/user/"
    headers = {"Authorization": f"Bearer {new_token()}"}
    assert client.get(path, headers=headers).json["id"] == user.id
    for bad in (make_secret(), "shoptrack_"):
        client.get(path, headers={"Authorization": f"Bearer {bad}"}, status=401)
    assert asked == []
    assert client.get(path).json["id"] == mary.id
    assert asked
