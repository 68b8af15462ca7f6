"""Merging duplicates: people see how much each row is used, choose one, and see what happens before it does."""

from datetime import date
from urllib.parse import urlencode

import pytest

from shoptrack.catalog.models import Category, Store
from shoptrack.records.models import ShoppingRecord
from shoptrack_reports.units.models import UnitFactor

sqlite = pytest.mark.database("sqlite")


@pytest.fixture
def open_page(admin):
    """Return a function that opens the page for rows of a kind."""

    def open_page(path, *rows, status=200, **params):
        query = urlencode([*(("id", row.id) for row in rows), *params.items()])
        return admin.get(f"/admin/{path}/merge/?{query}", status=status)

    return open_page


def read_uses(page) -> list[str]:
    return [cell.get_text(" ", strip=True) for cell in page.html.select('td[data-label="Used by"]')]


def read_plan(page) -> str:
    return page.html.select_one('form[aria-labelledby="plan"]').get_text(" ", strip=True)


@sqlite
def test_twenty_rows_are_merged_at_a_time_and_no_more(
    open_page, make, submit, said, number_of, admin
):
    rows = make.rows(Category, 21)
    assert said(open_page("categories", *rows, status=303).follow()) == [
        "Choose 2 to 20 rows to merge."
    ]
    fields = [*(("id", row.id) for row in rows), ("keep", rows[0].id)]
    page = submit(admin, "/admin/categories/merge/", fields, status=303).follow()
    assert said(page) == ["Choose 2 to 20 rows to merge."]
    assert number_of(Category) == 21
    form = open_page("categories", *rows[:20], keep=rows[0].id).forms[1]
    assert said(form.submit(status=303).follow()) == ["The rows were merged."]
    assert number_of(Category) == 2


@pytest.mark.database("sqlite", "postgresql")
def test_duplicates_are_merged_into_the_one_that_is_chosen(open_page, make, said, admin):
    keep, *others = (make.store(name=name) for name in ("Life", "LIFE", "life"))
    for other in others:
        make.record(store_id=other.id)
    form = open_page("stores", keep, *others).forms[1]
    form["keep"] = str(keep.id)
    page = form.submit()
    plan = read_plan(page)
    assert plan.startswith("Keep “Life (Kyoto)” “LIFE (Kyoto)” is deleted.")
    assert "Moved to “Life (Kyoto)”: shopping records (2)." in plan
    answer = page.forms[1].submit().follow()
    assert answer.request.path == f"/admin/stores/{keep.id}/"
    assert said(answer) == ["The rows were merged.", "Also changed: shopping records (2)."]
    assert len(admin.get("/admin/stores/").html.select("tbody tr")) == 1


@pytest.mark.database("sqlite", "postgresql")
def test_each_row_is_shown_with_its_unit_category_and_use(open_page, make):
    product, other = make.product(name="Milk"), make.product(name="milk")
    for day in ("2025-04-01", "2024-12-31", "2025-03-01"):
        make.record(product_id=product.id, purchase_date=date.fromisoformat(day))
    page = open_page("products", product, other)
    headings = [cell.text.strip() for cell in page.html.select("thead th")]
    assert {"Unit", "Category", "Used by"} <= {*headings}
    assert read_uses(page) == [
        "shopping records : 3 ( 2024-12-31 – 2025-04-01 )",
        "Not used",
    ]
    assert page.forms[1]["keep"].value == str(product.id)
    used = page.click("shopping records", href="product")
    assert used.html.select_one(".total").text.split(" · ")[0].strip() == "Rows: 3"


@pytest.mark.database("sqlite", "postgresql")
def test_many_rows_and_referrers_cost_no_further_statement(open_page, make, count_statements):
    rows = [make.product(name=f"Milk {number}") for number in range(12)]
    few = count_statements(open_page, "products", *rows[:2])
    for row in rows:
        make.record(product_id=row.id)
    assert count_statements(open_page, "products", *rows) == few <= 6


