"""References: read as documents, written as ids."""

import pytest

pytestmark = pytest.mark.database("sqlite")

PRODUCTS = "/api/products/"


@pytest.fixture
def product(make):
    return f"{PRODUCTS}{make.product().id}/"


@pytest.mark.parametrize("written", [int, str, " {} ".format, "000{}".format, "{:025}".format])
def test_an_id_is_a_number_or_text_of_digits(api, make, product, written):
    origin = make.origin(name="Hokkaido")
    answer = api.patch_json(product, {"origin_id": written(origin.id)}, status=200)
    assert answer.json["origin"] == {"id": origin.id, "name": "Hokkaido"}


def test_full_width_digits_are_digits(api, make, product):
    origin = make.origin()
    wide = str(origin.id).translate({ord("0") + n: ord("０") + n for n in range(10)})
    answer = api.patch_json(product, {"origin_id": wide}, status=200)
    assert answer.json["origin"]["id"] == origin.id


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize("sent", [None, ""])
def test_null_and_an_empty_text_take_an_optional_reference_away(api, make, sent):
    product = make.product(origin_id=make.origin().id)
    answer = api.patch_json(f"{PRODUCTS}{product.id}/", {"origin_id": sent}, status=200)
    assert answer.json["origin"] is None


@pytest.mark.parametrize("sent", [None, ""])
def test_a_needed_reference_may_not_be_null(api, product, sent):
    answer = api.patch_json(product, {"category_id": sent}, status=400)
    assert answer.json == {"category_id": ["This field may not be null."]}


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ("abc", "str"),
        (" ", "str"),
        ("1.0", "str"),
        ("1e2", "str"),
        ("1\0", "str"),
        ("\ud800", "str"),
        ("x" * 1_000_000, "str"),
        (True, "bool"),
        (False, "bool"),
        (1.0, "float"),
        (1.5, "float"),
        (float("1e308"), "float"),
        ([], "list"),
        ([1], "list"),
        ({"id": 1}, "dict"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_other_types_are_no_ids(api, product, sent, kind):
    fields = ("category_id", "origin_id")  # which is needed, which is not
    answer = api.patch_json(product, dict.fromkeys(fields, sent), status=400)
    sentence = f"Incorrect type. Expected pk value, received {kind}."
    assert answer.json == dict.fromkeys(fields, [sentence])


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize(
    "id",
    [999999, 0, -1, 2**31, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 10**19 - 1, 10**29, 10**999],
    ids=lambda id: str(id)[:30],
)
def test_an_id_that_no_row_has(api, product, id):
    before = api.get(product).body
    for sent in (id, str(id)):
        answer = api.patch_json(product, {"category_id": sent}, status=400)
        assert answer.json == {"category_id": [f'Invalid pk "{id}" - object does not exist.']}
    assert api.get(product).body == before


def test_an_id_of_a_million_digits_is_not_repeated_whole(api, product):
    answer = api.patch_json(product, {"category_id": "9" * 1_000_000}, status=400)
    assert answer.json["category_id"][0].startswith('Invalid pk "999')
    assert len(answer.body) < 2000


@pytest.mark.parametrize("sent", [3, 3.0, -1, 0, "3", "３"])
def test_a_bare_number_in_the_place_of_a_document_is_refused(api, make, sent):
    record = f"/api/shopping-records/{make.record().id}/"
    before = api.get(record).body
    answer = api.patch_json(record, {"store": sent}, status=400)
    assert answer.json == {"store": ["Send the id as store_id."]}
    assert api.get(record).body == before


def test_the_bare_number_is_named_beside_other_faults_and_a_good_id(api, make):
    store, product = make.store().id, make.product().id
    sent = {"store": store, "store_id": store, "product": product, "price": "x"}
    answer = api.post_json("/api/shopping-records/", sent, status=400)
    assert answer.json == {
        "price": ["A valid integer is required."],
        "purchase_date": ["This field is required."],
        "quantity": ["This field is required."],
        "store": ["Send the id as store_id."],
        "product_id": ["This field is required."],
        "product": ["Send the id as product_id."],
    }


@pytest.mark.parametrize("sent", [None, {"id": 999999}, {}, [], [3], "Life", "", True])
def test_anything_else_in_the_place_of_a_document_is_ignored(api, make, sent):
    record = f"/api/shopping-records/{make.record().id}/"
    before = api.get(record)
    assert api.patch_json(record, {"store": sent}, status=200).body == before.body


def test_a_document_can_be_sent_back_as_it_was_read(api, make):
    record = f"/api/shopping-records/{make.record().id}/"
    before = api.get(record)
    sent = before.json | {"store_id": before.json["store"]["id"]}
    sent |= {"product_id": before.json["product"]["id"]}
    assert api.put_json(record, sent, status=200).body == before.body
