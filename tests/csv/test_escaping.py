"""Formulas in the cells of CSV files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoptrack.resources.csv import escape_formula, unescape_formula

SIGNS = "=+@＝＋－＠- \u3000\xa0;,|\t\r\n\"'a1."


@given(st.text(SIGNS))
def test_what_is_escaped_comes_back_exactly(text):
    assert unescape_formula(escape_formula(text)) == text


@given(st.text(SIGNS))
def test_an_escaped_text_is_escaped_again_and_comes_back(text):
    once = escape_formula(text)
    assert unescape_formula(escape_formula(once)) == once


@pytest.mark.parametrize("text", ["-5", "-1.500", "12", "", "Milk", "it's", "a'=b", "'quoted'"])
def test_numbers_and_plain_texts_stay(text):
    assert escape_formula(text) == text
    assert unescape_formula(text) == text


def test_numbers_are_no_text():
    assert escape_formula(-5) == -5
    assert escape_formula(None) is None
