"""What an encoding lacks is written as a reference, and comes back exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoptrack.resources.csv import add_references, resolve_references


def test_every_character_comes_back_from_cp932():
    for number in range(0x110000):
        character = chr(number)
        if 0xD800 <= number < 0xE000:
            continue  # surrogates are not stored
        written = add_references(character).encode("cp932").decode("cp932")
        if resolve_references(written) != character:
            pytest.fail(f"U+{number:04X} became {written!r}")


@given(st.text("&#;0123456789a牛😀〜"))
def test_references_in_texts_come_back(text):
    written = add_references(text)
    assert written.encode("cp932").decode("cp932") == written
    assert resolve_references(written) == text


@pytest.mark.parametrize(
    "text", ["&", "&#", "&#;", "&#x41;", "&amp;", "&#123456789;", "牛乳 500ml", "①㈱髙﨑"]
)
def test_other_texts_stay(text):
    assert add_references(text) == text
    assert resolve_references(text) == text


def test_numbers_of_no_character_stay():
    assert resolve_references("&#1114112;&#55296;") == "&#1114112;&#55296;"
