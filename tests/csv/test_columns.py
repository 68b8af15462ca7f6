"""The columns of resources' CSV files."""

import pytest
from pyramid.i18n import make_localizer
from pyramid.interfaces import ITranslationDirectories

from shoptrack.catalog.models import Category
from shoptrack.catalog.resources import CategoryResource, ProductResource, StoreResource
from shoptrack.i18n import Currency, translate
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources import Computed, HiddenRow, Reference, Resource, Text
from shoptrack.resources.csv import make_columns, make_headings

RECORD = {
    "id": 9,
    "price": -298,
    "purchase_date": "2025-04-01",
    "store": {"id": 3, "name": "Life", "location": "Kyoto"},
    "quantity": "1.500",
    "product": {
        "id": 7,
        "name": "Beef",
        "category": {"id": 2, "name": "Meat"},
        "unit": {"id": 4, "name": "g"},
        "manufacturer": None,
        "origin": {"id": 5, "name": "Hokkaido"},
    },
}
CELLS = {
    "id": 9,
    "price": -298,
    "currency": "JPY",
    "purchase_date": "2025-04-01",
    "store_id": 3,
    "store_name": "Life",
    "store_location": "Kyoto",
    "quantity": "1.500",
    "product_id": 7,
    "product_name": "Beef",
    "product_category_id": 2,
    "product_category_name": "Meat",
    "product_unit_id": 4,
    "product_unit_name": "g",
    "product_manufacturer_id": None,
    "product_manufacturer_name": None,
    "product_origin_id": 5,
    "product_origin_name": "Hokkaido",
}


class ShelfResource(Resource):
    """Nested names that meet own ones."""

    model = Category
    path = "shelves"
    fields = (
        Text("category_name", max_length=10),
        Reference("category", CategoryResource, required=False),
        Text("category_label", max_length=10, verbose_name="category"),
        Text("pin", max_length=10, trim=False),
        Computed("codes", (), list, {"type": "array"}),
        Computed("is_full", (), bool, {"type": "boolean"}),
    )


def get_cells(resource, document, hidden=frozenset()):
    return {column.key: column.get_cell(document) for column in make_columns(resource, hidden)}


def test_a_row_has_its_own_columns_and_those_of_all_rows_that_it_nests():
    cells = get_cells(ShoppingRecordResource, RECORD)
    assert cells == CELLS
    assert list(cells) == list(CELLS)


def test_a_column_names_its_field_and_the_way_to_it():
    columns = {column.key: column for column in make_columns(ShoppingRecordResource)}
    name = columns["product_category_name"]
    assert (name.path, name.field, name.resource) == (
        ("product", "category"),
        CategoryResource.fields[0],
        CategoryResource,
    )
    assert not name.is_id
    store = columns["store_id"]
    assert (store.path, store.field, store.resource) == (
        (),
        ShoppingRecordResource.fields[2],
        ShoppingRecordResource,
    )
    assert store.is_id
    assert columns["id"].is_id
    assert columns["id"].field is None
    assert {column.member for column in columns.values()} == set(RECORD)


def test_amounts_are_in_the_currency_beside_them():
    columns = make_columns(ShoppingRecordResource, currency=Currency("EUR", 2))
    cells = {column.key: column.get_cell(RECORD) for column in columns}
    assert (cells["price"], cells["currency"]) == ("-2.98", "EUR")


def test_own_columns_have_the_keys_of_bodies():
    keys = [column.key for column in make_columns(ProductResource) if not column.path]
    assert keys == ["id", *(field.key for field in ProductResource.fields)]


def test_a_row_that_may_not_be_viewed_has_its_id_only():
    document = RECORD | {"product": HiddenRow(id=7), "store": RECORD["store"]}
    cells = get_cells(ShoppingRecordResource, document, frozenset({"products:view"}))
    assert list(cells) == list(CELLS)[:9]
    assert cells["product_id"] == 7


def test_what_a_hidden_row_would_nest_further_is_left_out_alone():
    keys = set(get_cells(ShoppingRecordResource, RECORD, frozenset({"categories:view"})))
    assert set(CELLS) - keys == {"product_category_name"}


def test_a_name_that_is_taken_gets_two_lines():
    document = {
        "id": 1,
        "category_name": "own",
        "category": {"id": 2, "name": "Meat"},
        "category_label": "label",
        "codes": ["0491", "x"],
        "is_full": False,
    }
    assert get_cells(ShelfResource, document) == {
        "id": 1,
        "category_name": "own",
        "category_id": 2,
        "category__name": "Meat",
        "category_label": "label",
        "codes": '["0491","x"]',
        "is_full": "false",
    }


def test_headings_are_for_people_and_no_two_are_equal():
    headings = make_headings(make_columns(ShelfResource))
    assert headings["category__name"] == "category"
    assert headings["category_label"] == "category (category_label)"
    assert len(set(headings.values())) == len(headings)


def test_headings_of_records_are_english():
    assert list(make_headings(make_columns(ShoppingRecordResource)).values()) == [
        "id",
        "price",
        "currency",
        "purchase date",
        "store ID",
        "store",
        "store location",
        "quantity",
        "product ID",
        "product",
        "product category ID",
        "product category",
        "product unit ID",
        "product unit",
        "product manufacturer ID",
        "product manufacturer",
        "product origin ID",
        "product origin",
    ]


@pytest.mark.database("sqlite")
def test_or_japanese(app):
    localizer = make_localizer("ja", app.registry.queryUtility(ITranslationDirectories))
    headings = make_headings(
        make_columns(ShoppingRecordResource), lambda text: translate(localizer, text)
    )
    assert headings["id"] == "id"  # a file that begins with "ID" is SYLK to Excel
    assert headings["purchase_date"] == "購入日"
    assert headings["store_id"] == "店舗ID"
    assert headings["store_name"] == "店舗"
    assert headings["store_location"] == "店舗の場所"
    assert headings["product_category_name"] == "商品のカテゴリー"
    assert len(set(headings.values())) == len(headings) == len(CELLS)


def test_a_list_of_masters_has_few_columns():
    assert get_cells(StoreResource, RECORD["store"]) == RECORD["store"]
