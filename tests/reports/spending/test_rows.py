"""The report's rows: those of nothing, their order, and the records behind each."""

from datetime import date
from itertools import combinations
from urllib.parse import quote

import pytest

from shoptrack_reports.spending import report as reports
from shoptrack_reports.spending.query import NAMES

from .conftest import every_day, found

PATH = "/api/reports/spending/"


@pytest.fixture
def rows(api):
    """Return a function that returns the values of a key with the totals, in the report's order."""

    def rows(name: str, query: str = "") -> list:
        report = api.get(f"{PATH}?group_by={name}&{query}".rstrip("&")).json
        return [(row[name], row["total"]) for row in report["rows"]]

    return rows


@pytest.fixture
def few(buy):
    return buy([(date(2024, 11, 30), 10), (date(2025, 2, 1), 20), (date(2025, 2, 2), 30)])


def test_periods_between_the_first_and_the_last_record_are_there_with_nothing(rows, few):
    assert rows("month") == [("2024-11", 10), ("2024-12", 0), ("2025-01", 0), ("2025-02", 50)]
    assert rows("month", "month_start=2") == [
        ("2024-11", 10),
        ("2024-12", 0),
        ("2025-01", 20),
        ("2025-02", 30),
    ]
    assert rows("year") == [(2024, 10), (2025, 50)]
    weeks = rows("week")
    assert (weeks[0], weeks[-1]) == (("2024-W48", 10), ("2025-W05", 50))
    assert len(weeks) == 10
    assert len(rows("day")) == 65
    assert [day for day, _ in rows("weekday")] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("query", "months"),
    [
        ("purchase_date__gte=2024-10-31&purchase_date__lte=2025-03-01", 6),
        ("purchase_date__gt=2024-10-31&purchase_date__lt=2025-03-01", 4),
        ("purchase_date__gte=2025-01-31", 2),
        ("purchase_date__lte=2024-12-01", 2),
        ("purchase_date=2026-05-05", 1),
        ("purchase_date__gte=2026-01-01&purchase_date__lte=2026-04-30", 4),
        ("purchase_date__gte=2026-01-01", 0),
        ("purchase_date__gte=2025-02-02&purchase_date__lte=2025-02-01", 0),
        ("purchase_date__gt=9999-12-31", 0),
        ("purchase_date__lt=0001-01-01", 0),
    ],
)
def test_periods_that_were_asked_for_are_there_too(rows, few, query, months):
    assert len(rows("month", query)) == months


def test_days_of_the_week_are_those_that_were_asked_for(rows, few):
    asked = "purchase_date__gte=2025-01-31&purchase_date__lte=2025-02-02"
    assert rows("weekday", asked) == [(5, 0), (6, 20), (7, 30)]
    assert rows("weekday", "purchase_date__weekday=7") == [(7, 30)]


def test_every_member_has_every_period(api, few):
    report = api.get(f"{PATH}?group_by=product,month").json
    products = {row["product"]["id"] for row in report["rows"]}
    assert len(report["rows"]) == 4 * len(products)
    first = report["rows"][:4]
    assert [row["month"] for row in first] == ["2024-11", "2024-12", "2025-01", "2025-02"]
    assert {row["product"]["id"] for row in first} == {first[0]["product"]["id"]}


def test_two_times_have_the_rows_of_periods_that_overlap(api, few):
    asked = "purchase_date__gte=2024-12-30&purchase_date__lte=2025-01-06"
    report = api.get(f"{PATH}?group_by=week,year&{asked}").json
    assert [(row["week"], row["year"]) for row in report["rows"]] == [
        ("2025-W01", 2024),
        ("2025-W01", 2025),
        ("2025-W02", 2025),
    ]


def test_without_records_there_is_nothing_to_say(api):
    assert api.get(f"{PATH}?group_by=month,category").json == {
        "group_by": ["month", "category"],
        "month_start": 1,
        "from": None,
        "to": None,
        "total": 0,
        "count": 0,
        "rows": [],
    }


