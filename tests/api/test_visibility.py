"""What the API tells callers who may not view everything, where permissions are asked for."""

import pytest

from shoptrack.catalog.models import Category, Product
from shoptrack.catalog.resources import ProductResource
from shoptrack.db import Database
from shoptrack.openapi.spec import ApiSpec
from shoptrack.resources.serializers import ResourceSerializer
from shoptrack.testing import Client, capture_statements
from shoptrack.web.streams import CHUNK_ROWS

VIEW_ALL = [
    f"{path}:view"
    for path in (
        "shopping-records",
        "products",
        "stores",
        "categories",
        "units",
        "manufacturers",
        "origins",
    )
]


@pytest.fixture
def strict(build_app):
    """Return an application where permissions must have been given."""
    return build_app(shoptrack__api_permissions="model")


@pytest.fixture
def caller(strict, credentials_with):
    """Return a function that returns a client of somebody with just these permissions."""
    return lambda *permissions: Client(strict, credentials_with(*permissions))


@pytest.fixture
def record(make):
    """Make a record of a product that has all that it can refer to."""
    product = make.product(
        name="Beef",
        category_id=make.category(name="Meat").id,
        unit_id=make.unit(name="g").id,
        manufacturer_id=make.manufacturer(name="Yamato").id,
        origin_id=make.origin(name="Hokkaido").id,
    )
    store = make.store(name="Life", location="Kyoto")
    return make.record(product_id=product.id, store_id=store.id)


@pytest.fixture
def product(database, record):
    with database.session() as db:
        return db.get(Product, record.product_id)


def without(*paths):
    return [name for name in VIEW_ALL if name.removesuffix(":view") not in paths]


def test_a_nested_row_that_one_may_not_view_is_its_id(caller, record, product):
    path = f"/api/shopping-records/{record.id}/"
    document = caller(*VIEW_ALL).get(path).json
    assert document["product"]["category"]["name"] == "Meat"
    document["product"]["category"] = {"id": product.category_id}
    document["product"]["origin"] = {"id": product.origin_id}
    assert caller(*without("categories", "origins")).get(path).json == document
    document["product"] = {"id": product.id}
    assert caller(*without("products", "categories")).get(path).json == document
    document["store"] = {"id": record.store_id}
    assert caller("shopping-records:view").get(path).json == document


def test_what_is_null_stays_null(caller, make):
    product = make.product()
    document = caller("products:view").get(f"/api/products/{product.id}/").json
    assert (document["manufacturer"], document["category"]) == (None, {"id": product.category_id})


@pytest.mark.parametrize("query", ["", "?limit=5", "?fields=store,product"])
def test_lists_hide_what_rows_hide(caller, record, query):
    client = caller("shopping-records:view")
    answer = client.get(f"/api/shopping-records/{query}")
    assert answer.json[0]["store"] == {"id": record.store_id}
    assert answer.json[0]["product"] == {"id": record.product_id}
    assert answer.headers.get("Total-Count", "1") == "1"


def test_so_do_long_lists(caller, make):
    category, unit = make.category(name="Meat"), make.unit(name="g")
    make.rows(Product, CHUNK_ROWS + 1, category_id=category.id, unit_id=unit.id)
    rows = caller("products:view", "units:view").get("/api/products/").json
    assert len(rows) == CHUNK_ROWS + 1
    assert {row["category"]["id"] for row in rows} == {category.id}
    assert all(row["category"].keys() == {"id"} for row in rows)
    assert rows[-1]["unit"] == {"id": unit.id, "name": "g"}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_who_changes_without_viewing_is_answered_an_id(caller, make, method):
    store = make.store(name="Life")
    client = caller("stores:change")
    path, body = f"/api/stores/{store.id}/", {"name": "Aeon", "location": "Nara"}
    call = client.put_json if method == "PUT" else client.patch_json
    answer = call(path, body)
    assert answer.json == {"id": store.id}
    assert "ETag" not in answer.headers
    assert client.patch_json(path, {}).json == {"id": store.id}
    client.get(path, status=403)
    assert caller("stores:view").get(path).json["name"] == "Aeon"


