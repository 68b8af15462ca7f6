"""The documents of records: their keys in order, nested twice deep."""

import json

RECORDS = "/api/shopping-records/"


def written(document):
    """Return a document as it is answered, byte for byte."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def test_a_record_is_answered_as_the_contract_shows(api, make):
    meat, gram, hokkaido = (
        make.category(name="Meat"),
        make.unit(name="g"),
        make.origin(name="Hokkaido"),
    )
    beef = make.product(name="Beef", category_id=meat.id, unit_id=gram.id, origin_id=hokkaido.id)
    life = make.store(name="Life", location="Kyoto")
    created = api.post_json(
        RECORDS,
        {
            "product_id": beef.id,
            "quantity": 500,
            "store_id": life.id,
            "purchase_date": "2025-01-01",
            "price": 1000,
        },
        status=201,
    )
    document = written(
        {
            "id": created.json["id"],
            "price": 1000,
            "purchase_date": "2025-01-01",
            "store": {"id": life.id, "name": "Life", "location": "Kyoto"},
            "quantity": "500.000",
            "product": {
                "id": beef.id,
                "name": "Beef",
                "category": {"id": meat.id, "name": "Meat"},
                "unit": {"id": gram.id, "name": "g"},
                "manufacturer": None,
                "origin": {"id": hokkaido.id, "name": "Hokkaido"},
            },
        }
    )
    assert created.body == document
    assert api.get(f"{RECORDS}{created.json['id']}/").body == document
    assert api.get(RECORDS).body == b"[" + document + b"]"
    assert api.patch_json(f"{RECORDS}{created.json['id']}/", {}).body == document


def test_two_records_of_one_product_nest_the_same(api, make):
    product, store = make.product(), make.store()
    for _ in range(2):
        make.record(product_id=product.id, store_id=store.id)
    first, second = api.get(RECORDS).json
    assert first["product"] == second["product"]
    assert first["store"] == second["store"]