def test_most_is_first_then_names_as_they_fold_and_what_there_is_not_comes_last(api, make):
    makers = {name: make.manufacturer(name=name).id for name in ("b", "ア", "A", "い")}
    for name, price in ((None, 5), ("b", 5), ("い", 5), ("ア", 5), ("A", 7)):
        product = make.product(manufacturer_id=makers.get(name))
        make.record(product_id=product.id, price=price)
    report = api.get(f"{PATH}?group_by=manufacturer").json
    names = [row["manufacturer"] and row["manufacturer"]["name"] for row in report["rows"]]
    assert names == ["A", "b", "ア", "い", None]


def test_what_records_refer_to_is_shown_as_documents_show_it(api, make):
    make.record(store_id=make.store(name="Life", location="Nara").id)
    (row,) = api.get(f"{PATH}?group_by=store,origin").json["rows"]
    assert row["store"] == {"id": row["store"]["id"], "name": "Life", "location": "Nara"}
    assert row["origin"] is None


FILTERS = (
    "",
    "store_name__icontains=LIFE",
    "purchase_date__gte=2025-01-15&purchase_date__lt=2025-04-01&manufacturer_id__isnull=true",
    f"search={quote('life milk')}&price__gte=100",
    "purchase_date__weekday=3",
)


@pytest.mark.parametrize("filters", FILTERS)
def test_every_row_leads_to_the_records_that_it_sums_up(api, buy, filters):
    days = every_day(date(2025, 1, 1), date(2025, 5, 10))[::3]
    buy([(day, 90 + number) for number, day in enumerate(days)])
    asked = [[name] for name in NAMES] + list(combinations(("month", "weekday", "origin"), 2))
    for names in asked:
        query = f"group_by={','.join(names)}&month_start=25&{filters}".rstrip("&")
        report = api.get(f"{PATH}?{query}").json
        assert report["rows"]
        for row in report["rows"][::7]:
            prices = [record["price"] for record in api.get(row["records"]).json]
            assert (sum(prices), len(prices)) == (row["total"], row["count"]), row


def test_the_filters_are_those_of_the_list(api, buy):
    buy([(day, 100) for day in every_day(date(2025, 1, 1), date(2025, 1, 20))])
    for query in FILTERS[1:]:
        records = api.get(f"/api/shopping-records/?{query}").json
        report = api.get(f"{PATH}?group_by=year&{query}").json
        assert report["count"] == len(records)


@pytest.mark.parametrize(
    "ends", [("gte=2025-01-02", "lte=2025-01-03"), ("gt=2025-01-01", "lt=2025-01-04")]
)
def test_the_first_and_the_last_day_that_are_asked_for_count(api, buy, ends):
    buy([(date(2025, 1, day), 10**day) for day in range(1, 5)])
    asked = "&".join(f"purchase_date__{end}" for end in ends)
    [row] = api.get(f"{PATH}?group_by=month&{asked}").json["rows"]
    assert (row["total"], row["count"]) == (1100, 2)


@pytest.mark.database("sqlite")
def test_a_report_that_would_be_too_long_is_refused(api, few, monkeypatch):
    monkeypatch.setattr(reports, "MAX_ROWS", 64)
    answer = api.get(f"{PATH}?group_by=day", status=400)
    assert answer.json == {"group_by": [reports.TOO_LONG]}
    monkeypatch.setattr(reports, "MAX_ROWS", 65)
    assert len(api.get(f"{PATH}?group_by=day").json["rows"]) == 65
    monkeypatch.setattr(reports, "MAX_ROWS", 2)
    api.get(f"{PATH}?group_by=store,product", status=400)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("names", ["day", "week,category", "month,day", "weekday,month"])
def test_a_slip_of_the_keyboard_takes_no_time_and_no_memory(api, buy, names):
    lines = buy([(date(25, 4, 1), 1), (date(2025, 4, 1), 2)])
    assert "more than 10000 rows" in api.get(f"{PATH}?group_by={names}", status=400).text
    report = api.get(f"{PATH}?group_by={names}&purchase_date__gte=2025-01-01").json
    assert report["total"] == lines[1].price
    assert found(report, names.split(","))
