"""Creating tokens: what may be chosen, who may, and what is stored."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from shoptrack.permissions import Principal
from shoptrack.testing import Client
from shoptrack_auth import api_tokens, password_change
from shoptrack_auth.api_token_secrets import SECRET, hash_secret, is_well_formed, make_secret
from shoptrack_auth.hashers import UNUSABLE_PREFIX
from shoptrack_auth.models import UserSession, get_utc_now
from shoptrack_auth.testing import PASSWORD

from .conftest import PATH

CHECKSUM_OF_ZEROS = "2C8GjS"

pytestmark = pytest.mark.database("sqlite")


@pytest.mark.database("sqlite", "postgresql")
def test_a_token_is_shown_once_and_stored_as_a_digest(create, client, signed_in, rows):
    answer = create(name="Kitchen tablet")
    document = answer.json
    token = document.pop("token")
    assert SECRET.fullmatch(token)
    assert answer.headers["Cache-Control"] == "no-store"
    listed = client.get(PATH, headers=signed_in.auth_headers)
    assert listed.json == [document]
    (row,) = rows()
    assert row.key_digest == hash_secret(token)
    assert token not in str(row)
    assert token.removeprefix("shoptrack_") not in listed.text


def test_without_a_choice_it_reads_for_a_year_with_all_permissions(create):
    before = get_utc_now()
    made = create().json
    assert (made["scope"], made["permissions"], made["last_used_at"]) == ("read", None, None)
    expires = datetime.fromisoformat(made["expires_at"]) - before
    assert timedelta(days=364) < expires <= timedelta(days=365)


def test_it_may_expire_never_or_at_an_instant(create):
    assert create(expires_at=None).json["expires_at"] is None
    chosen = (get_utc_now() + timedelta(days=2)).replace(microsecond=0)
    made = create(expires_at=chosen.isoformat()).json
    assert datetime.fromisoformat(made["expires_at"]) == chosen


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"name": None}, {"name": ["This field may not be null."]}),
        ({"name": " \n "}, {"name": ["This field may not be blank."]}),
        ({"name": "a\0b"}, {"name": ["Null characters are not allowed."]}),
        ({"name": "x" * 101}, {"name": ["Ensure this field has no more than 100 characters."]}),
        ({"scope": "admin"}, {"scope": ['"admin" is not a valid choice.']}),
        ({"scope": None}, {"scope": ["This field may not be null."]}),
        (
            {"expires_at": "2000-01-01T00:00:00Z"},
            {
                "expires_at": [
                    "Choose a time in the future, or none for a token that never expires."
                ]
            },
        ),
        (
            {"permissions": []},
            {
                "permissions": [
                    "Choose at least one permission, or leave the permissions out for all."
                ]
            },
        ),
        ({"permissions": "stores:view"}, {"permissions": ["Not a valid list of permissions."]}),
        ({"permissions": [1]}, {"permissions": ["Not a valid list of permissions."]}),
        ({"permissions": ["no:such"]}, {"permissions": ["Unknown permissions: no:such."]}),
        (
            {"permissions": ["users:view", "stores:view"]},
            {
                "permissions": [
                    "A token can only have permissions that you have. Missing: users:view."
                ]
            },
        ),
        ({"password": "wrong"}, {"password": ["This is not your current password."]}),
        ({"password": None}, {"password": ["This field is required."]}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_created(create, rows, body, errors):
    assert create(status=400, **body).json == errors
    assert rows() == []


def test_a_day_without_an_offset_is_no_instant(create):
    for text in ("2099-01-01", "2099-01-01T00:00", "9999-12-31T23:59-12:00", 5, "soon"):
        assert "expires_at" in create(status=400, expires_at=text).json


@pytest.mark.database("sqlite", "postgresql")
def test_a_name_may_have_any_character(create, client, signed_in):
    names = ["台所のタブレット", "🥕" * 100, "<b>'\"; --", "a\u202eb", "%s{}"]
    for name in names:
        assert create(name=name).json["name"] == name
    listed = client.get(PATH, headers=signed_in.auth_headers).json
    assert [token["name"] for token in listed] == names[::-1]


@pytest.mark.database("sqlite", "postgresql")
def test_some_of_the_permissions_may_be_chosen(create):
    chosen = ["stores:view", "products:view", "stores:view"]
    assert create(permissions=chosen).json["permissions"] == ["products:view", "stores:view"]


def test_a_superuser_may_choose_any_permission(create, change_user):
    change_user(is_superuser=True)
    assert create(permissions=["users:view"]).json["permissions"] == ["users:view"]


def test_where_permissions_are_granted_only_those_may_be_chosen(create, client_with, user, grant):
    client = client_with(shoptrack__api_permissions="model")
    grant(user, "stores:view")
    assert create(client=client, permissions=["stores:view"])
    answer = create(client=client, permissions=["stores:add"], status=400)
    assert "stores:add" in answer.json["permissions"][0]


def test_wrong_passwords_are_throttled_with_those_of_signing_in(create, client_with):
    client = client_with(shoptrack__failures_per_name="2")
    for _ in range(2):
        create(client=client, password="wrong", status=400)
    assert int(create(client=client, status=429).headers["Retry-After"]) > 0
    credentials = {"username": "ken", "password": PASSWORD}
    client.post_json("/api/auth/token/", credentials, status=429)


def test_without_a_password_a_sign_in_of_late_is_enough(create, change_user, database):
    change_user(password=UNUSABLE_PREFIX)
    assert create(password=None)
    with database.engine.begin() as connection:
        old = {"created_at": get_utc_now() - timedelta(minutes=16)}
        connection.execute(UserSession.__table__.update().values(old))
    assert "Sign in again" in create(password=None, status=403).json["detail"]


def test_without_a_password_an_authenticator_is_enough(build_app, plugin, user, change_user):
    def includeme(config):
        name = lambda request: request.headers.get("X-Who") and Principal(username="ken")  # noqa: E731
        config.add_authenticator("header", name)

    client = Client(build_app(("shoptrack_auth", plugin("who", includeme))))
    body, who = {"name": "script"}, {"X-Who": "ken"}
    client.post_json(PATH, body, headers=who, status=400)
    change_user(password=UNUSABLE_PREFIX)
    assert client.post_json(PATH, body, headers=who, status=201).json["token"]
    foreign = who | {"Origin": "https://evil.example"}
    client.post_json(PATH, body, headers=foreign, status=403)


def test_who_is_not_signed_in_creates_none(client, user):
    client.post_json(PATH, {"name": "script", "password": PASSWORD}, status=401)


def test_a_password_that_changes_meanwhile_does_not_count(act, user, hasher):
    act(password_change.set_password, hasher, user.id, "another horse", by="operator")
    new = api_tokens.NewToken("script")
    with pytest.raises(api_tokens.NotFound):
        act(api_tokens.create_token, user.id, new, password_version=user.password_version)


@pytest.mark.database("sqlite", "postgresql")
def test_a_user_has_a_hundred_at_most_however_many_are_asked_for_at_once(
    create, new_token, rows, expire
):
    for _ in range(5):
        new_token()
    expire()
    for _ in range(97):
        new_token()
    together = Barrier(6)

    def one(_) -> bool:
        together.wait()
        try:
            return bool(new_token())
        except api_tokens.TooManyTokens:
            return False

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(one, range(6))) == 3
    assert create(status=409).json == {
        "detail": "You have 100 API tokens, which is the maximum. Revoke one first.",
        "code": "too_many_tokens",
    }
    assert len(rows()) == 105


def test_secrets_are_random_and_carry_a_checksum():
    secrets = {make_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert all(is_well_formed(secret) for secret in secrets)
    secret = secrets.pop()
    for number in range(len(secret)):
        other = "0" if secret[number] != "0" else "1"
        assert not is_well_formed(secret[:number] + other + secret[number + 1 :])
    assert not is_well_formed(secret + "\n")
    # As GitHub computes it: CRC-32 to the base of 62.
    assert is_well_formed(f"shoptrack_{'0' * 30}{CHECKSUM_OF_ZEROS}")


def test_instants_are_utc(create):
    assert create().json["created_at"].startswith(f"{datetime.now(UTC):%Y-%m-%d}")
