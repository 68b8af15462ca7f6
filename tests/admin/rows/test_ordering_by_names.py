"""Lists in the order of the rows that they refer to: products and stores by their names."""

from datetime import date

import pytest

PRODUCT, STORE = 2, 3  # columns


def column(page, number: int) -> list[str]:
    return [
        row.select("th, td")[number].get_text(strip=True) for row in page.html.select("tbody tr")
    ]


@pytest.fixture
def records(make):
    """Make 130 records of three products, two of which have one name, in two stores."""
    stores = [make.store(name=name) for name in ("Market", "life")]
    unit = make.unit(name="g").id
    products = [make.product(name=name, unit_id=unit) for name in ("Milk", "beef", "Milk")]
    for number in range(130):
        make.record(
            product_id=products[number % 3].id,
            store_id=stores[number % 2].id,
            purchase_date=date(2025, 1, 1 + number % 7),
        )
    return products


def read_pages(page, button: str) -> list:
    pages = [page]
    while page.html.find("a", rel=button):
        page = page.click("Next page" if button == "next" else "Previous page")
        pages.append(page)
    return pages


def test_headings_order_by_the_names_of_products_and_of_stores(admin, records):
    page = admin.get("/admin/shopping-records/").click("^Product$")
    assert page.html.select_one('[aria-sort="ascending"]').text == "Product"
    names = [name for one in read_pages(page, "next") for name in column(one, PRODUCT)]
    assert names == sorted(names, key=str.casefold)
    assert len(names) == 130
    page = page.click("^Product$")
    assert column(page, PRODUCT)[0] == "Milk"
    assert page.html.select_one('[aria-sort="descending"]').text == "Product"
    assert set(column(page.click("^Store$"), STORE)) == {"life (Kyoto)"}


@pytest.mark.parametrize(
    "order",
    [
        "product",
        "-product",
        "product,-purchase_date,-id",
        "-product,-store,purchase_date",
        "store,product",
        "product&search=milk",
        "-product&store_name__icontains=life",
    ],
)
def test_pages_back_and_forth_have_each_row_once(admin, records, order):
    first = admin.get(f"/admin/shopping-records/?ordering={order}")
    forth = read_pages(first, "next")
    ids = [box["value"] for page in forth for box in page.html.select("input[name=id]")]
    assert len(ids) == len(set(ids)) == int(first.html.select_one(".total").text.split()[1])
    back = read_pages(forth[-1], "prev")
    again = [[box["value"] for box in page.html.select("input[name=id]")] for page in back]
    assert [id for page in reversed(again) for id in page] == ids


def test_the_rows_of_one_product_stay_together_in_the_lists_order(admin, records):
    page = admin.get("/admin/shopping-records/").click("^Product$")
    rows = [row for one in read_pages(page, "next") for row in one.html.select("tbody tr")]
    products = [row.select("th, td")[PRODUCT].a["href"] for row in rows]
    assert len({*products}) == 3
    assert sum(one != other for one, other in zip(products, products[1:], strict=False)) == 2
    days = [row.time["datetime"] for row in rows if row.select("th, td")[PRODUCT].text == "beef"]
    assert days == sorted(days, reverse=True)


@pytest.mark.database("sqlite")
def test_the_csv_file_has_the_same_order(admin, records):
    page = admin.get("/admin/shopping-records/?ordering=-product")
    lines = [line.split(",") for line in page.click("Save as CSV").text.splitlines()]
    place = lines[0].index("product")
    names = [line[place] for line in lines[1:]]
    assert len(names) == 130
    assert names == sorted(names, key=str.casefold, reverse=True)


@pytest.mark.database("sqlite")
@pytest.mark.model_permissions
def test_names_that_somebody_may_not_view_give_no_order(staff_with, records):
    client = staff_with("shopping-records:view", "stores:view")
    page = client.get("/admin/shopping-records/")
    headings = {one.text: one.a for one in page.html.select("thead th")}
    assert headings["Store"] is not None
    assert headings["Product"] is None
    client.get("/admin/shopping-records/?ordering=product", status=403)
    client.get("/admin/shopping-records/export.csv?ordering=-id,product", status=403)


@pytest.mark.database("sqlite")
def test_the_api_keeps_its_orders(api, records):
    answer = api.get("/api/shopping-records/?ordering=product", status=400)
    assert "Cannot order by 'product'." in answer.json["ordering"][0]
