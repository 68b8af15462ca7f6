"""What the report says is what was spent: compared with sums that plain Python makes of the same lines."""

from datetime import date
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoptrack_reports.granularities import GRANULARITIES, get_granularity
from shoptrack_reports.spending.query import NAMES

from .conftest import Line, every_day, expected, found

LEAP_YEARS = [date(2023, 12, 20), date(2025, 1, 10)]  # and two ends of years


@pytest.fixture
def lines(buy):
    """Buy on two days of three for a year and some weeks, at prices below zero too."""
    random = Random(4)
    days = [day for day in every_day(*LEAP_YEARS) if random.random() < 0.7]
    return buy([(day, random.randrange(-300, 3000)) for day in days])


def test_every_key_and_every_pair_sums_up_what_was_bought(api, lines):
    asked = [[name] for name in NAMES] + [list(pair) for pair in combinations(NAMES, 2)]
    for names in asked:
        for start in (1, 25) if "month" in names else (1,):
            query = f"group_by={','.join(names)}&month_start={start}"
            report = api.get(f"/api/reports/spending/?{query}").json
            rows = found(report, names)
            wanted = expected(lines, names, start)
            assert {key: sums for key, sums in rows.items() if sums != (0, 0)} == wanted, query
            assert (report["total"], report["count"]) == (
                sum(line.price for line in lines),
                len(lines),
            )
            assert (report["from"], report["to"]) == (str(lines[0].day), str(lines[-1].day))


def test_keys_can_stand_either_way_round(api, lines):
    for names in (["category", "month"], ["weekday", "month"], ["store", "weekday"]):
        one = found(api.get(f"/api/reports/spending/?group_by={','.join(names)}").json, names)
        turned = names[::-1]
        other = found(api.get(f"/api/reports/spending/?group_by={','.join(turned)}").json, turned)
        assert {key[::-1]: sums for key, sums in other.items()} == one


def test_a_total_is_the_sum_of_prices_whatever_the_quantity(api, make):
    product = make.product()
    make.record(price=1000, quantity=500, product_id=product.id)
    make.record(price=-200, quantity=3, product_id=product.id)
    (row,) = api.get("/api/reports/spending/?group_by=product").json["rows"]
    assert (row["total"], row["count"]) == (800, 2)


def test_sums_are_larger_than_a_price_can_be(api, make):
    product = make.product()
    for _ in range(3):
        make.record(price=2_147_483_647, product_id=product.id)
    assert api.get("/api/reports/spending/?group_by=year").json["total"] == 6_442_450_941


@pytest.mark.parametrize("start", [1, 2, 15, 28])
def test_months_begin_on_any_day_at_the_ends_of_months_and_in_leap_years(api, buy, start):
    ends = [*every_day(date(2024, 1, 26), date(2024, 3, 3)), date(2025, 2, 28), date(2025, 3, 1)]
    lines = buy([(day, number + 1) for number, day in enumerate(ends)])
    report = api.get(f"/api/reports/spending/?group_by=month&month_start={start}").json
    rows = {key: sums for key, sums in found(report, ["month"]).items() if sums != (0, 0)}
    assert rows == expected(lines, ["month"], start)
    assert report["month_start"] == start


def test_weeks_go_on_over_new_year(api, buy):
    turns = [
        day
        for year in (2019, 2020, 2024, 2026)
        for day in every_day(date(year, 12, 27), date(year + 1, 1, 5))
    ]
    lines = buy([(day, 10) for day in turns])
    rows = found(api.get("/api/reports/spending/?group_by=week").json, ["week"])
    assert {key: sums for key, sums in rows.items() if sums[1]} == expected(lines, ["week"])
    assert rows["2020-W53",] == (70, 7)
    assert rows["2020-W01",] == (70, 7)  # from Monday, 30 December 2019


def test_the_calendar_has_ends(api, buy):
    buy([(date.min, 1), (date.max, 2)])
    for query, first, last in (
        ("year", 1, 9999),
        ("month&month_start=28&purchase_date__lte=0001-03-01", "0000-12", "0001-02"),
        ("month&month_start=28&purchase_date__gte=9999-12-01", "9999-11", "9999-12"),
        ("week&purchase_date__gte=9999-12-30", "9999-W52", "9999-W52"),
    ):
        rows = api.get(f"/api/reports/spending/?group_by={query}").json["rows"]
        name = query.partition("&")[0]
        assert (rows[0][name], rows[-1][name]) == (first, last)


@settings(max_examples=200)
@given(st.dates(), st.sampled_from(GRANULARITIES), st.integers(1, 28))
def test_a_period_holds_the_days_that_lie_in_it(day, name, start):
    granularity = get_granularity(name, start)
    number = granularity.get_number(day)
    assert number in granularity.get_numbers_between(day, day)
    span = granularity.get_date_range(number)
    if span is None:
        assert name == "weekday"
        return
    first, last = span
    assert first <= day <= last
    assert granularity.get_number(first) == granularity.get_number(last) == number
    line = Line(day, 0, 0, 0, 0, 0, None, None)
    if day > date(1, 1, 28):
        (key,) = expected([line], [name], start)
        assert key == (granularity.format_number(number),)
