"""The form of a receipt without scripts, and what a script asks for."""

from datetime import date, timedelta

import pytest

from shoptrack.testing import capture_statements
from shoptrack.testing.databases import KINDS
from shoptrack_auth.models import get_utc_now
from shoptrack_auth.testing import PASSWORD

from .conftest import PATH

pytestmark = pytest.mark.database("sqlite")

LAST = "/admin/receipts/last-purchases/"
RECORD = ("shopping-records:view", "shopping-records:add")


def test_it_comes_first_in_the_menu_and_on_the_overview(admin):
    page = admin.get("/admin/")
    assert page.html.select_one("nav.menu a")["href"] == PATH
    assert page.html.select_one(".heading a.button")["href"] == PATH


@pytest.mark.model_permissions
def test_it_takes_the_permission_to_add_records(staff_with):
    client = staff_with("shopping-records:view")
    client.get(PATH, status=403)
    client.get(LAST, status=403)
    assert PATH not in client.get("/admin/")
    assert PATH in staff_with("shopping-records:add").get("/admin/")


def test_ten_lines_and_more(admin, fill, stored):
    page = admin.get(PATH)
    assert len(page.html.select("form .lines-of-receipt > .line")) == 10
    form = fill(page, ("rice", "5", ""))
    form["paper_total"] = "7"
    page = form.submit("more", status=200)
    assert len(page.html.select("form .lines-of-receipt > .line")) == 11
    assert page.html.select(".error") == []
    form = page.forms["receipt"]
    assert (form["lines-0-quantity"].value, form["paper_total"].value) == ("5", "7")
    form = fill(page, *[("rice", "1", "5")] * 11)
    page = form.submit("more", status=200)
    assert len(page.html.select("form .lines-of-receipt > .line")) == 21
    assert stored() == []
    page.forms["receipt"]["paper_total"] = ""
    page.forms["receipt"].submit("save", status=303)
    assert len(stored()) == 11


def test_a_receipt_has_at_most_150_lines(admin, shop, submit, stored):
    def fields(lines: int) -> list[tuple[str, str]]:
        shared = [("store_id", str(shop.life)), ("purchase_date", "2026-12-01")]
        return shared + [
            (f"lines-{number}-{key}", value)
            for number in range(lines)
            for key, value in (("product_id", str(shop.rice)), ("quantity", "1"), ("price", "5"))
        ]

    page = submit(admin, PATH, fields(151), status=400)
    assert "A receipt has at most 150 lines." in page.html.select_one(".summary").text
    page = submit(admin, PATH, [*fields(150), ("more", "1")], status=200)
    assert len(page.html.select("form .lines-of-receipt > .line")) == 150
    submit(admin, PATH, fields(150), status=303)
    assert len(stored()) == 150


@pytest.fixture
def many(make, shop):
    """Make more products than a list of choices has."""
    unit = make.unit(name="本").id
    category = make.category(name="Drinks").id
    return [
        make.product(name=f"Tea {number:02}", unit_id=unit, category_id=category).id
        for number in range(60)
    ]


def test_products_are_searched_in_each_line(admin, fill, many, stored):
    form = fill(admin.get(PATH), ("rice", "5", "10"))
    form["search-lines-1-product_id"] = "tea 58"
    page = form.submit("find", status=200)
    form = page.forms["receipt"]
    assert form["lines-0-product_id"].value != ""
    values = [value for value, _selected, _text in form["lines-1-product_id"].options]
    assert values == ["", str(many[58])]
    form["lines-1-product_id"] = str(many[58])
    form["lines-1-quantity"], form["lines-1-price"] = "1", "150"
    form.submit("save", status=303)
    assert len(stored()) == 2


def test_a_search_without_a_choice_is_no_empty_line(admin, fill, many, stored, errors):
    form = fill(admin.get(PATH), ("rice", "5", "10"))
    form["search-lines-1-product_id"] = "nothing"
    page = form.submit("find", status=200)
    page = page.forms["receipt"].submit("save", status=400)
    assert errors(page)["lines-1-product_id"] == "Choose a product."
    assert stored() == []


@pytest.mark.database(*KINDS)
def test_the_page_takes_few_statements(admin, fill, many, shop, database, make):
    for number in range(60):
        make.store(name=f"Shop {number:02}")
    fill(admin.get(PATH), ("rice", "5", "10"), store="life").submit("save", status=303)
    with capture_statements(database) as statements:
        admin.get(PATH)
    assert len(statements) <= 6, statements
    form = fill(admin.get(PATH), *[("rice", "5", "x")] * 9)
    form["lines-3-product_id"].force_value(str(many[58]))
    form["lines-4-product_id"].force_value(str(many[59]))
    with capture_statements(database) as statements:
        page = form.submit("save", status=400)
    locks = [one for one in statements if "idempotency" in one or "advisory" in one]
    assert len(statements) - len(locks) <= 6, statements
    assert page.forms["receipt"]["lines-4-product_id"].value == str(many[59])


