"""Numbers in forms and filters, as people type them."""

import pytest
from sqlalchemy import select

from shoptrack.records.models import ShoppingRecord

pytestmark = pytest.mark.database("sqlite")

RECORDS = "/admin/shopping-records/"


@pytest.fixture
def save(admin, make, database):
    """Return a function that types into the form of a record, and returns its price and quantity, or the errors."""
    record = make.record(price=1, quantity=1)

    def save(**typed: str):
        form = admin.get(f"{RECORDS}{record.id}/").forms[1]
        for name, text in typed.items():
            form[name] = text
        page = form.submit("save", expect_errors=True)
        if page.status_int == 400:
            return [error.text.strip() for error in page.html.select("p.error")]
        with database.read_engine.connect() as connection:
            columns = select(ShoppingRecord.price, ShoppingRecord.quantity)
            price, quantity = connection.execute(columns).one()
        return price, str(quantity)

    return save


@pytest.mark.parametrize(
    ("price", "quantity"),
    [
        ("1280", "1234.5"),
        ("1,280", "1,234.5"),
        ("¥1,280", " 1,234.500 "),
        ("￥１，２８０", "１，２３４．５"),
        ("1,280円", "１２３４.5"),
    ],
)
def test_they_are_read_as_they_are_typed(save, price, quantity):
    assert save(price=price, quantity=quantity) == (1280, "1234.500")


@pytest.mark.parametrize("minus", ["-", "−", "－", "–", "ー"])
def test_every_minus_is_one(save, minus):
    assert save(price=f"{minus}1,280", quantity=f"{minus}１.5") == (-1280, "-1.500")


def test_what_cannot_be_read_is_named_beside_its_field_all_at_once(save, said):
    assert save(price="12,80", quantity="1,23.5") == [
        "“12,80” has “,” in a wrong place. It separates thousands, as in 1,234.5.",
        "“1,23.5” has “,” in a wrong place. It separates thousands, as in 1,234.5.",
    ]
    assert save(price="a lot", quantity="1e3") == [
        "“a lot” is not an amount in JPY. Write it like ¥1,234.",
        "“1e3” is not a number. Write it like 1,234.5.",
    ]
    assert save(price="12.5", quantity="1.2345") == [
        "Amounts in JPY have no decimals.",
        "Ensure that there are no more than 3 decimal places.",
    ]
    assert save(price="9,999,999,999", quantity="") == [
        "Ensure this value is less than or equal to ¥2,147,483,647.",
        "Enter the quantity.",
    ]


def test_what_was_typed_stays_in_the_form(admin, make):
    record = make.record()
    form = admin.get(f"{RECORDS}{record.id}/").forms[1]
    form["price"] = "12,80"
    form["quantity"] = "１，２３４"
    page = form.submit("save", status=400)
    assert [page.forms[1][name].value for name in ("price", "quantity")] == ["12,80", "１，２３４"]
    page = page.forms[1].submit("save", status=400, headers={"Accept-Language": "ja"})
    assert "「12,80」" in page.html.select_one("#error-price").text


def test_a_list_is_filtered_by_what_people_type(admin, make):
    product = make.product()
    for price in (999, 1280, 1300):
        make.record(price=price, product_id=product.id)
    form = admin.get(RECORDS).forms[1]
    form["typed-price__gte"] = "￥１，２８０"
    form["typed-price__lte"] = " 1,299 "
    answer = form.submit()
    assert answer.headers["Location"].endswith("?price__gte=1280&price__lte=1299")
    page = answer.follow()
    cells = [cell.text for cell in page.html.select("tbody td[data-label=Price]")]
    assert cells == ["¥1,280"]
    inputs = [page.forms[1][f"typed-price__{end}"].value for end in ("gte", "lte")]
    assert inputs == ["1280", "1299"]
    saved = page.click("Save as CSV").body.decode("utf-8-sig").splitlines()
    assert len(saved) == 2


def test_a_filter_that_cannot_be_read_is_left_out_and_named(admin, make, said):
    make.record()
    form = admin.get(RECORDS).forms[1]
    form["typed-price__gte"] = "12,80"
    form["typed-price__lte"] = "2,000"
    page = form.submit().follow()
    assert page.request.query_string == "price__lte=2000"
    assert said(page) == [
        "Price: “12,80” has “,” in a wrong place. It separates thousands, as in 1,234.5."
    ]


def test_a_typed_parameter_that_there_is_not_is_left_out(admin, said):
    page = admin.get(f"{RECORDS}?typed-colour__gte=1&ordering=price").follow()
    assert page.request.query_string == "ordering=price"
    assert "typed-colour__gte" in said(page)[0]


def test_only_values_that_mean_something_else_differ_from_what_is_stored(admin, make, api):
    product = make.product(unit_id=make.unit(name="g").id)
    record = make.record(price=1280, quantity=2, product_id=product.id)
    form = admin.get(f"{RECORDS}{record.id}/").forms[1]
    api.patch_json(f"/api/shopping-records/{record.id}/", {"quantity": "3.000"}, status=200)
    form["price"] = "1,280"
    page = form.submit("save", status=400)
    differing = [message.text for message in page.html.select(".message.warning")]
    assert differing == ["Current value: 3 g"]