def test_who_adds_without_viewing_is_answered_an_id(caller):
    answer = caller("units:add").post_json("/api/units/", {"name": "kg"}, status=201)
    assert answer.json.keys() == {"id"}
    assert "ETag" not in answer.headers
    assert caller("units:view").get(f"/api/units/{answer.json['id']}/").json["name"] == "kg"


def test_who_writes_and_views_is_answered_what_reading_answers(caller, record, product):
    client = caller("products:view", "products:change", "products:add", "units:view")
    path = f"/api/products/{product.id}/"
    changed, read = client.patch_json(path, {}), client.get(path)
    assert changed.json == read.json
    assert changed.headers["ETag"] == read.headers["ETag"]
    assert changed.json["category"] == {"id": product.category_id}
    body = {"name": "Pork", "category_id": product.category_id, "unit_id": product.unit_id}
    added = client.post_json("/api/products/", body, status=201).json
    assert added["category"] == {"id": product.category_id}
    assert added["unit"] == {"id": product.unit_id, "name": "g"}


def test_a_row_that_one_may_not_view_may_be_referred_to(caller, product):
    """Ids are no secret: documents show them. So the sentence about one that nobody has stays, too."""
    client = caller("products:change")
    path = f"/api/products/{product.id}/"
    client.patch_json(path, {"category_id": product.category_id}, status=200)
    answer = client.patch_json(path, {"category_id": 999}, status=400)
    assert answer.json == {"category_id": ['Invalid pk "999" - object does not exist.']}


@pytest.mark.parametrize(
    ("lacking", "query", "needs"),
    [
        ("products", "category_id=1", "category_id (products:view)"),
        ("products", "manufacturer_id__isnull=true", "manufacturer_id__isnull (products:view)"),
        ("products", "product_name__icontains=x", "product_name__icontains (products:view)"),
        ("stores", "store_name=x", "store_name (stores:view)"),
        ("categories", "category_name=x", "category_name (categories:view)"),
        ("stores", "search=x", "search (stores:view)"),
        ("origins", "search=x", "search (origins:view)"),
        ("stores", "store_name=x&nonsense=1", "store_name (stores:view)"),
        ("stores", "store_location=x&limit=0", "store_location (stores:view)"),
    ],
)
def test_a_condition_on_it_is_refused_by_name(caller, record, lacking, query, needs):
    answer = caller(*without(lacking)).get(f"/api/shopping-records/?{query}", status=403)
    assert answer.json == {"detail": f"You lack the permissions for these parameters: {needs}."}


def test_all_such_conditions_are_named(caller):
    client = caller("shopping-records:view", "stores:view")
    answer = client.get("/api/shopping-records/?category_name=x&search=y&store_name=z", status=403)
    assert answer.json["detail"].endswith(
        "category_name (categories:view, products:view), search (categories:view, "
        "manufacturers:view, origins:view, products:view, units:view)."
    )


def test_conditions_on_what_one_sees_are_not(caller, record):
    client = caller("shopping-records:view")
    for query in (
        f"store_id={record.store_id}",
        f"product_id__in={record.product_id}",
        "purchase_date__gte=2025-01-01",
        "price=1000",
        f"id={record.id}",
        "ordering=-price",
        "limit=1&count=true",
    ):
        assert len(client.get(f"/api/shopping-records/?{query}").json) == 1
    client.get("/api/shopping-records/?ordering=store", status=400)


def test_a_tag_is_one_of_what_the_caller_sees(caller, record, product):
    some, other = caller(*VIEW_ALL), caller(*without("categories"))
    for path in (f"/api/products/{product.id}/", "/api/products/"):
        tags = {client.get(path).headers["ETag"] for client in (some, other)}
        assert len(tags) == 2
        for client in (some, other):
            own = client.get(path).headers["ETag"]
            client.get(path, headers={"If-None-Match": own}, status=304)
            (theirs,) = tags - {own}
            client.get(path, headers={"If-None-Match": theirs}, status=200)


def test_a_tag_does_not_tell_that_something_hidden_changed(caller, database, record, product):
    some, other = caller(*VIEW_ALL), caller(*without("categories"))
    paths = (f"/api/shopping-records/{record.id}/", "/api/shopping-records/", "/api/products/")
    before = {
        (path, client): client.get(path).headers["ETag"]
        for path in paths
        for client in (some, other)
    }
    with database.session() as db, db.begin():
        db.get(Category, product.category_id).name = "Fish"
    for path in paths:
        assert other.get(path).headers["ETag"] == before[path, other]
        assert some.get(path).headers["ETag"] != before[path, some]


