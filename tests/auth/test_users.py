"""What ``users.create`` takes, and in which sentences it refuses the rest."""

import pytest

from shoptrack.errors import ValidationError

pytestmark = pytest.mark.database("sqlite")

SIGNS = "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."
TAKEN = "A user with that username already exists."


@pytest.mark.parametrize("name", ["ken", "Ken_ONeil", "ガス", "a@b.c", "+-_", "x" * 150])
def test_letters_digits_and_five_signs_make_a_name(make_user, name):
    assert make_user(name).username == name


@pytest.mark.database("sqlite", "postgresql")
def test_a_name_is_stored_trimmed_and_in_one_form(make_user):
    assert make_user(" ｶﾞｽ\u3000").username == "ガス"


@pytest.mark.parametrize(
    "name", ["", " ", "k n", "k\0n", "<b>", "k\nn", "a\u200bb", "\ud800", "ken/../x"]
)
def test_other_characters_do_not(make_user, name):
    with pytest.raises(ValidationError) as refused:
        make_user(name)
    assert refused.value.errors == {"username": [SIGNS]}


@pytest.mark.parametrize(
    ("name", "length"), [("x" * 151, 151), ("x" * 1_000_000, 1_000_000), ("\ufdfa" * 100, 1800)]
)
def test_a_name_has_at_most_150_characters(make_user, name, length):
    with pytest.raises(ValidationError) as refused:
        make_user(name)
    said = f"Ensure this value has at most 150 characters (it has {length})."
    assert refused.value.errors == {"username": [said]}


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize("twin", ["ken", "KEN", "ｋｅｎ", " ken ", "\u212aen"])
def test_no_two_users_have_names_that_differ_in_case_or_width_only(make_user, twin):
    make_user("Ken")
    with pytest.raises(ValidationError) as refused:
        make_user(twin)
    assert refused.value.errors == {"username": [TAKEN]}


@pytest.mark.parametrize(("one", "other"), [("straße", "STRASSE"), ("ガス", "ｶﾞｽ"), ("ΣΑΣ", "σας")])
def test_nor_in_what_unicode_calls_case_and_width(make_user, one, other):
    make_user(one)
    with pytest.raises(ValidationError, match=TAKEN):
        make_user(other)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "This field may not be blank."),
        ("a\0b", "Null characters are not allowed."),
        ("a\udcff", "Surrogate characters are not allowed: U+DCFF."),
        ("x" * 4097, "Ensure this field has no more than 4096 bytes."),
        ("パ" * 1366, "Ensure this field has no more than 4096 bytes."),
    ],
    ids=["blank", "NUL", "surrogate", "4,097 bytes", "1,366 characters"],
)
def test_a_password_that_could_not_be_sent_is_refused(make_user, password, said):
    with pytest.raises(ValidationError) as refused:
        make_user("ken", password)
    assert refused.value.errors == {"password": [said]}


@pytest.mark.parametrize("email", ["", "ken@example.com", "健@例え.jp", "ken@localhost"])
def test_an_address_may_be_left_out(make_user, email):
    assert make_user(email=email).email == email


@pytest.mark.parametrize("email", ["ken", "@", "ken@", "a b@c", "a@b@c", "a@b\0", "a@\ud800", " "])
def test_an_address_has_two_halves(make_user, email):
    with pytest.raises(ValidationError) as refused:
        make_user(email=email)
    assert refused.value.errors == {"email": ["Enter a valid email address."]}


def test_an_address_has_at_most_254_characters(make_user):
    with pytest.raises(ValidationError) as refused:
        make_user(email="x" * 249 + "@b.com")
    said = "Ensure this value has at most 254 characters (it has 255)."
    assert refused.value.errors == {"email": [said]}


def test_a_password_is_stored_as_an_argon2id_hash(make_user):
    assert make_user().password.startswith("$argon2id$v=19$m=")
