"""The resource of barcodes: their forms, and that each belongs to one product."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from shoptrack.testing import Client, capture_statements

from .conftest import EAN8, MILK, UPC, URL

TAKEN = {"code": ["barcode with this code already exists."]}


def test_a_product_has_several_and_keeps_what_was_entered(api, make, add):
    milk = make.product(name="Milk")
    added = add(milk, " 4901-2345-67894 ")
    assert added == {"id": added["id"], "product": added["product"], "code": MILK}
    assert added["product"]["name"] == "Milk"
    assert "barcodes" not in added["product"]
    add(milk, UPC)
    add(milk, EAN8)
    assert [one["code"] for one in api.get(f"{URL}?product_id={milk.id}").json] == [MILK, UPC, EAN8]


def test_invalid_codes_are_explained(api, make):
    body = {"product_id": make.product().id, "code": "4901234567890"}
    assert api.post_json(URL, body, status=400).json == {
        "code": ["The last digit of this barcode should be 4, not 0. Compare all digits."]
    }
    assert api.post_json(URL, {}, status=400).json == {
        "product_id": ["This field is required."],
        "code": ["This field is required."],
    }


@pytest.mark.parametrize(
    ("stored", "other"),
    [(MILK, MILK), (UPC, f"0{UPC}"), (f"0{UPC}", UPC), (EAN8, f"00000{EAN8}")],
)
def test_a_code_belongs_to_one_product_in_all_its_forms(api, make, add, stored, other):
    added = add(make.product(), stored)
    body = {"product_id": make.product().id, "code": other}
    assert api.post_json(URL, body, status=400).json == TAKEN
    free = add(make.product(), "4006381333931")
    assert api.patch_json(f"{URL}{free['id']}/", {"code": other}, status=400).json == TAKEN
    # It may take another form itself.
    changed = api.patch_json(f"{URL}{added['id']}/", {"code": other}).json
    assert changed == added | {"code": other}
    assert api.get(f"{URL}{added['id']}/").json == changed


def test_of_many_all_are_added_or_none(api, make, add):
    milk, tea = make.product().id, make.product()
    add(tea, MILK)
    codes = [UPC, MILK, f"0{UPC}", EAN8, "1"]
    refused = api.post_json(
        f"{URL}bulk/", [{"product_id": milk, "code": c} for c in codes], status=400
    )
    assert refused.json == {
        "items": {
            "1": TAKEN,
            "2": TAKEN,
            "4": {"code": ["A barcode has 8, 12 or 13 digits. This one has 1."]},
        }
    }
    refused = api.post_json(
        f"{URL}bulk/", [{"product_id": milk, "code": c} for c in codes[:4]], status=400
    )
    assert refused.json == {"items": {"1": TAKEN, "2": TAKEN}}
    body = {"product_id": milk, "items": [{"code": UPC}, {"code": EAN8}]}
    added = api.post_json(f"{URL}bulk/", body, status=201).json
    assert [one["code"] for one in added] == [UPC, EAN8]
    items = [{"id": added[0]["id"], "code": f"0{UPC}"}, {"id": added[1]["id"], "code": MILK}]
    refused = api.patch_json(f"{URL}bulk/", items, status=400)
    assert refused.json == {"items": {"1": TAKEN}}
    api.delete_json(f"{URL}bulk/", {"ids": [one["id"] for one in added]}, status=204)
    assert [one["code"] for one in api.get(URL).json] == [MILK]


def test_of_two_products_that_get_one_code_at_once_one_has_it(api, app, make, credentials):
    products = [make.product().id for _ in range(2)]

    def send(product, code):
        client = Client(app, credentials)
        return client.post_json(URL, {"product_id": product, "code": code}, expect_errors=True)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, products, (UPC, f"0{UPC}")))
    assert sorted(answer.status_int for answer in answers) == [201, 400]
    assert next(one.json for one in answers if one.status_int == 400) == TAKEN
    assert len(api.get(URL).json) == 1


@pytest.mark.parametrize("code", [UPC, f"0{UPC}", "０１２３４５６７８９０５"])
def test_lists_find_a_code_in_all_its_forms(api, make, add, code):
    add(make.product(), UPC)
    add(make.product(), MILK)
    assert [one["code"] for one in api.get(URL, {"code": code}).json] == [UPC]
    assert [one["code"] for one in api.get(URL, {"search": code}).json] == [UPC]


def test_lists_are_ordered_by_codes(api, make, add):
    for code in (MILK, UPC, EAN8):
        add(make.product(), code)
    url = f"{URL}?ordering=code"
    assert [one["code"] for one in api.get(url).json] == [EAN8, UPC, MILK]
    first = api.get(f"{url}&limit=1")
    following = first.headers["Link"].split(">")[0].removeprefix("<http://localhost")
    assert [one["code"] for one in api.get(following).json] == [UPC]
    response = api.get(f"{URL}?code=abc", status=400)
    assert response.json == {"code": ["Enter the digits of the barcode, as in 4901234567894."]}


def test_changes_are_in_the_history(api, make, add, history):
    added = add(make.product(name="Milk"), MILK)
    api.patch_json(f"{URL}{added['id']}/", {"code": UPC})
    api.delete(f"{URL}{added['id']}/", status=204)
    assert history() == [
        ("added", f"{MILK} (Milk)"),
        ("changed", f"{UPC} (Milk)"),
        ("deleted", f"{UPC} (Milk)"),
    ]


def test_statements_do_not_grow_with_barcodes(api, make, add, database):
    product = make.product()
    add(product, MILK)
    counts = []
    for code in ("4006381333931", "96385074"):
        with capture_statements(database) as statements:
            api.get("/api/products/")
            api.get(URL)
        counts.append(len(statements))
        add(product, code)
    assert counts[0] == counts[1]
