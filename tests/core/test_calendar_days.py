"""Days as numbers."""

from datetime import date, timedelta

from sqlalchemy import insert, select

from shoptrack.calendar_days import day_number, number_of, weekday
from shoptrack.records.models import ShoppingRecord

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
        assert (number, its_weekday) == (number_of(day), day.isoweekday())
