"""The administration's page of reports."""

from datetime import date, timedelta

import pytest

from shoptrack.db import Database
from shoptrack.testing import Client, capture_statements, make_test_app
from shoptrack_admin.testing import ENVIRON
from shoptrack_reports.spending import report as reports

pytestmark = pytest.mark.database("sqlite")

PATH = "/admin/reports/"


@pytest.fixture
def show(admin):
    return lambda query="": admin.get(f"{PATH}{query}").html


def table(page, label: str) -> list[list[str]]:
    rows = page.find(attrs={"aria-labelledby": label}).tbody.find_all("tr")
    return [[cell.text for cell in row.find_all(["th", "td"]) if not cell.svg] for row in rows]


def said(page) -> list[str]:
    return [message.text for message in page.select(".messages .message")]


def test_a_household_that_has_bought_nothing_is_told_so(show):
    assert "No purchases." in show().find(id="content").text


@pytest.mark.database("sqlite", "postgresql")
def test_it_shows_the_last_year_by_month_and_category_and_by_store(show, bought, make):
    life = make.store(name="Life", location="Kyoto")
    bought("2024-04-30", 9000)  # before the year
    bought("2024-05-01", 300, store_id=life.id)
    bought("2025-04-02", 1000, "Dairy", store_id=life.id)
    bought("2025-04-03", -200)
    page = show()
    assert page.find(id="main").text == "Spending by month and category"
    months = table(page, "main")
    assert months[0] == ["2025-04", "¥1,000", "\N{MINUS SIGN}¥200", "¥800"]
    assert months[-1] == ["2024-05", "¥0", "¥300", "¥300"]
    assert len(months) == 12
    assert table(page, "by-1") == [["Dairy", "¥1,000"], ["Meat", "¥100"]]
    assert table(page, "by-2")[0] == ["Life (Kyoto)", "¥1,300"]
    titles = [title.text for title in page.select(".plot svg rect title")]
    assert "2025-04, Dairy: ¥1,000" in titles


def test_a_day_that_lies_ahead_does_not_move_the_year(show, bought):
    bought("2025-04-03", 5)
    bought("2999-01-01", 7)
    assert table(show(), "main")[0][0] == "2025-04"


@pytest.mark.parametrize(
    ("instant", "month"),
    [("2026-11-30T14:59:59Z", "2026-11"), ("2026-11-30T15:00:00Z", "2026-12")],
)
def test_a_day_lies_ahead_until_midnight_in_the_household(show, bought, stop_clock, instant, month):
    bought("2026-11-30", 5)
    bought("2026-12-01", 7)
    stop_clock(instant)
    assert table(show(), "main")[0][0] == month


def test_the_form_says_what_to_sum_up(show, bought):
    bought("2025-03-24", 1)
    bought("2025-03-25", 2)
    query = "?group_by=month&group_by=&purchase_date__gte=2025-03-01&month_start=25"
    page = show(query)
    assert table(page, "main") == [["2025-03", "¥2"], ["2025-02", "¥1"]]
    assert page.find(id="from")["value"] == "2025-03-01"
    assert page.find(id="month-start")["value"] == "25"
    assert page.find(id="by").find(selected=True)["value"] == "month"
    assert page.find(id="and").find(selected=True) is None


def test_anything_can_be_crossed_with_anything(show, bought):
    bought("2025-03-24", 1)
    page = show("?group_by=store&group_by=unit")
    assert page.find(id="main").text == "Spending by store and unit"
    assert page.find(attrs={"aria-labelledby": "main"}).tbody.find("rect")["width"] == "100.0%"
    page = show("?group_by=weekday")
    assert table(page, "main")[-1] == ["Monday", "¥1"]


def test_nothing_is_broken_down_twice(show, bought):
    bought("2025-03-24", 1)
    headings = [heading.text for heading in show("?group_by=store").select("section h2")]
    assert headings.count("Spending by store") == 1


