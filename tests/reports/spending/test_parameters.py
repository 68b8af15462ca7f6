"""What the report may be asked for, who may ask, and how many statements it takes."""

from datetime import date, timedelta

import pytest

from shoptrack.db import Database
from shoptrack.settings import ConfigurationError
from shoptrack.testing import Client, capture_statements, make_test_app
from shoptrack_reports.settings import ReportSettings
from shoptrack_reports.spending.query import NAMES

pytestmark = pytest.mark.database("sqlite")

PATH = "/api/reports/spending/"
POSSIBLE = "day, week, month, year, weekday, store, product, category, unit, manufacturer, origin"


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("", {"group_by": f"This field is required. Available: {POSSIBLE}."}),
        ("group_by=", {"group_by": f"Cannot group by ''. Available: {POSSIBLE}."}),
        ("group_by=price", {"group_by": f"Cannot group by 'price'. Available: {POSSIBLE}."}),
        ("group_by=day,day", {"group_by": "'day' is listed twice."}),
        ("group_by=day,week,week", {"group_by": "'week' is listed twice."}),
        ("group_by=day,week,month", {"group_by": "Choose at most 2."}),
        ("group_by=day&month_start=0", {"month_start": "Must be a whole number from 1 to 28."}),
        ("group_by=day&month_start=29", {"month_start": "Must be a whole number from 1 to 28."}),
        ("group_by=day&month_start=x", {"month_start": "Must be a whole number from 1 to 28."}),
        (
            "group_by=day&month_start=1&month_start=1",
            {"month_start": "Send this parameter only once."},
        ),
        ("group_by=day&format=xml", {"format": "Must be one of: json, csv, svg."}),
        ("group_by=day&format=csv&format=csv", {"format": "Send this parameter only once."}),
        ("group_by=day&encoding=cp932", {"encoding": "Must be one of: utf-8-sig, utf-8."}),
        ("group_by=day&price__gte=x", {"price__gte": "A valid integer is required."}),
        (
            "month_start=0&format=xml&store_id=x&group_by=x",
            {
                "format": "Must be one of: json, csv, svg.",
                "group_by": f"Cannot group by 'x'. Available: {POSSIBLE}.",
                "month_start": "Must be a whole number from 1 to 28.",
                "store_id": "Incorrect type. Expected pk value, received str.",
            },
        ),
    ],
)
def test_faults_are_named_all_at_once(api, query, errors):
    answer = api.get(f"{PATH}?{query}".rstrip("?"), status=400)
    assert answer.json == {name: [sentence] for name, sentence in errors.items()}


@pytest.mark.parametrize("name", ["limit", "ordering", "fields", "groupby", "cursor"])
def test_what_is_no_parameter_is_refused_with_those_that_are(api, name):
    answer = api.get(f"{PATH}?group_by=day&{name}=1", status=400)
    (sentence,) = answer.json[name]
    assert sentence.startswith("Unknown parameter. Available: category_id, ")
    assert "group_by" in sentence
    assert "search" in sentence


def test_the_name_may_be_repeated_as_generated_clients_do(api, make):
    make.record()
    assert api.get(f"{PATH}?group_by=month&group_by=store").json["group_by"] == ["month", "store"]


def test_who_is_not_signed_in_is_told_nothing(client):
    client.get(f"{PATH}?group_by=", status=401)


def test_the_permission_is_asked_for_where_permissions_are(build_app, user, auth_headers, grant):
    client = Client(build_app(shoptrack__api_permissions="model"), auth_headers(user))
    client.get(f"{PATH}?group_by=day", status=403)
    grant(user, "reports:view")
    client.get(f"{PATH}?group_by=day", status=200)


def test_the_households_month_counts_unless_the_parameter_says_otherwise(app, api, make):
    make.record(purchase_date=date(2025, 4, 24))
    ours = app.registry[ReportSettings]
    app.registry[ReportSettings] = ReportSettings(month_start=25)
    try:
        report = api.get(f"{PATH}?group_by=month").json
        assert (report["month_start"], report["rows"][0]["month"]) == (25, "2025-03")
        report = api.get(f"{PATH}?group_by=month&month_start=24").json
        assert (report["month_start"], report["rows"][0]["month"]) == (24, "2025-04")
    finally:
        app.registry[ReportSettings] = ours


def test_the_households_month_is_a_setting(new_database, plugins):
    app = make_test_app(new_database(), plugins, shoptrack__month_start="25")
    assert ReportSettings.of(app.registry).month_start == 25
    Database.of(app.registry).dispose()
    with pytest.raises(ConfigurationError, match="SHOPTRACK_MONTH_START.*1 to 28"):
        make_test_app(new_database(), plugins, shoptrack__month_start="31")


@pytest.mark.parametrize("name", NAMES)
def test_it_takes_one_statement_however_much_there_is(api, database, buy, name):
    taken = []
    day = date(2025, 1, 1)
    for lines in (1, 9, 990):
        buy([(day + timedelta(days=number % 400), 1) for number in range(lines)])
        with capture_statements(database) as statements:
            api.get(f"{PATH}?group_by={name}&search=life")
        taken.append(len(statements))
    assert taken == [2, 2, 2]  # one is about who asks