class TestLastPurchases:
    @pytest.fixture
    def bought(self, make, shop):
        """Make purchases of rice in two stores, and one of eggs in another."""

        def record(product: int, store: int, day: int, price: int, quantity: str) -> None:
            make.record(
                product_id=product,
                store_id=store,
                purchase_date=date(2026, 11, day),
                price=price,
                quantity=quantity,
            )

        record(shop.rice, shop.life, 3, 1980, "5000")
        record(shop.rice, shop.life, 4, 2080, "4500.5")
        record(shop.rice, shop.life, 5, -2080, "4500.5")  # a refund
        record(shop.rice, shop.market, 9, 3000, "7000")
        record(shop.eggs, shop.market, 9, 298, "10")

    @pytest.mark.database(*KINDS)
    def test_the_last_one_in_this_store_by_one_statement(self, admin, shop, bought, database):
        query = f"?store_id={shop.life}" + "".join(
            f"&product_id={id}" for id in (shop.rice, shop.eggs, shop.milk, "9" * 15, "x")
        )
        with capture_statements(database) as statements:
            found = admin.get(f"{LAST}{query}").json
        assert len(statements) == 2  # the user with the session, and the purchases
        assert found == {
            str(shop.rice): {
                "unit": "g",
                "quantity": "4500.5",
                "price": "2080",
                "text": "Last time ¥2,080 for 4,500.5 g, on 2026-11-04.",
            },
            # The pack is the same elsewhere, the price is not.
            str(shop.eggs): {"unit": "個", "quantity": "10", "price": "", "text": ""},
            str(shop.milk): {"unit": "g", "quantity": "", "price": "", "text": ""},
        }

    def test_without_a_store_no_price_is_offered(self, admin, shop, bought):
        for store in ("", "x", "9" * 15):
            found = admin.get(f"{LAST}?store_id={store}&product_id={shop.rice}").json
            assert found[str(shop.rice)]["quantity"] == "7000"
            assert found[str(shop.rice)]["price"] == ""

    @pytest.mark.model_permissions
    def test_only_what_one_may_view(self, staff_with, shop, bought):
        query = f"{LAST}?store_id={shop.life}&product_id={shop.rice}"
        assert staff_with("shopping-records:add").get(query).json == {}
        found = staff_with(*RECORD).get(query).json[str(shop.rice)]
        assert found["unit"] == ""
        assert found["text"] == "Last time ¥2,080 for 4,500.5, on 2026-11-04."
        found = staff_with("shopping-records:add", "products:view", "units:view").get(query).json
        assert found == {str(shop.rice): {"unit": "g", "quantity": "", "price": "", "text": ""}}

    def test_the_form_shows_it_without_scripts(self, admin, shop, fill, bought):
        page = fill(admin.get(PATH), ("rice", "", "")).submit("more")
        line = page.html.select_one("form .line")
        assert line.select_one(".unit").text == "g"
        assert line.select_one(".last").text == "Last time ¥2,080 for 4,500.5 g, on 2026-11-04."


@pytest.mark.model_permissions
def test_ids_are_typed_where_rows_may_not_be_viewed(staff_with, shop, stored, errors):
    client = staff_with(*RECORD)
    form = client.get(PATH).forms["receipt"]
    assert form["store_id"].attrs["type"] == "text"
    form["store_id"], form["lines-0-product_id"] = str(shop.life), "999999"
    form["lines-0-quantity"], form["lines-0-price"] = "1", "5"
    page = form.submit("save", status=400)
    assert "does not exist" in errors(page)["lines-0-product_id"]
    form = page.forms["receipt"]
    form["lines-0-product_id"] = str(shop.rice)
    page = form.submit("save", status=303).follow()
    assert len(stored()) == 1
    assert "Rice" not in page
    assert page.forms["receipt"]["store_id"].value == str(shop.life)


@pytest.mark.model_permissions
def test_who_may_not_view_records_gets_no_link_to_them(staff_with, shop, fill):
    client = staff_with("shopping-records:add", "stores:view", "products:view")
    page = fill(client.get(PATH), ("rice", "1", "5")).submit("save", status=303).follow()
    assert "Show the records" not in page


def test_what_was_entered_survives_an_ended_session(admin, fill, alter, stored, said):
    form = fill(admin.get(PATH), ("rice", "5", "10"), ("eggs", "1", "3"))
    alter.sign_ins(last_used_at=get_utc_now() - timedelta(days=1))
    form = form.submit("save", status=403).forms[0]
    form["username"], form["password"] = "root", PASSWORD
    page = form.submit(status=200)
    assert stored() == []
    page = page.forms[0].submit(status=303).follow()
    assert said(page) == ["The receipt was saved. Lines: 2. Total: ¥13."]
    assert len(stored()) == 2


def test_the_draft_is_named_by_the_form_until_it_was_saved(admin, fill):
    form = fill(admin.get(PATH), ("rice", "5", "x"))
    draft = form["draft"].value
    page = form.submit("save", status=400)
    assert page.forms["receipt"]["draft"].value == draft
    page.forms["receipt"]["lines-0-price"] = "5"
    page = page.forms["receipt"].submit("save").follow()
    assert page.html.select_one("form.receipt")["data-saved"] == draft
    assert page.forms["receipt"]["draft"].value != draft


class TestOfEuros:
    @pytest.fixture
    def settings(self):
        return {"shoptrack.currency": "EUR"}

    def test_totals_are_exact(self, admin, fill, said, errors):
        form = fill(admin.get(PATH), ("rice", "1", "0.10"), ("rice", "1", "0.2"))
        form["paper_total"] = "0.31"
        page = form.submit("save", status=400)
        assert "add up to €0.30, €0.01 less than" in errors(page)["paper_total"]
        page = page.forms["receipt"].submit("save").follow()
        assert said(page)[0] == "The receipt was saved. Lines: 2. Total: €0.30."
