"""Texts: what is taken, how it is trimmed, and each refusal's sentence."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

pytestmark = pytest.mark.database("sqlite")

STORES = "/api/stores/"
BLANK = "This field may not be blank."


@pytest.fixture
def store(make):
    return f"{STORES}{make.store().id}/"


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("Life", "Life"),
        ("  Life  Kyoto\t", "Life  Kyoto"),
        ("\n\x0b\x0c\r\x1c\x85\xa0\u2003\u2028\u3000ライフ\u3000", "ライフ"),
        ("a\nb", "a\nb"),
        ("\ufeff\u200b", "\ufeff\u200b"),
        ("👨‍👩‍👧‍👦🇯🇵", "👨‍👩‍👧‍👦🇯🇵"),
        ("e\u0301", "e\u0301"),
        ("\U0010ffff\ufffe", "\U0010ffff\ufffe"),
        ("<b>'\"\\%_;--", "<b>'\"\\%_;--"),
        (7, "7"),
        (-7, "-7"),
        (1.5, "1.5"),
        (12345678901234567890, "12345678901234567890"),
    ],
)
def test_texts_and_numbers_are_taken_and_trimmed(api, store, sent, stored):
    assert api.patch_json(store, {"name": sent}, status=200).json["name"] == stored
    assert api.get(store).json["name"] == stored


@pytest.mark.parametrize(
    ("sent", "sentences"),
    [
        ("", [BLANK]),
        (" \t\r\n\u3000", [BLANK]),
        (None, ["This field may not be null."]),
        (True, ["Not a valid string."]),
        (False, ["Not a valid string."]),
        (["Life"], ["Not a valid string."]),
        ({"name": "Life"}, ["Not a valid string."]),
        ("a\0b", ["Null characters are not allowed."]),
        ("\0", ["Null characters are not allowed."]),
        ("a\ud800", ["Surrogate characters are not allowed: U+D800."]),
        ("\udfff\ud83d", ["Surrogate characters are not allowed: U+DFFF."]),
        ("x" * 101, ["Ensure this field has no more than 100 characters."]),
        (int("7" * 4300), ["Ensure this field has no more than 100 characters."]),
        (
            "\0" * 101,
            [
                "Ensure this field has no more than 100 characters.",
                "Null characters are not allowed.",
            ],
        ),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_refused_texts(api, store, sent, sentences):
    before = api.get(store).body
    answer = api.patch_json(store, {"name": sent}, status=400)
    assert answer.json == {"name": sentences}
    assert api.get(store).body == before


def test_an_escaped_pair_of_surrogates_is_one_character(api, store):
    answer = api.patch(
        store, b'{"name": "\\ud83c\\udf55"}', content_type="application/json", status=200
    )
    assert answer.json["name"] == "🍕"


def test_text_is_answered_as_utf8_and_not_escaped(api, store):
    assert "店 🍕".encode() in api.patch_json(store, {"name": "店 🍕"}).body


texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=100
).filter(str.strip)


@pytest.mark.database("sqlite", "postgresql")
@example(text="\n\x0b\x85\u3000ライフ\u3000")
@example(text="\U0010ffff\ufffe")
@example(text="<b>'\"\\%_;--")
@given(text=texts)
def test_every_text_comes_back_trimmed_and_otherwise_as_it_was(api, store, text):
    answer = api.patch_json(store, {"name": text}, status=200)
    assert answer.json["name"] == text.strip()
    assert api.get(store).body == answer.body


@pytest.mark.database("sqlite", "postgresql")
@given(value=st.text(st.characters(), max_size=3) | st.integers() | st.floats() | st.booleans())
def test_any_value_is_taken_or_refused_with_a_sentence(api, store, value):
    sent = json.dumps({"name": value}).encode()
    answer = api.patch(store, sent, content_type="application/json", expect_errors=True)
    assert answer.status_int in (200, 400)
    assert set(answer.json) & {"name", "detail"}
