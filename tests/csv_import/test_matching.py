"""How lines find rows: by ids, by names, and by what else the file says of them."""

import json

import pytest

from shoptrack.testing import Client

from .conftest import HEADER, LINE, Importer


def get_counts(response) -> dict[str, int]:
    return {outcome: number for outcome, number in response.json["counts"].items() if number}


def test_names_are_found_whatever_their_width_and_case(importer, make):
    store = make.store(name="ライフ", location="Kyoto")
    importer(HEADER + LINE.replace("Life", "ﾗｲﾌ").replace("Kyoto", "ＫＹＯＴＯ"), status=201)
    assert importer.get_records()[0]["store"]["id"] == store.id


def test_an_exact_name_precedes_one_that_folds_to_it(importer, make):
    make.store(name="life")
    exact = make.store(name="Life")
    importer(HEADER + LINE, status=201)
    assert importer.get_records()[0]["store"]["id"] == exact.id


def test_a_product_is_known_by_its_unit_and_not_by_its_category(importer, make):
    unit = make.unit(name="ml").id
    product = make.product(name="Milk", unit_id=unit, category_id=make.category(name="Drinks").id)
    importer(HEADER + LINE, status=201)
    importer(HEADER + LINE.replace("ml,1000", "l,1"), status=201)
    milk, other = (record["product"] for record in importer.get_records())
    assert milk["id"] == product.id
    assert (other["unit"]["name"], other["category"]["name"]) == ("l", "Dairy")


def test_new_rows_are_added_once_and_as_first_spelled(importer, api):
    text = HEADER + LINE + LINE.replace("Life", "ＬＩＦＥ") + LINE.replace("Kyoto", "Osaka")
    answer = importer(text, status=201)
    assert [row["name"] for row in api.get("/api/stores/").json] == ["Life", "Life"]
    assert get_counts(answer) == {"new": 3}


def test_a_dry_run_proposes_near_names(importer, make):
    make.store(name="Seven Eleven")
    near = make.store(name="Lifes", location="Osaka")
    answer = importer(HEADER + LINE, status=200, dry_run=True).json
    (stores,) = (group for group in answer["new_rows"] if group["resource"] == "stores")
    assert stores == {
        "resource": "stores",
        "count": 1,
        "rows": [{"name": "Life", "line": 2, "near": [{"id": near.id, "label": "Lifes (Osaka)"}]}],
    }


def test_rows_are_named_by_ids(importer, make):
    record = make.record()
    text = f"purchase_date,store_id,product_id,quantity,price\n2025-04-01,{record.store_id},{record.product_id},1,2\n"
    importer(text, status=201)
    assert importer.get_faults(text.replace(f",{record.store_id},", ",999,")) == [
        (2, "store_id", 'Invalid pk "999" - object does not exist.')
    ]


def test_an_id_and_a_name_that_contradict_each_other_are_a_fault(importer, make):
    store = make.store(name="Aeon")
    header = HEADER.replace("store_name", "store_id,store_name")
    ((line, column, message),) = importer.get_faults(
        header + LINE.replace("Life", f"{store.id},Life")
    )
    assert (line, column) == (2, "store_id")
    assert message == f"The store {store.id} is “Aeon”, not “Life”. Empty one of the two cells."


def test_a_row_with_an_id_is_changed(importer, make):
    record = make.record(price=100)
    text = f"id,price\n{record.id},120\n"
    answer = importer(text, status=201)
    assert get_counts(answer) == {"changed": 1}
    assert importer.get_records()[0]["price"] == 120
    assert get_counts(importer(text, status=200)) == {"same": 1}


def test_an_unknown_id_and_one_twice_are_faults(importer, make):
    record = make.record()
    faults = importer.get_faults(f"id,price\n{record.id},1\n{record.id},2\n99,3\n,4\n")
    assert [fault[:2] for fault in faults[:3]] == [(3, "id"), (4, "id"), (4, "id")]
    assert {fault[:2] for fault in faults[3:]} == {
        (5, key) for key in ("purchase_date", "store_id", "quantity", "product_id")
    }


def test_ids_of_another_installation_are_ignored(importer):
    header = HEADER.replace("purchase_date", "id,purchase_date").replace(
        "store_name", "store_id,store_name"
    )
    line = "7,2025-04-01,8,Life,Kyoto,Milk,Dairy,ml,1000,250\n"
    importer(header + line, status=400)
    assert get_counts(importer(header + line, status=201, ignore_ids=True)) == {"new": 1}


