"""What a new password must be like, in Django's sentences."""

from importlib import import_module

import pytest

from shoptrack_auth.password_validators import MIN_GUESSES, Profile, run_password_validators

SHORT = "This password is too short. It must contain at least 8 characters."
COMMON = "This password is too common."
NUMERIC = "This password is entirely numeric."
KEN = Profile("ken.watanabe", "Ken", "Watanabe", "ken@household.example")


def similar(label: str) -> str:
    return f"The password is too similar to the {label}."


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "a passphrase of five words",
        "lead blue otter ",
        "つきよにかめをほる",
        "vK3#qLp9",
        "x" * 4096,
    ],
)
def test_a_good_password_has_no_faults(password):
    assert run_password_validators(password, KEN) == []


def test_a_password_of_seven_characters_is_too_short():
    assert run_password_validators("vK3#qLp", KEN) == [SHORT]
    assert run_password_validators("ぬむゑヲ龠驫鱻", KEN) == [SHORT]


@pytest.mark.parametrize(
    ("password", "label"),
    [
        ("ken.watanabe", "username"),
        ("KEN.WATANABE", "username"),
        ("watanabe7", "username"),
        ("nabe-watanabe", "username"),
        ("ken@household.example", "email address"),
        ("household1", "email address"),
    ],
)
def test_it_is_not_like_what_is_known_of_its_user(password, label):
    assert similar(label) in run_password_validators(password, KEN)


@pytest.mark.parametrize(
    ("profile", "label"),
    [
        (Profile(username="quokkafan"), "username"),
        (Profile(first_name="quokkafan"), "first name"),
        (Profile(last_name="quokkafan"), "last name"),
        (Profile(email="quokkafan@example.com"), "email address"),
    ],
)
def test_each_part_of_a_profile_has_its_label(profile, label):
    assert run_password_validators("quokkafan3", profile) == [similar(label)]
    assert run_password_validators("quokkafan3", Profile()) == []


def test_a_short_name_is_lost_in_a_long_password():
    assert (
        run_password_validators("anna likes her coffee black and her tea green", Profile("anna"))
        == []
    )


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "PASSWORD",
        " password ",
        "iloveyou",
        "qwertyuiop",
        "sunshine",
        "P@ssw0rd",
        "aaaaaaaa",
        "abcdefgh",
        "1q2w3e4r",
    ],
)
def test_it_is_not_what_everybody_takes(password):
    assert COMMON in run_password_validators(password, KEN)


def test_seven_of_ten_characters_are_too_similar_and_six_are_not():
    quokkafans = Profile(username="quokkafans")
    assert similar("username") in run_password_validators("quokkafxyz", quokkafans)
    assert similar("username") not in run_password_validators("quokkaxyz7", quokkafans)


def test_the_guesses_are_counted_up_to_24_characters():
    assert run_password_validators("a" * 24, Profile()) == [COMMON]
    assert run_password_validators("a" * 25, Profile()) == []


def test_a_list_of_common_passwords_comes_with_a_library():
    listed = import_module("zxcvbn.frequency_lists").FREQUENCY_LISTS["passwords"]
    assert len(listed) >= 10_000
    assert len(listed) < MIN_GUESSES
    long_enough = [password for password in listed if len(password) >= 8]
    assert len(long_enough) > 10_000
    assert [
        word
        for word in long_enough[::200]
        if COMMON not in run_password_validators(word, Profile())
    ] == []


@pytest.mark.parametrize(
    "password", ["73829104", "7382910465738291", "７３８２９１０４６５", "٧٣٨٢٩١٠٤٦٥"]
)
def test_it_is_not_entirely_numeric_in_any_script(password):
    assert NUMERIC in run_password_validators(password, KEN)


def test_all_faults_are_told_at_once_in_order():
    assert run_password_validators("1234567", Profile("1234567")) == [
        SHORT,
        similar("username"),
        COMMON,
        NUMERIC,
    ]


def test_nothing_at_all_is_too_short():
    assert run_password_validators("", KEN) == [SHORT]
    assert run_password_validators("   ", KEN) == [SHORT]
