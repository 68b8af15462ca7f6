"""Integers, as the price is one: 32 bits, on both databases."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

pytestmark = pytest.mark.database("sqlite")

INVALID = "A valid integer is required."
TOO_LARGE = "String value too large."
MAXIMUM = "Ensure this value is less than or equal to 2147483647."
MINIMUM = "Ensure this value is greater than or equal to -2147483648."


@pytest.fixture
def record(make):
    return f"/api/shopping-records/{make.record().id}/"


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("120", 120),
        ('"120"', 120),
        ("12.0", 12),
        ('"12.0"', 12),
        ('"12."', 12),
        ('"12.000 "', 12),
        ("1e2", 100),
        ('"１２３"', 123),
        ('"-１２"', -12),
        ('" 7\\n"', 7),
        ('"+7"', 7),
        ('"007"', 7),
        ("0", 0),
        ("-0", 0),
        ("-0.0", 0),
        ("-7", -7),
        ("2147483647", 2147483647),
        ('"2147483647.0"', 2147483647),
        ("-2147483648", -2147483648),
        ('"' + "0" * 999 + '1"', 1),
    ],
    ids=lambda value: str(value)[:30],
)
def test_taken_integers(api, record, sent, stored):
    body = f'{{"price": {sent}}}'
    answer = api.patch(record, body, content_type="application/json", status=200)
    assert answer.json["price"] == stored
    assert type(answer.json["price"]) is int
    assert api.get(record).json["price"] == stored


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ("null", "This field may not be null."),
        ('""', INVALID),
        ('"abc"', INVALID),
        ('"12.5"', INVALID),
        ("12.5", INVALID),
        ('".0"', INVALID),
        ('"1e2"', INVALID),
        ('"1_000"', INVALID),
        ('"1,000"', INVALID),
        ('"0x10"', INVALID),
        ('"1 2"', INVALID),
        ('"--1"', INVALID),
        ('"²"', INVALID),
        ('"五"', INVALID),
        ('"1\\u0000"', INVALID),
        ('"\\ud800"', INVALID),
        ('"NaN"', INVALID),
        ("1e400", INVALID),
        ("true", INVALID),
        ("[]", INVALID),
        ("[1]", INVALID),
        ("{}", INVALID),
        ("2147483648", MAXIMUM),
        ('"2147483648"', MAXIMUM),
        ("1e16", MAXIMUM),
        ("9" * 4000, MAXIMUM),
        ('"' + "9" * 1000 + '"', MAXIMUM),
        ("-2147483649", MINIMUM),
        ("-9223372036854775809", MINIMUM),
        ('"' + "9" * 1001 + '"', TOO_LARGE),
        ('"' + "x" * 1_000_000 + '"', TOO_LARGE),
        ('"' + "9" * 1_000_000 + '"', TOO_LARGE),
    ],
    ids=lambda value: value[:30],
)
def test_refused_integers(api, record, sent, sentence):
    body = f'{{"price": {sent}}}'
    answer = api.patch(record, body, content_type="application/json", status=400)
    assert answer.json == {"price": [sentence]}
    assert api.get(record).json["price"] == 1000


@pytest.mark.database("sqlite", "postgresql")
@example(price=2**31 - 1, written=int)
@example(price=-(2**31), written=str)
@given(price=st.integers(-(2**31), 2**31 - 1), written=st.sampled_from([int, str, "{}.0".format]))
def test_every_32_bit_integer_comes_back_as_it_was(api, record, price, written):
    assert api.patch_json(record, {"price": written(price)}, status=200).json["price"] == price
    assert api.get(record).json["price"] == price
