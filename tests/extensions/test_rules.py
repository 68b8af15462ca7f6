"""Validators, hooks before a change, and filters of plugins."""

URL = "/api/shopping-records/"
UNLUCKY = {"tax_rate": ["13 is unlucky."]}


def test_a_validator_refuses_by_field(api, record, make, calls):
    document = record()
    path = f"{URL}{document['id']}/"
    assert api.patch_json(path, {"tax_rate": 13}, status=400).json == UNLUCKY
    closed = make.store(name="Closed").id
    response = api.patch_json(path, {"tax_rate": 13, "store_id": closed}, status=400)
    assert response.json == UNLUCKY | {"store_id": ["This store is closed."]}
    body = {
        **{"price": 1, "purchase_date": "2025-04-01", "quantity": "1", "tax_rate": 13},
        **{"store_id": make.store().id, "product_id": make.product().id},
    }
    assert api.post_json(URL, body, status=400).json == UNLUCKY
    assert api.get(f"{path}").json == document
    assert set(calls) == {1}


def test_a_change_that_changes_nothing_asks_nobody(api, record, calls):
    document = record()
    calls.clear()
    api.patch_json(f"{URL}{document['id']}/", {"price": document["price"]})
    assert calls == []


def test_a_hook_refuses_a_deletion_by_an_error_of_its_own(api, record):
    document = record(note="kept")
    response = api.delete(f"{URL}{document['id']}/", status=409)
    assert response.json == {
        "detail": "The record has a note. Delete the note first.",
        "code": "note_is_kept",
    }
    api.patch_json(f"{URL}{document['id']}/", {"note": "no more"})
    api.delete(f"{URL}{document['id']}/", status=204)
