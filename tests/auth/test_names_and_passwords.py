"""Which spellings of a name and a password sign somebody in."""

import unicodedata

import pytest

from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

REFUSED = "No active account found with the given credentials"


@pytest.fixture
def try_with(client):
    """Return a function that tells whether a name and a password sign somebody in."""

    def try_with(username, password=PASSWORD) -> bool:
        body = {"username": username, "password": password}
        answer = client.post_json("/api/auth/token/", body, status=(200, 401))
        assert answer.status_int == 200 or answer.json == {"detail": REFUSED}
        return answer.status_int == 200

    return try_with


@pytest.mark.database("sqlite", "postgresql")
def test_a_name_is_the_same_in_any_case_and_width(make_user, try_with):
    make_user("Ken")
    for typed in ("ken", "KEN", " ken\n", "ｋｅｎ", "Ｋen", "\u3000ken\u3000", "\u212aen"):
        assert try_with(typed), ascii(typed)


@pytest.mark.parametrize("name", ["ガス", "ｶﾞｽ", "Ångström", "Straße", "ΐώτα", "각", "İrem"])
def test_a_name_is_the_same_in_any_unicode_form(make_user, try_with, name):
    make_user(name)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert try_with(unicodedata.normalize(form, name))


def test_the_longest_name_signs_in_as_macos_spells_it(make_user, try_with):
    name = "각" * 150
    make_user(name)
    assert try_with(unicodedata.normalize("NFD", name))


@pytest.mark.parametrize(
    "typed", ["ke", "kenn", "ke n", "кen", "ken\u200b", "%", "ken@example.com"]
)
def test_another_name_is_another_user(make_user, try_with, typed):
    make_user("ken", email="ken@example.com")
    assert not try_with(typed)


def test_a_number_is_taken_as_text(make_user, try_with):
    make_user("2024", "12345678")
    assert try_with(2024, 12345678)


@pytest.mark.parametrize("password", [" lead ", "   ", "tail\n", "\tx", "\u3000", "pass word"])
def test_white_space_belongs_to_a_password(make_user, try_with, password):
    make_user("ken", password)
    assert try_with("ken", password)
    assert not try_with("ken", password + " ")
    if password.strip() and password != password.strip():
        assert not try_with("ken", password.strip())


@pytest.mark.parametrize("typed", ["PASSWORD", "ｐassword", "passworD"])
def test_passwords_are_compared_letter_by_letter(make_user, try_with, typed):
    make_user("ken", "password")
    assert not try_with("ken", typed)


def test_a_long_password_is_taken_whole(make_user, try_with):
    long = "パ" * 1365 + "x"  # 4,096 bytes
    make_user("ken", long)
    assert try_with("ken", long)
    assert not try_with("ken", long[:-1])
    assert not try_with("ken", long + "x")
    assert not try_with("ken", long + "xx")