def test_a_line_without_an_id_beside_its_equal_is_another_purchase(importer):
    importer(HEADER + LINE, status=201)
    id = importer.get_records()[0]["id"]
    text = "id," + HEADER + f"{id}," + LINE + "," + LINE
    assert get_counts(importer(text, status=201)) == {"new": 1, "same": 1}
    assert get_counts(importer(text, status=200)) == {"same": 2}


@pytest.mark.parametrize("url", ["/api/categories/import/"])
def test_names_that_are_unique_are_added_once(importer, url, api):
    text = "name\nMeat\nＭＥＡＴ\nFish\n"
    assert get_counts(importer(text, url=url, status=201)) == {"new": 2, "same": 1}
    assert get_counts(importer(text, url=url, status=200)) == {"same": 3}
    assert [row["name"] for row in api.get("/api/categories/").json] == ["Meat", "Fish"]


def test_a_product_with_other_values_is_no_new_product(importer):
    url = "/api/products/import/"
    text = "name,category_name,unit_name\nMilk,Dairy,ml\n"
    importer(text, url=url, status=201)
    assert get_counts(importer(text, url=url, status=200)) == {"same": 1}
    other = text.replace("Dairy", "Drinks")
    assert importer.get_faults(other, url=url) == [
        (2, "name", "This product exists, with other values. Name it by its id to change it.")
    ]


def test_numbers_and_days_are_read_as_people_write_them(importer):
    line = '"30.04.2025",Life,Kyoto,Milk,Dairy,ml,"1.000,5","１２．３４５"\n'
    importer(HEADER + line, status=201, date_format="DD.MM.YYYY", language="de")
    (record,) = importer.get_records()
    assert (record["purchase_date"], record["quantity"], record["price"]) == (
        "2025-04-30",
        "1000.500",
        12345,
    )
    assert importer.get_faults(HEADER + LINE.replace("250", '"12,80"'))[0][:2] == (2, "price")


@pytest.fixture
def caller(build_app, credentials_with):
    """Return a function that returns the importer of somebody with just these permissions."""
    app = build_app(shoptrack__api_permissions="model")
    return lambda *permissions: Importer(Client(app, credentials_with(*permissions)))


VIEWS = [
    f"{path}:view"
    for path in (
        "shopping-records",
        "stores",
        "products",
        "categories",
        "units",
        "manufacturers",
        "origins",
    )
]


def test_what_the_file_does_needs_its_permissions(caller, make):
    record = make.record()
    text = f"purchase_date,store_id,product_id,quantity,price\n2025-04-01,{record.store_id},{record.product_id},1,2\n"
    adder = caller("shopping-records:add", *VIEWS)
    adder(text, status=201)
    assert "stores:add" in adder(HEADER + LINE, status=403).json["detail"]
    change = f"id,price\n{record.id},7\n"
    assert "shopping-records:change" in adder(change, status=403, dry_run=True).json["detail"]
    caller(*VIEWS)(text, status=403)


def test_names_that_one_may_not_view_find_nothing(caller):
    importer = caller("shopping-records:add")
    ((line, _column, message),) = importer.get_faults(HEADER + LINE)
    assert line == 1
    assert "store_id" in message


def test_a_default_name_is_validated_like_a_cell(importer):
    text = HEADER.replace("store_name,", "") + LINE.replace("Life,", "")
    faults = importer.get_faults(text, defaults=json.dumps({"store_name": "x" * 300}))
    assert [(line, column) for line, column, _message in faults] == [(2, "store_name")]
    assert "no more than" in faults[0][2]


def test_proposals_name_only_what_one_may_view(caller, make):
    maker = make.manufacturer(name="Yamato Foods")
    make.product(name="Milky", manufacturer_id=maker.id)
    views = [name for name in VIEWS if not name.startswith("manufacturers")]
    adds = ("shopping-records:add", "stores:add", "products:add", "categories:add", "units:add")
    report = caller(*adds, *views)(HEADER + LINE, status=200, dry_run=True)
    assert "Milky" in report
    assert "Yamato" not in report


def test_rows_are_named_by_ids_only_by_who_may_view_them(caller, make):
    record = make.record()
    text = f"id,price\n{record.id},{record.price}\n"
    caller("shopping-records:view", "shopping-records:add")(text, status=200, dry_run=True)
    answer = caller("shopping-records:add")(text, status=403, dry_run=True)
    assert "shopping-records:view" in answer.json["detail"]
