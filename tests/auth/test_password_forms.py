"""A password is the same in any Unicode form: keyboards differ, and so do the systems behind them."""

import unicodedata
from base64 import b64encode
from hashlib import pbkdf2_hmac

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner
from sqlalchemy import update

from shoptrack.cli import Environment
from shoptrack_admin.testing import COOKIE
from shoptrack_auth import password_change, password_links
from shoptrack_auth.commands import changepassword
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.models import User
from shoptrack_auth.stored_hashes import StoredHashes
from shoptrack_auth.testing import PASSWORD
from shoptrack_auth.user_management import OPERATOR

pytestmark = pytest.mark.database("sqlite")

NFC, NFD = (unicodedata.normalize(form, "がぎぐげご Ångström") for form in ("NFC", "NFD"))
BOTH = pytest.mark.parametrize(("chosen", "typed"), [(NFC, NFD), (NFD, NFC)], ids=["NFC", "NFD"])


@pytest.fixture
def status(client):
    """Return a function that returns the status of a sign-in."""

    def status(password, username="ken") -> int:
        body = {"username": username, "password": password}
        return client.post_json("/api/auth/token/", body, status="*").status_int

    return status


@pytest.fixture
def choose(app, act, hasher, user, client, sign_in):
    """Return functions that give the user a password, each through another door."""

    def by_service(password):
        act(password_change.set_password, hasher, user.id, password, by=OPERATOR)

    def by_link(password):
        secret = act(password_links.create_link, user.id, by=OPERATOR)
        act(password_links.redeem, hasher, secret, password)

    def by_api(password):
        body = {"old_password": PASSWORD, "new_password": password}
        client.post_json("/api/auth/password/", body, headers=sign_in().auth_headers, status=200)

    def by_command(password):
        environment = Environment(None)
        environment.registry = app.registry
        arguments = ["ken", "--password-stdin"]
        result = CliRunner().invoke(
            changepassword, arguments, obj=environment, input=f"{password}\n"
        )
        assert result.exit_code == 0, result.output

    return {
        "service": by_service,
        "link": by_link,
        "the API": by_api,
        "the command line": by_command,
    }


@BOTH
@pytest.mark.parametrize("door", ["service", "link", "the API", "the command line"])
def test_what_is_chosen_in_one_form_is_typed_in_the_other(choose, status, door, chosen, typed):
    choose[door](chosen)
    assert status(typed) == 200
    assert status(chosen) == 200


@BOTH
def test_the_current_password_is_known_in_either_form(make_user, sign_in, client, chosen, typed):
    make_user("ken", chosen)
    body = {"old_password": typed, "new_password": PASSWORD}
    client.post_json(
        "/api/auth/password/", body, headers=sign_in("ken", chosen).auth_headers, status=200
    )


@BOTH
def test_so_it_is_on_the_administrations_page(visitor, make_user, chosen, typed):
    make_user("mio", chosen, is_staff=True)
    form = visitor.get("/admin/login/").forms[0]
    form["username"], form["password"] = "mio", typed
    assert COOKIE in form.submit(status=303).headers["Set-Cookie"]


def test_compatible_characters_are_others(make_user, status):
    make_user("ken", "ﾊﾟｽﾜｰﾄﾞ ①②③")
    assert status("パスワード 123") == 401


def test_its_length_is_that_of_what_is_seen(user, client, sign_in):
    body = {"old_password": PASSWORD, "new_password": unicodedata.normalize("NFD", "ぱぴぷぺ")}
    answer = client.post_json(
        "/api/auth/password/", body, headers=sign_in().auth_headers, status=400
    )
    assert "too short" in answer.json["new_password"][0]


class CountingHasher(PasswordHasher):
    """A real hasher, cheap, that notes what it computes."""

    def __init__(self):
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.computed: list[str] = []

    def hash(self, password, **options):
        self.computed.append(f"hash {form_of(password)}")
        return super().hash(password, **options)

    def verify(self, stored, password):
        self.computed.append(f"verify {form_of(password.decode())}")
        return super().verify(stored, password)


def form_of(password: str) -> str:
    return {NFC: "NFC", NFD: "NFD"}.get(password, "other")


@pytest.fixture
def counting_hasher(app, make_user, monkeypatch) -> CountingHasher:
    """Hash by a hasher that counts; there are an active and an inactive user."""
    make_user("ken", NFD)
    make_user("gone", NFD, is_active=False)
    counting_hasher = CountingHasher()
    monkeypatch.setitem(app.registry, UserPasswordHasher, UserPasswordHasher(counting_hasher))
    monkeypatch.setitem(app.registry, StoredHashes, StoredHashes(app.registry))
    return counting_hasher


@pytest.fixture
def store(database):
    """Return a function that stores the hash of a password as it was sent, as earlier releases did."""

    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

    def store(password, hash=hasher.hash):
        with database.engine.begin() as connection:
            connection.execute(update(User).values(password=hash(password)))

    return store


def test_an_old_hash_holds_for_what_was_sent_then_and_for_both_forms_afterwards(
    counting_hasher, store, status
):
    store(NFD)
    assert status(NFC) == 401
    assert status(NFD) == 200
    assert status(NFC) == 200
    counting_hasher.computed.clear()
    assert status(NFD) == 200
    assert counting_hasher.computed == ["verify NFC", "verify NFD"], "nothing is hashed anew"


def test_a_hash_of_djangos_holds_for_what_was_sent_then_and_for_both_forms_afterwards(
    user, store, status
):
    def django_hash(password):
        made = pbkdf2_hmac("sha256", password.encode(), b"salt", 1000)
        return f"pbkdf2_sha256$1000$salt${b64encode(made).decode()}"

    store(NFD, django_hash)
    assert status(NFC) == 401
    assert status(NFD) == 200
    assert status(NFC) == 200


@pytest.mark.parametrize("username", ["nobody", "gone", "ken"])
def test_one_hash_is_computed_where_the_forms_are_the_same(counting_hasher, status, username):
    assert status("wrong", username) == 401
    assert counting_hasher.computed == ["verify other"]


@pytest.mark.parametrize("username", ["nobody", "gone", "ken"])
@pytest.mark.parametrize("stored", [NFC, NFD, "another"], ids=["NFC", "NFD", "another"])
def test_two_are_computed_where_they_differ_for_whomever(
    counting_hasher, store, status, username, stored
):
    """Whatever is stored: a right password of somebody inactive takes as long as a wrong one of nobody."""
    store(stored)
    is_right = username == "ken" and stored != "another"
    assert status(NFD, username) == (200 if is_right else 401)
    assert counting_hasher.computed[:2] == ["verify NFC", "verify NFD"]
    assert counting_hasher.computed[2:] == (["hash NFC"] if is_right and stored == NFD else [])
