"""Barcodes on the pages of the administration: in the list of products, and on a product's page."""

import pytest

from .conftest import EAN8, MILK, UPC

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def milk(make, add):
    """Add a product with two barcodes."""
    product = make.product(name="Milk")
    for code in (MILK, UPC):
        add(product, code)
    return product


@pytest.fixture
def said():
    """Return a function that returns the messages of a page."""
    return lambda page: [message.text for message in page.html.select(".messages .message")]


@pytest.fixture
def path(milk):
    """Return the path of the product's page."""
    return f"/admin/products/{milk.id}/"


def codes(page):
    return [cell.text.strip() for cell in page.html.select(".panel tbody th")]


def test_the_list_shows_and_finds_them(admin, make, milk):
    make.product(name="Tea")
    page = admin.get("/admin/products/")
    assert f"{MILK}, {UPC}" in page
    assert "Barcodes" in [heading.text.strip() for heading in page.html.select("thead th")]
    found = admin.get("/admin/products/", {"search": MILK})
    assert len(found.html.select("tbody tr")) == 1
    assert f'"{MILK}, {UPC}"' in admin.get("/admin/products/export.csv")


def test_a_product_for_a_record_is_chosen_by_its_barcode(admin, milk):
    choices = admin.get("/admin/products/choices/", {"search": MILK})
    assert "Milk" in choices


def test_a_products_page_has_them_and_takes_another(admin, api, path, said):
    page = admin.get(path)
    assert codes(page) == [MILK, UPC]
    form = page.forms[2]
    form["code"] = "1234-5670"
    page = form.submit("save").follow()
    assert page.request.path == path
    assert said(page) == [f"The barcode “{EAN8} (Milk)” was added."]
    assert codes(page) == [MILK, UPC, EAN8]


def test_a_wrong_code_is_explained_and_corrected(admin, path):
    form = admin.get(path).forms[2]
    form["code"] = "4901234567890"
    page = form.submit("save", status=400)
    assert "The last digit of this barcode should be 4, not 0." in page
    form = page.forms[1]
    assert form["code"].value == "4901234567890"
    form["code"] = EAN8
    page = form.submit("save").follow()
    assert (page.request.path, codes(page)) == (path, [MILK, UPC, EAN8])


def test_the_question_before_a_deletion_names_them(admin, api, path, said):
    page = admin.get(f"{path}delete/")
    assert "These rows belong to it, and are deleted with it:" in page
    assert f"{MILK} (Milk)" in page
    assert "This row is not in use." in page
    assert said(page.forms[1].submit("delete").follow()) == ["The product “Milk” was deleted."]
    assert api.get("/api/barcodes/").json == []


def test_a_replacement_gets_them(admin, api, make, milk, path):
    make.record(product_id=milk.id)
    other = make.product(name="Whole milk", unit_id=milk.unit_id)
    page = admin.get(f"{path}delete/")
    assert "These rows belong to it. The replacement gets them:" in page
    form = page.forms[1]
    form["replacement_id"] = str(other.id)
    form.submit("delete").follow()
    assert api.get(f"/api/products/{other.id}/").json["barcodes"] == [MILK, UPC]


@pytest.mark.model_permissions
def test_permissions(staff_with, make, milk, path):
    page = staff_with("products:view").get(path)
    assert not page.html.select(".panel")
    page = staff_with("products:view", "barcodes:view").get(path)
    assert codes(page) == [MILK, UPC]
    assert not page.html.select("form.card")
    page = staff_with("products:delete", "products:view").get(f"{path}delete/")
    assert "You do not have permission to view all rows that belong to it." in page
    assert MILK not in page


def test_japanese(admin, path):
    page = admin.get(path, headers={"Accept-Language": "ja"})
    assert "バーコード" in [one.text.strip() for one in page.html.select(".panel h2")]
    form = page.forms[2]
    form["code"] = "4901234567890"
    page = form.submit("save", status=400, headers={"Accept-Language": "ja"})
    assert "最後の数字は 0 ではなく 4 のはずです" in page
