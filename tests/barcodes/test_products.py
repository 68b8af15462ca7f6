"""Products with their barcodes: in documents, found by them, deleted and merged with them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from shoptrack.db import Database
from shoptrack.resources import Repository
from shoptrack.testing import Client, capture_statements
from shoptrack_barcodes.codes import compute_check_digit

from .conftest import EAN8, MILK, UPC, URL

PRODUCTS = "/api/products/"


@pytest.fixture
def milk(make):
    return make.product(name="Milk")


def path_of(product):
    return f"{PRODUCTS}{product.id}/"


def find(api, code, **options):
    return api.get(f"{PRODUCTS}by-barcode/{code}/", **options)


def test_documents_have_the_codes_as_they_were_entered(api, make, add, milk):
    make.product(name="Tea")
    add(milk, UPC)
    add(milk, MILK)
    documents = api.get(f"{PRODUCTS}?ordering=id").json
    assert [one["barcodes"] for one in documents] == [[UPC, MILK], []]
    assert api.get(path_of(milk)).json["barcodes"] == [UPC, MILK]
    assert api.get(f"{PRODUCTS}?fields=barcodes&ordering=id").json == [
        {"barcodes": [UPC, MILK]},
        {"barcodes": []},
    ]


def test_they_are_read_only(api, add, milk):
    add(milk, MILK)
    document = api.patch_json(path_of(milk), {"name": "Whole milk", "barcodes": []}).json
    assert (document["name"], document["barcodes"]) == ("Whole milk", [MILK])


def test_they_take_no_further_statement(api, add, milk, database):
    add(milk, MILK)
    for path, number in ((path_of(milk), 2), (PRODUCTS, 3), (f"{PRODUCTS}?limit=10", 3)):
        with capture_statements(database) as statements:
            api.get(path)
        assert len(statements) == number


def test_documents_follow_every_change(api, make, add, milk):
    tea = make.product(name="Tea")

    def listed():
        found = api.get(f"{PRODUCTS}?ordering=id").json
        return [(one["barcodes"], len(api.get(PRODUCTS, {"search": "901"}).json)) for one in found]

    first, second = add(milk, MILK), add(milk, UPC)
    assert listed() == [([MILK, UPC], 1), ([], 1)]
    api.patch_json(f"{URL}{second['id']}/", {"code": EAN8})
    assert listed() == [([MILK, EAN8], 1), ([], 1)]
    api.patch_json(f"{URL}{first['id']}/", {"product_id": tea.id})
    assert listed() == [([EAN8], 1), ([MILK], 1)]
    items = [{"id": first["id"], "code": UPC}, {"id": second["id"], "product_id": tea.id}]
    api.patch_json(f"{URL}bulk/", items)
    assert listed() == [([], 0), ([UPC, EAN8], 0)]
    items = [
        {"product_id": id, "code": code} for id, code in ((milk.id, MILK), (tea.id, "96385074"))
    ]
    api.post_json(f"{URL}bulk/", items, status=201)
    assert listed() == [([MILK], 1), ([UPC, EAN8, "96385074"], 1)]
    api.delete_json(f"{URL}bulk/", {"ids": [first["id"], second["id"]]})
    assert listed() == [([MILK], 1), (["96385074"], 1)]


def test_of_many_that_a_product_gets_at_once_none_is_lost(api, app, credentials, milk):
    codes = [f"49{n:010}" for n in range(8)]
    codes = [code + compute_check_digit(code) for code in codes]

    def send(code):
        client = Client(app, credentials)
        client.post_json(URL, {"product_id": milk.id, "code": code}, status=201)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, codes))
    assert sorted(api.get(path_of(milk)).json["barcodes"]) == codes


def test_etags_change_with_them(api, add, milk):
    for path in (path_of(milk), PRODUCTS, f"{PRODUCTS}?limit=5"):
        etag = api.get(path).headers["ETag"]
        api.get(path, headers={"If-None-Match": etag}, status=304)
        barcode = add(milk, MILK)
        assert api.get(path, headers={"If-None-Match": etag}, status=200).headers["ETag"] != etag
        api.delete(f"{URL}{barcode['id']}/")


@pytest.mark.parametrize(
    "code", [UPC, f"0{UPC}", "0-12345-67890-5", "%EF%BC%90" + UPC[1:], f"%20{UPC}"]
)
def test_a_product_is_found_by_every_form_of_its_code(api, add, milk, code):
    add(milk, UPC)
    response = find(api, code)
    assert response.json == api.get(path_of(milk)).json
    assert response.headers["ETag"] == api.get(path_of(milk)).headers["ETag"]
    find(api, code, headers={"If-None-Match": response.headers["ETag"]}, status=304)


def test_a_code_that_no_product_has(api):
    assert find(api, MILK, status=404).json == {
        "detail": "No product has the barcode 4901234567894."
    }


def test_an_impossible_code_is_refused(api):
    assert find(api, "4901234567890", status=400).json == {
        "code": ["The last digit of this barcode should be 4, not 0. Compare all digits."]
    }
    for code in ("4901", "TEA", "-", "%E7%89%9B%E4%B9%B3", "4901234567894%00"):
        find(api, code, status=400)
    find(api, "tea", status=404)


@pytest.mark.parametrize(
    "text", [MILK, "45678", "４９０１２３４５６７８９４", "milk 4901", UPC, f"0{UPC}"]
)
def test_a_search_finds_products_by_them(api, make, add, milk, text):
    add(make.product(name="Tea"), EAN8)
    add(milk, MILK)
    add(milk, UPC)
    for query in ({}, {"limit": 5}):
        found = api.get(PRODUCTS, {"search": text, **query}).json
        assert [one["name"] for one in found] == ["Milk"]


def test_a_deleted_product_takes_them_with_it(api, make, add, milk, history):
    tea = make.product(name="Tea")
    add(milk, MILK)
    add(milk, UPC)
    add(tea, EAN8)
    api.delete(path_of(milk), status=204)
    assert [one["code"] for one in api.get(URL).json] == [EAN8]
    assert history()[-2:] == [("deleted", f"{MILK} (Milk)"), ("deleted", f"{UPC} (Milk)")]
    assert history("products")[-1] == ("deleted", "Milk")
    add(tea, MILK)  # it is free again


def test_a_restored_product_has_them_again(api, add, milk, entries):
    add(milk, MILK), add(milk, UPC)
    before = api.get(f"/api/products/{milk.id}/").json
    api.delete(f"/api/products/{milk.id}/", status=204)
    (deleted,) = entries(path="products", action="deleted")
    answer = api.post_json(f"/api/history/{deleted.id}/undo/", {}).json
    assert answer["restored"] == {"products": 1, "barcodes": 2}
    assert api.get(f"/api/products/{milk.id}/").json == before
    assert before["barcodes"] == [MILK, UPC]


def test_many_deleted_products_take_them_with_them(api, make, add, milk, history):
    tea = make.product(name="Tea")
    add(milk, MILK)
    add(tea, EAN8)
    api.delete_json(f"{PRODUCTS}bulk/", {"ids": [milk.id, tea.id]}, status=204)
    assert api.get(URL).json == []
    assert len(history()) == 4


def test_a_product_in_use_keeps_them(api, make, add, milk):
    make.record(product_id=milk.id)
    add(milk, MILK)
    refused = api.delete(path_of(milk), status=409).json
    assert refused["references"] == {"shopping-records": 1}
    assert api.get(path_of(milk)).json["barcodes"] == [MILK]
    refused = api.delete_json(f"{PRODUCTS}bulk/", {"ids": [milk.id]}, status=409).json
    assert refused["items"] == {"0": {"shopping-records": 1}}
    assert api.get(path_of(milk)).json["barcodes"] == [MILK]


def test_a_kept_product_gets_those_of_merged_ones(app, api, make, add, milk, history):
    other = make.product(name="milk", unit_id=milk.unit_id)
    add(milk, MILK)
    add(other, UPC)
    database = Database.of(app.registry)
    with database.session() as db, db.begin():
        Repository.of(app.registry, "products").merge(db, milk.id, [other.id])
    assert find(api, UPC).json["id"] == milk.id
    assert api.get(path_of(milk)).json["barcodes"] == [MILK, UPC]
    assert history()[-1] == ("changed", f"{UPC} (Milk)")


def test_permissions(app, build_app, add, credentials_with, milk):
    def client(*permissions):
        strict = build_app(shoptrack__api_permissions="model")
        return Client(strict, credentials_with(*permissions))

    add(milk, MILK)
    nobody, reader = client(), client("products:view")
    find(nobody, MILK, status=403)
    assert find(reader, MILK).json["barcodes"] == [MILK]
    reader.get(URL, status=403)
    viewer = client("barcodes:view")
    (barcode,) = viewer.get(URL).json
    assert barcode["product"] == {"id": milk.id}
    viewer.post_json(URL, {"product_id": milk.id, "code": UPC}, status=403)
    client("products:delete").delete(path_of(milk), status=204)
    assert viewer.get(URL).json == []
    find(Client(app), MILK, status=401)
