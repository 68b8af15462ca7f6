"""Fields of plugins on each line of a receipt."""

import pytest

PATH = "/admin/receipts/new/"

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def form(admin, make):
    """Return a receipt's form with one line that is filled in."""
    store, product = make.store(), make.product()
    form = admin.get(PATH).forms["receipt"]
    form["store_id"] = str(store.id)
    form["lines-0-product_id"] = str(product.id)
    form["lines-0-quantity"], form["lines-0-price"] = "1", "100"
    return form


def read(api) -> list[dict]:
    return api.get("/api/shopping-records/").json


def test_a_line_has_their_defaults(form, api):
    form.submit("save", status=303)
    (record,) = read(api)
    assert (record["tax_rate"], record["note"], record["is_gift"]) == (8, None, False)


def test_each_line_has_values_of_its_own(form, api):
    form["lines-0-note"], form["lines-0-tax_rate"] = "ripe", "10"
    form["lines-0-is_gift"] = True
    form["lines-0-seen_at_id"] = form["store_id"].value
    form["lines-1-product_id"] = form["lines-0-product_id"].value
    form["lines-1-quantity"], form["lines-1-price"] = "1", "100"
    form.submit("save", status=303)
    one, other = read(api)
    assert (one["note"], one["tax_rate"], one["is_gift"]) == ("ripe", 10, True)
    assert one["seen_at"]["id"] == int(form["store_id"].value)
    assert (other["note"], other["tax_rate"], other["is_gift"]) == (None, 8, False)


def test_a_fault_of_theirs_unfolds_the_line_and_keeps_its_values(form, api):
    form["lines-0-tax_rate"], form["lines-0-is_gift"] = "101", True
    page = form.submit("save", status=400)
    assert read(api) == []
    assert page.html.select_one(".line-others[open] #error-lines-0-tax_rate")
    assert len(page.html.select(".line-others[open]")) == 1
    form = page.forms["receipt"]
    assert form["lines-0-is_gift"].checked
    assert form["lines-1-tax_rate"].value == "8"
    form["lines-0-tax_rate"] = ""
    page = form.submit("save", status=400)
    assert "Line 1, tax rate" in page.html.select_one(".summary").text


def test_a_note_alone_is_no_empty_line(form, api):
    form["lines-1-note"] = "and what else?"
    page = form.submit("save", status=400)
    assert "Line 2, product: Choose a product." in page.html.select_one(".summary").text