def test_the_shape_of_a_document_is_part_of_its_tag():
    serializer = ResourceSerializer(ProductResource())
    hidden = ("categories:view", "units:view", "products:view")
    layouts = {serializer.hiding(frozenset({name})).layout_hash for name in hidden}
    assert len(layouts | {serializer.layout_hash}) == 4


def test_permissions_count_at_the_next_request(strict, user, auth_headers, grant, product):
    client = Client(strict, auth_headers(user))
    grant(user, "products:view")
    path = f"/api/products/{product.id}/"
    first = client.get(path)
    grant(user, "categories:view")
    second = client.get(path, headers={"If-None-Match": first.headers["ETag"]}, status=200)
    assert second.json["category"] == {"id": product.category_id, "name": "Meat"}


def test_a_change_is_guarded_by_the_tag_of_what_one_saw(caller, product):
    client = caller("products:view", "products:change")
    path = f"/api/products/{product.id}/"
    tag = client.get(path).headers["ETag"]
    client.patch_json(path, {"name": "Pork"}, headers={"If-Match": tag}, status=200)
    client.patch_json(path, {"name": "Ham"}, headers={"If-Match": tag}, status=412)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_who_sees_nothing_cannot_ask_whether_it_changed(caller, make, method):
    store = make.store()
    client = caller("stores:change", "stores:delete")
    path = f"/api/stores/{store.id}/"
    tag = caller("stores:view").get(path).headers["ETag"]
    answer = client.request(path, method=method, headers={"If-Match": tag}, body=b"{}", status=403)
    assert answer.json["detail"].endswith(": If-Match (stores:view).")


def test_what_refers_to_a_row_is_counted_as_far_as_one_sees_it(caller, make, product):
    make.product(category_id=product.category_id)
    path = f"/api/categories/{product.category_id}/"
    seen = caller("categories:delete", "products:view").delete(path, status=409).json
    assert seen["references"] == {"products": 2}
    assert "products (2). Delete" in seen["detail"]
    unseen = caller("categories:delete").delete(path, status=409).json
    assert unseen == {
        "detail": "This category is still in use by rows that you may not view. "
        "Delete them or assign them another category first.",
        "code": "in_use",
        "references": {},
    }


def test_what_refers_besides_is_said(caller, database, make):
    from shoptrack_reports.units.models import UnitFactor

    unit = make.unit()
    make.product(unit_id=unit.id)
    make.row(UnitFactor, unit_id=unit.id)
    answer = caller("units:delete", "products:view").delete(f"/api/units/{unit.id}/", status=409)
    assert answer.json["references"] == {"products": 1}
    assert "in use by products (1) and rows that you may not view." in answer.json["detail"]


def test_hiding_takes_no_statement(strict, caller, record):
    database = Database.of(strict.registry)
    everything = caller(*VIEW_ALL, "shopping-records:change")
    little = caller("shopping-records:view", "shopping-records:change")
    nothing = caller("shopping-records:change")
    item = f"/api/shopping-records/{record.id}/"

    def count(call, *arguments):
        with capture_statements(database) as statements:
            call(*arguments)
        return len(statements)

    for client in (everything, little):
        assert count(client.get, item) == 2
        assert count(client.get, "/api/shopping-records/") == 3
        assert count(client.get, "/api/shopping-records/?limit=1") == 3
    written = {
        count(client.patch_json, item, {"price": price})
        for price, client in enumerate((everything, little, nothing))
    }
    assert len(written) == 1


def test_the_description_has_a_word_of_it_where_it_can_happen(app, strict):
    household = app.registry[ApiSpec].openapi["components"]["schemas"]
    assert "RowId" not in household
    assert household["Product"]["properties"]["category"] == {
        "$ref": "#/components/schemas/Category"
    }
    schemas = strict.registry[ApiSpec].openapi["components"]["schemas"]
    assert schemas["RowId"]["required"] == ["id"]
    choices = [
        {"$ref": "#/components/schemas/Category"},
        {"$ref": "#/components/schemas/RowId"},
    ]
    assert schemas["Product"]["properties"]["category"] == {"anyOf": choices}
