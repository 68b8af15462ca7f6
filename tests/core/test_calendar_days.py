"""The household's day, and days as numbers."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from shoptrack.db.calendar_days import day_number, get_day_number, get_now, get_today, weekday
from shoptrack.records.models import ShoppingRecord
from shoptrack.settings import Settings

LEAP_DAYS = [date(2024, 2, 28) + timedelta(days=number) for number in range(3)]
DAYS = [date.min, date(1, 1, 7), date(1582, 10, 4), date(1582, 10, 15), *LEAP_DAYS, date.max]


def test_the_database_numbers_days_as_python_does(database, make):
    record = make.record()
    same = {"price": 1, "quantity": 1, "store_id": record.store_id, "product_id": record.product_id}
    column = ShoppingRecord.purchase_date
    with database.engine.begin() as connection:
        connection.execute(insert(ShoppingRecord), [{**same, "purchase_date": day} for day in DAYS])
        rows = connection.execute(select(column, day_number(column), weekday(column))).all()
    assert len(rows) == len(DAYS) + 1
    for day, number, its_weekday in rows:
        assert (number, its_weekday) == (get_day_number(day), day.isoweekday())


@pytest.mark.parametrize(
    ("zone", "instant", "day"),
    [
        ("Asia/Tokyo", "2028-02-28T14:59:59Z", date(2028, 2, 28)),
        ("Asia/Tokyo", "2028-02-28T15:00:00Z", date(2028, 2, 29)),
        ("America/New_York", "2027-01-01T04:59:59Z", date(2026, 12, 31)),
        ("America/New_York", "2027-07-01T04:00:00Z", date(2027, 7, 1)),  # in summer time
        ("Pacific/Kiritimati", "2026-12-31T10:00:00Z", date(2027, 1, 1)),
        ("Pacific/Pago_Pago", "2027-01-01T10:59:59Z", date(2026, 12, 31)),
    ],
)
def test_today_is_told_by_the_households_zone(stop_clock, zone, instant, day):
    stop_clock(instant)
    assert get_today({Settings: Settings(debug=True, time_zone=zone)}) == day


def test_the_clock_goes_on():
    before = datetime.now(UTC)
    assert before <= get_now() <= datetime.now(UTC)


def test_a_stopped_clock_names_its_offset(stop_clock):
    with pytest.raises(ValueError, match="as in 2026-11-30T15:00:00Z"):
        stop_clock("2026-11-30T15:00:00")
