"""The sums and averages of the rows that a list's filters leave."""

from decimal import Decimal

import pytest

from shoptrack.testing import capture_statements


@pytest.fixture
def records(make):
    """Make records of two products."""
    grams = make.unit(name="g").id
    beef, milk = (make.product(name=name, unit_id=grams) for name in ("Beef", "Milk"))
    for price, quantity in ((1000, 500), (501, 250)):
        make.record(product_id=beef.id, price=price, quantity=Decimal(quantity))
    make.record(product_id=milk.id, price=-100, quantity=Decimal("0.5"))
    return beef, milk


def read_sums(page) -> dict[str, str]:
    return {
        one.dt.text: one.dd.get_text(strip=True).replace("\N{NO-BREAK SPACE}", " ")
        for one in page.html.select("#sums > div")
    }


def test_the_sum_and_the_average_of_all_rows(admin, records):
    page = admin.get("/admin/shopping-records/").click("Sums and averages")
    assert read_sums(page) == {"Price: sum": "¥1,401", "Price: average of a row": "¥467"}


def test_what_one_unit_of_one_product_cost(admin, records):
    beef, _milk = records
    page = admin.get(f"/admin/shopping-records/?product_id={beef.id}&ordering=price")
    page = page.click("Sums and averages")
    assert read_sums(page) == {
        "Price: sum": "¥1,501",
        "Price: average of a row": "¥750.5",
        "Quantity: sum": "750 g",
        "Price: average for 1 g": "¥2.001",
    }
    page = page.click("Back to the list")
    assert page.request.path_qs.endswith(f"?product_id={beef.id}&ordering=price")


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("price__gte=600", "¥1,000"),
        ("search=milk", "\N{MINUS SIGN}¥100"),
        ("product_name__icontains=BEEF", "¥1,501"),
    ],
)
def test_filters_and_searches_count(admin, records, query, total):
    page = admin.get(f"/admin/shopping-records/sums/?{query}")
    assert read_sums(page)["Price: sum"] == total


@pytest.mark.database("sqlite")
def test_no_rows_have_no_sums(admin):
    page = admin.get("/admin/shopping-records/sums/")
    assert read_sums(page) == {}
    assert "No results." in page
    assert not admin.get("/admin/shopping-records/").html.select("[data-sums]")


@pytest.mark.database("sqlite")
def test_what_cannot_be_asked_leads_to_the_list(admin, records):
    answer = admin.get("/admin/shopping-records/sums/?colour=red", status=303)
    assert answer.location == "https://localhost/admin/shopping-records/"


@pytest.mark.database("sqlite")
def test_lists_without_amounts_have_no_sums(admin, make):
    make.store()
    assert not admin.get("/admin/stores/").html.select("[data-sums]")
    admin.get("/admin/stores/sums/", status=303)


@pytest.mark.database("sqlite")
@pytest.mark.model_permissions
def test_parameters_about_hidden_rows_are_refused(staff_with, records):
    client = staff_with("shopping-records:view")
    page = client.get("/admin/shopping-records/sums/")
    assert read_sums(page)["Price: sum"] == "¥1,401"
    client.get("/admin/shopping-records/sums/?product_name__icontains=beef", status=403)
    page = client.get(f"/admin/shopping-records/sums/?product_id={records[0].id}")
    assert "g" not in read_sums(page)["Quantity: sum"]


@pytest.mark.database("sqlite")
def test_sums_take_few_statements(admin, records, database):
    with capture_statements(database) as statements:
        admin.get(f"/admin/shopping-records/sums/?product_id={records[0].id}")
    assert len(statements) <= 3
