"""Dates: calendar days from year 1 to 9999."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

pytestmark = pytest.mark.database("sqlite")

FORMAT = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."


@pytest.fixture
def record(make):
    return f"/api/shopping-records/{make.record().id}/"


@pytest.mark.parametrize(
    "day", ["0001-01-01", "0999-12-31", "1970-01-01", "2024-02-29", "2025-04-01", "9999-12-31"]
)
def test_taken_dates(api, record, day):
    assert api.patch_json(record, {"purchase_date": day}).json["purchase_date"] == day
    assert api.get(record).json["purchase_date"] == day


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "2025-02-29",
        "2025-13-01",
        "2025-00-10",
        "2025-01-00",
        "0000-01-01",
        "10000-01-01",
        "-2025-01-01",
        "2025-1-1",
        "20250101",
        "2025-W01-1",
        "2025/01/01",
        "01-01-2025",
        " 2025-01-01",
        "2025-01-01\n",
        "2025-01-01T00:00:00",
        "2025-01-01T00:00:00Z",
        "２０２５-０１-０１",
        "2025-01-01\0",
        "2025-01-0\ud800",
        "2025‐01‐01",
        "today",
        "x" * 1_000_000,
        20250101,
        1.5,
        True,
        [],
        ["2025-01-01"],
        {},
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_anything_else_has_the_wrong_format(api, record, sent):
    answer = api.patch_json(record, {"purchase_date": sent}, status=400)
    assert answer.json == {"purchase_date": [FORMAT]}


def test_a_date_may_not_be_null(api, record):
    answer = api.patch_json(record, {"purchase_date": None}, status=400)
    assert answer.json == {"purchase_date": ["This field may not be null."]}


@pytest.mark.database("sqlite", "postgresql")
@example(day=date.min)
@example(day=date.max)
@given(day=st.dates())
def test_every_day_comes_back_as_it_was(api, record, day):
    answer = api.patch_json(record, {"purchase_date": day.isoformat()}, status=200)
    assert answer.json["purchase_date"] == day.isoformat()
    assert api.get(record).body == answer.body
