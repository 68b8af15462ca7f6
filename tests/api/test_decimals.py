"""Decimals, as the quantity is one: ten digits, three of them after the point, exact."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

pytestmark = pytest.mark.database("sqlite")

INVALID = "A valid number is required."
TOO_LARGE = "String value too large."
TOTAL = "Ensure that there are no more than 10 digits in total."
PLACES = "Ensure that there are no more than 3 decimal places."
WHOLE = "Ensure that there are no more than 7 digits before the decimal point."


@pytest.fixture
def record(make):
    return f"/api/shopping-records/{make.record().id}/"


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("500", "500.000"),
        ('"500"', "500.000"),
        ('"500.000"', "500.000"),
        ("1.5", "1.500"),
        ("0.1", "0.100"),
        ('".5"', "0.500"),
        ('"5."', "5.000"),
        ('"1e2"', "100.000"),
        ("1e2", "100.000"),
        ('"1E-3"', "0.001"),
        ('" 7 "', "7.000"),
        ('"+7"', "7.000"),
        ('"１.５"', "1.500"),
        ("0", "0.000"),
        ("-0.0", "0.000"),
        ('"-0.000"', "0.000"),
        ('"-0.001"', "-0.001"),
        ("-2", "-2.000"),
        ('"9999999.999"', "9999999.999"),
        ("9999999.999", "9999999.999"),
        ('"-9999999.999"', "-9999999.999"),
        ('"00000000001.5"', "1.500"),
    ],
)
def test_taken_decimals(api, record, sent, stored):
    body = f'{{"quantity": {sent}}}'
    answer = api.patch(record, body, content_type="application/json", status=200)
    assert answer.json["quantity"] == stored
    assert api.get(record).json["quantity"] == stored


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ("null", "This field may not be null."),
        ('""', INVALID),
        ('" "', INVALID),
        ('"abc"', INVALID),
        ('"1,5"', INVALID),
        ('"1_0"', INVALID),
        ('"NaN"', INVALID),
        ('"-sNaN12"', INVALID),
        ('"Infinity"', INVALID),
        ('"-inf"', INVALID),
        ("1e400", INVALID),
        ('"1e"', INVALID),
        ('"1\\u0000"', INVALID),
        ('"\\ud800"', INVALID),
        ("true", INVALID),
        ("[]", INVALID),
        ("[1]", INVALID),
        ("{}", INVALID),
        ('"0.0001"', PLACES),
        ("0.0001", PLACES),
        ('"1.0000"', PLACES),
        ('"1e-4"', PLACES),
        ('"10000000"', WHOLE),
        ("10000000", WHOLE),
        ('"1e7"', WHOLE),
        ('"1e9"', WHOLE),
        ('"12345678.12"', WHOLE),
        ('"12345678.123"', TOTAL),
        ('"1e10"', TOTAL),
        ('"1e-11"', TOTAL),
        ('"1e999999999"', TOTAL),
        ('"-1e-999999999"', TOTAL),
        ('"1e999999999999999999999"', INVALID),
        ('"1e-999999999999999999999"', INVALID),
        ("9" * 1000, TOTAL),
        ("9" * 1001, TOO_LARGE),
        ('"' + "9" * 1001 + '"', TOO_LARGE),
        ('"0.' + "0" * 1_000_000 + '"', TOO_LARGE),
    ],
    ids=lambda value: value[:30],
)
def test_refused_decimals(api, record, sent, sentence):
    body = f'{{"quantity": {sent}}}'
    answer = api.patch(record, body, content_type="application/json", status=400)
    assert answer.json == {"quantity": [sentence]}
    assert api.get(record).json["quantity"] == "500.000"


thousandths = st.integers(-9_999_999_999, 9_999_999_999).map(lambda n: Decimal(n).scaleb(-3))


@pytest.mark.database("sqlite", "postgresql")
@example(quantity=Decimal("9999999.999"), written=float)
@example(quantity=Decimal("-9999999.999"), written=str)
@given(quantity=thousandths, written=st.sampled_from([str, float]))
def test_every_quantity_comes_back_exactly(api, record, quantity, written):
    answer = api.patch_json(record, {"quantity": written(quantity)}, status=200)
    assert answer.json["quantity"] == f"{quantity:.3f}"
    assert api.get(record).body == answer.body
    assert api.get("/api/shopping-records/").json == [answer.json]


@pytest.mark.database("sqlite", "postgresql")
@given(text=st.text("0123456789.eE+-", max_size=12))
def test_what_is_taken_is_stored_without_rounding(api, record, text):
    answer = api.patch_json(record, {"quantity": text}, expect_errors=True)
    assert answer.status_int in (200, 400)
    if answer.status_int == 200:
        assert Decimal(answer.json["quantity"]) == Decimal(text)
