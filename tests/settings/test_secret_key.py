import re

import pytest

from shoptrack.settings import (
    DEVELOPMENT_KEY,
    EXAMPLE_KEY,
    ConfigurationError,
    Settings,
    Sources,
    generate_secret_key,
)


def read(key=None, debug="false"):
    environ = {"SHOPTRACK_DEBUG": debug} | ({} if key is None else {"SHOPTRACK_SECRET_KEY": key})
    return Sources(environ=environ, dotenv_path=None).read(Settings).secret_key.get_secret_value()


def test_a_generated_key_is_long_fresh_and_needs_no_quotes():
    keys = {generate_secret_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{64}", key) for key in keys)


def test_production_starts_with_a_generated_key():
    key = generate_secret_key()
    assert read(key) == key


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (None, "not set. It signs tokens and cookies, and production does not start without it"),
        ("", "not set. It signs tokens and cookies"),
        (
            "k" * 31,
            "found *** in the environment. It has 31 bytes, and production needs 32 or more",
        ),
        ("é" * 15, "It has 30 bytes"),
        (DEVELOPMENT_KEY, "It is development.ini's, which everybody can read"),
        (f" {DEVELOPMENT_KEY} ", "It is development.ini's"),
        (EXAMPLE_KEY, "It is the placeholder of .env_example"),
    ],
)
def test_production_refuses_a_key_that_is_missing_short_or_public(key, reason):
    with pytest.raises(ConfigurationError) as error:
        read(key)
    assert reason in str(error.value)
    assert "`shoptrack secret-key` prints a fresh one" in str(error.value)
    assert not key or key not in str(error.value)


@pytest.mark.parametrize("key", ["k" * 32, "é" * 16])
def test_production_takes_32_bytes(key):
    assert read(key) == key


@pytest.mark.parametrize("key", ["short", DEVELOPMENT_KEY, EXAMPLE_KEY, "k" * 64])
def test_debug_mode_takes_any_key_so_that_an_existing_file_keeps_working(key):
    assert read(key, debug="true") == key


def test_debug_mode_without_a_key_has_the_development_key():
    assert read(debug="true") == DEVELOPMENT_KEY


def test_a_key_is_taken_as_it_is_with_its_spaces():
    key = f" {generate_secret_key()} "
    assert read(key) == key


def test_a_wrong_debug_mode_is_the_only_thing_said_about_a_key_that_is_missing():
    with pytest.raises(ConfigurationError) as error:
        read(debug="perhaps")
    assert "SHOPTRACK_SECRET_KEY" not in str(error.value)


def test_a_key_that_is_not_utf_8_is_refused():
    with pytest.raises(ConfigurationError, match="It is not UTF-8 text"):
        read("k" * 40 + "\udcff", debug="true")


def fallbacks(text, debug="false"):
    environ = {"SHOPTRACK_DEBUG": debug, "SHOPTRACK_SECRET_KEY": "k" * 32}
    environ["SHOPTRACK_SECRET_KEY_FALLBACKS"] = text
    keys = Sources(environ=environ, dotenv_path=None).read(Settings).secret_key_fallbacks
    return [key.get_secret_value() for key in keys]


def test_replaced_keys_are_listed_by_commas_and_none_by_default():
    assert fallbacks("") == []
    assert fallbacks(f"{'a' * 32}, {'b' * 40},") == ["a" * 32, "b" * 40]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{'a' * 32},{'b' * 31}", "Key 2 of 2 will not do. It has 31 bytes"),
        (DEVELOPMENT_KEY, "Key 1 of 1 will not do. It is development.ini's"),
        (f"{EXAMPLE_KEY},{'b' * 32}", "Key 1 of 2 will not do. It is the placeholder"),
    ],
)
def test_production_asks_of_replaced_keys_what_it_asks_of_the_key(text, reason):
    with pytest.raises(ConfigurationError) as error:
        fallbacks(text)
    assert reason in str(error.value)
    assert "SHOPTRACK_SECRET_KEY_FALLBACKS: found *** in the environment" in str(error.value)
    assert "b" * 31 not in str(error.value)


def test_debug_mode_takes_any_replaced_keys():
    assert fallbacks("short,shorter", debug="true") == ["short", "shorter"]