@sqlite
def test_a_row_that_is_not_among_them_cannot_stay_by_mistake(
    admin, open_page, make, submit, number_of
):
    rows = make.store(), make.store()
    assert "Choose the row to keep." in open_page("stores", *rows, keep="999")
    fields = [*(("id", row.id) for row in rows), ("keep", "999")]
    assert "Choose the row to keep." in submit(admin, "/admin/stores/merge/", fields, status=400)
    assert number_of(Store) == 2


@sqlite
def test_rows_to_which_nothing_refers_are_not_merged(admin, open_page, make, said, submit):
    records = make.record(), make.record()
    assert "Merge selected" not in admin.get("/admin/shopping-records/")
    assert "Merge selected" in admin.get("/admin/stores/")
    message = "Nothing refers to shopping records, so they cannot be merged."
    assert said(open_page("shopping-records", *records, status=303).follow()) == [message]
    fields = [*(("id", row.id) for row in records), ("keep", records[0].id)]
    answer = submit(admin, "/admin/shopping-records/merge/", fields, status=303)
    assert said(answer.follow()) == [message]


@pytest.mark.database("sqlite", "postgresql")
def test_products_with_different_units_need_a_conversion_factor(open_page, make, said, database):
    keep, other = (make.product(unit_id=make.unit(name=name).id) for name in ("g", "jar"))
    record = make.record(product_id=other.id, quantity=2)
    page = open_page("products", keep, other, keep=keep.id)
    assert "These products have different units: jar and g." in read_plan(page)
    assert not page.html.select("button.danger")
    form = page.forms[2]
    assert form["keep"].value == str(keep.id)
    for typed, message in (
        ("many", "“many” is not a number. Write it like 1,234.5."),
        ("12,80", "“12,80” has “,” in a wrong place. It separates thousands, as in 1,234.5."),
    ):
        form["convert"] = typed
        page = form.submit()
        assert page.html.select_one("#error-convert").text.strip() == message
        form = page.forms[1]
        assert form["convert"].value == typed
    form["convert"] = "２．５"
    page = form.submit()
    assert "are multiplied by 2.5: Quantity (shopping records)" in read_plan(page)
    assert said(page.forms[1].submit().follow())[0] == "The rows were merged."
    with database.session() as db:
        merged = db.get(ShoppingRecord, record.id)
        assert (merged.product_id, str(merged.quantity)) == (keep.id, "5.000")


@sqlite
def test_what_prevents_a_merge_is_linked(admin, open_page, make, submit):
    gram, kilo = (make.product(unit_id=make.unit(name=name).id) for name in ("g", "x"))
    record = make.record(product_id=kilo.id, quantity="0.001")
    page = open_page("products", gram, kilo, keep=gram.id, convert="0.5")
    assert "Cannot convert the quantity of 1 shopping records" in read_plan(page)
    link = f'a[href="/admin/shopping-records/{record.id}/"]'
    assert page.html.select_one(f'form[aria-labelledby="plan"] {link}')
    fields = [("id", gram.id), ("id", kilo.id), ("keep", gram.id), ("convert", "0.5")]
    refused = submit(admin, "/admin/products/merge/", fields, status=400)
    assert "Cannot convert the quantity" in refused.html.select_one(".summary").text
    assert refused.html.select_one(link)


@sqlite
def test_a_factor_for_equal_units_is_refused(open_page, make):
    keep = make.product()
    other = make.product(unit_id=keep.unit_id)
    page = open_page("products", keep, other, keep=keep.id, convert="2")
    assert page.html.select_one("#error-convert").text.strip() == (
        "All these products have the same unit."
    )


@pytest.mark.database("sqlite", "postgresql")
def test_rows_of_which_one_may_exist_are_linked(open_page, make):
    units = [make.unit(name=name) for name in ("g", "gram")]
    for unit in units:
        make.row(UnitFactor, unit_id=unit.id, base="g", factor=1)
    page = open_page("units", *units, keep=units[0].id)
    assert "Cannot change the unit of some unit factors" in read_plan(page)
    assert page.html.select('form[aria-labelledby="plan"] a[href^="/admin/unit-factors/"]')
