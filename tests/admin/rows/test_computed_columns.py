"""Columns of a list that plugins compute."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from shoptrack.db import Database
from shoptrack.i18n import MessageFactory
from shoptrack.plugins import AdminAction, AdminColumn
from shoptrack.records.models import ShoppingRecord
from shoptrack.resources.csv import export
from shoptrack.testing import capture_statements

_ = MessageFactory("shoptrack_admin")


def count_records(request, documents):
    """Return how many records each store has, by one statement."""
    ids = [document["id"] for document in documents]
    counts = (
        select(ShoppingRecord.store_id, func.count())
        .where(ShoppingRecord.store_id.in_(ids))
        .group_by(ShoppingRecord.store_id)
    )
    found = dict(request.reader.execute(counts).all())
    return [found.get(id) for id in ids]


VISITS = AdminColumn("visits", _("times"), values=count_records, cell="number")
LENGTH = AdminColumn("length", "length", value=lambda store: len(store["name"]), cell="number")


def add(*columns, **options):
    def includeme(config):
        for column in columns:
            config.add_admin_column("stores", column)
        if options:
            config.add_admin("stores", **options)

    return includeme


@pytest.fixture
def list_with(with_plugin, admin):
    """Return a function that shows the list of stores in an application with these columns."""

    def list_with(*columns, client=admin, **options):
        client.app = with_plugin(add(*columns, **options))
        return client.get("/admin/stores/?ordering=name")

    return list_with


def texts(page, selector: str) -> list[str]:
    return [found.get_text(strip=True) for found in page.html.select(selector)]


def headings(page) -> list[str]:
    return texts(page, "thead th:not(.choose)")


def test_its_values_come_from_one_call_for_all_rows(list_with, admin, make):
    for name, count in (("A", 3), ("B", 0), ("C", 1)):
        store = make.store(name=name)
        for _number in range(count):
            make.record(store_id=store.id)
    page = list_with(VISITS)
    assert headings(page) == ["Name", "Location", "Times"]
    cells = page.html.select("tbody td[data-label=Times]")
    assert [cell.get_text(strip=True) for cell in cells] == ["3", "–none", "1"]
    assert {" ".join(cell["class"]) for cell in cells} == {"number"}
    assert page.html.select_one("thead th.number").find("a") is None


def test_a_page_takes_one_more_statement_whatever_its_length(with_plugin, admin, make):
    admin.app = app = with_plugin(add(VISITS))
    counts = []
    for more in (1, 9, 30):
        for _number in range(more):
            make.store()
        with capture_statements(Database.of(app.registry)) as statements:
            admin.get("/admin/stores/")
        counts.append(len([text for text in statements if "count" in text and "store_id" in text]))
    assert counts == [1, 1, 1]


@pytest.mark.database("sqlite")
def test_it_follows_the_fields_unless_its_place_is_named(list_with, make):
    make.store(name="Life", location="Kyoto")
    assert headings(list_with(LENGTH, VISITS)) == ["Name", "Location", "Length", "Times"]
    page = list_with(LENGTH, VISITS, columns=["visits", "name"])
    assert headings(page) == ["Times", "Name", "Length"]


@pytest.mark.database("sqlite")
def test_it_can_be_declared_with_the_options_and_lead_to_the_row(list_with, make):
    store = make.store(name="Life")
    page = list_with(columns=[LENGTH, "name"])
    assert headings(page) == ["Length", "Name"]
    link = page.html.select_one("tbody th a")
    assert (link["href"].partition("?")[0], link.text) == (f"/admin/stores/{store.id}/", "4")


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("cell", "value", "text"),
    [
        ("text", "<b>&", "<b>&"),
        ("text", 7, "7"),
        ("number", -1234567, "\N{MINUS SIGN}1,234,567"),
        ("number", 0, "0"),
        ("day", date(2025, 1, 2), "2025-01-02"),
        ("day", "<b>", "<b>"),
        ("instant", datetime(2025, 1, 2, 3, 4, tzinfo=UTC), "2025-01-02 12:04"),
        ("long-text", "<i>a</i>\nb", "<i>a</i>\nb"),
        ("text", None, "–none"),
    ],
)
def test_its_values_are_shown_by_kind_and_escaped(list_with, make, cell, value, text):
    make.store()
    page = list_with(AdminColumn("more", "<More>", value=lambda store: value, cell=cell))
    assert texts(page, 'tbody td[data-label="<More>"]') == [text]


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("options", "shown", "headings"),
    [
        ({"cell": "number", "text": "{:,} times".format}, "1,200 times", []),
        ({"cell": "money"}, "¥1,200", ["currency"]),
    ],
)
def test_it_is_formatted_on_pages_and_not_in_files(
    list_with, admin, make, options, shown, headings
):
    make.store(name="Life")
    column = AdminColumn("spent", "spent", value=lambda store: 1200, **options)
    assert texts(list_with(column), "td[data-label=Spent]") == [shown]
    answer = admin.get("/admin/stores/export.csv")
    header, row = csv.reader(io.StringIO(answer.body.decode("utf-8-sig"), newline=""))
    assert header == ["id", "name", "location", "spent", *headings]
    assert row[3:] == ["1200", *(["JPY"] * len(headings))]


@pytest.mark.database("sqlite")
def test_a_file_has_the_values_of_all_rows(with_plugin, admin, make, monkeypatch):
    monkeypatch.setattr(export, "BATCH_ROWS", 25)
    calls = []

    def count(request, documents):
        calls.append(len(documents))
        return [document["id"] * 2 for document in documents]

    admin.app = with_plugin(add(AdminColumn("twice", _("times"), values=count, cell="number")))
    ids = [make.store().id for _number in range(60)]
    answer = admin.get("/admin/stores/export.csv?ordering=id")
    rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"), newline="")))
    assert [row[3] for row in rows] == ["times", *(str(2 * id) for id in ids)]
    assert calls == [25, 25, 10]


@pytest.mark.database("sqlite")
def test_its_permission_is_required(list_with, staff_with, make):
    make.store()
    column = AdminColumn("more", "more", value=lambda store: 1, permission="shopping-records:view")
    views = ("stores:view", "shopping-records:view")
    for permissions, seen in ((views[:1], False), (views, True)):
        client = staff_with(*permissions)
        assert ("More" in headings(list_with(column, client=client))) is seen
        assert ("more" in client.get("/admin/stores/export.csv").text) is seen


@pytest.mark.database("sqlite")
def test_what_needs_a_hidden_row_is_left_empty(with_plugin, staff_with, make):
    column = AdminColumn("kind", "kind", value=lambda product: product["category"]["name"])
    client = staff_with("products:view")
    client.app = with_plugin(
        lambda config: config.add_admin_column("products", column),
        shoptrack__api_permissions="model",
    )
    make.product()
    page = client.get("/admin/products/")
    assert texts(page, "td[data-label=Kind]") == ["–none"]
    assert texts(page, "p.message.error") == []


@pytest.mark.database("sqlite")
def test_an_action_can_be_added_to_somebody_elses_list(with_plugin, admin, make, said):
    action = AdminAction("shout", "Shout", "stores:change", lambda request, ids: f"Shouted {ids}.")
    admin.app = with_plugin(lambda config: config.add_admin_action("stores", action))
    store = make.store()
    form = admin.get("/admin/stores/").forms["rows"]
    form["id"] = [str(store.id)]
    form.action = "/admin/stores/actions/shout/"
    assert said(form.submit().forms[1].submit().follow()) == [f"Shouted [{store.id}]."]