def test_filters_of_the_list_are_kept_by_the_form(show, bought):
    bought("2025-03-24", 1)
    bought("2025-03-24", 5, "Dairy")
    page = show("?category_name=Meat")
    assert table(page, "by-1") == [["Meat", "¥1"]]
    assert page.find(attrs={"name": "category_name"})["value"] == "Meat"


def test_every_line_leads_to_its_records(admin, bought):
    bought("2025-03-24", 1)
    bought("2025-03-25", 2)
    page = admin.get(f"{PATH}?group_by=day")
    for text, count in (("2025-03-24", 1), ("Meat", 2)):
        assert f"Rows: {count}" in page.click(text, href="/admin/shopping-records/")


@pytest.mark.model_permissions
def test_who_may_not_see_records_has_no_links_to_them(staff, browser_of, grant, bought):
    bought("2025-03-24", 1)
    client = browser_of(staff)
    client.get(PATH, status=403)
    assert "Reports" not in client.get("/admin/").html.find(class_="menu").text
    grant(staff, "reports:view")
    page = client.get("/admin/").click("Reports")
    assert page.html.select("main tbody a") == []


def test_the_report_can_be_saved(admin, bought):
    bought("2025-03-24", 1)
    answer = admin.get(f"{PATH}?group_by=year").click("Save as CSV")
    assert answer.content_type == "text/csv"
    header, *lines = answer.body.decode("utf-8-sig").split()
    assert (header, lines) == ("year,total,count,currency", ["2024,0,0,JPY", "2025,1,1,JPY"])


@pytest.mark.parametrize(
    ("query", "name", "kept"),
    [
        ("month_start=29&group_by=day", "month_start", "group_by=day"),
        ("group_by=nothing", "group_by", ""),
        ("purchase_date__gte=yesterday&store_id=7", "purchase_date__gte", "store_id=7"),
        ("purchase_date__gte=0001-01-01&group_by=day", "group_by", "purchase_date__gte=0001-01-01"),
        ("purchase_date__gte=0001-01-01&purchase_date__lte=9999-12-31", "group_by", ""),
    ],
)
def test_what_cannot_be_asked_for_is_left_out_and_said(admin, bought, query, name, kept):
    bought("2025-03-24", 1)
    answer = admin.get(f"{PATH}?{query}", status=303)
    assert answer.location == f"https://localhost{PATH}?{kept}".rstrip("?")
    page = answer.maybe_follow().html
    assert said(page)[0].startswith(f"{name}: ")


def test_the_usual_report_that_would_be_too_long_is_no_redirection_in_a_circle(
    admin, bought, monkeypatch
):
    bought("2025-03-24", 1)
    monkeypatch.setattr(reports, "MAX_ROWS", 3)
    admin.get(PATH, status=400)


def test_names_are_escaped(show, bought):
    bought("2025-04-01", 1, "<b>Meat</b>")
    assert "<b>Meat" not in str(show())


def test_it_speaks_the_readers_language(admin, bought):
    bought("2025-03-24", 1)
    admin.extra_environ = {**ENVIRON, "HTTP_ACCEPT_LANGUAGE": "ja"}
    page = admin.get(f"{PATH}?group_by=weekday&group_by=manufacturer").html
    assert page.h1.text == "レポート"
    assert page.find(id="main").text == "曜日別・メーカー別の支出"
    assert table(page, "main")[-1][0] == "月曜日"


@pytest.mark.database("sqlite", "postgresql")
def test_it_takes_few_statements_however_much_there_is(admin, database, bought):
    taken = []
    for many in (1, 10, 300):
        for ahead in range(many):
            bought(str(date(2024, 1, 1) + timedelta(days=ahead)), 1)
        with capture_statements(database) as statements:
            admin.get(PATH)
        taken.append(len(statements))
    assert taken[0] == taken[1] == taken[2] <= 8


def test_where_there_is_no_administration_there_is_no_page_and_the_api_reports(new_database):
    app = make_test_app(new_database(), ("shoptrack_auth", "shoptrack_reports"))
    try:
        client = Client(app)
        client.get(PATH, status=404)
        client.get("/api/reports/spending/?group_by=month", status=401)
    finally:
        Database.of(app.registry).dispose()
