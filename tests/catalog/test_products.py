"""What a product refers to: what is needed, what may be left out, and what a change leaves alone."""

import pytest

PRODUCTS = "/api/products/"


@pytest.fixture
def needed(make):
    """Return a body with no more than what a product needs."""
    return {"name": "Beef", "category_id": make.category().id, "unit_id": make.unit().id}


@pytest.fixture
def whole(needed, make):
    """Return a body with everything."""
    return needed | {"manufacturer_id": make.manufacturer().id, "origin_id": make.origin().id}


@pytest.fixture
def item(api, whole):
    """Create a product with everything, and return its address."""
    return f"{PRODUCTS}{api.post_json(PRODUCTS, whole, status=201).json['id']}/"


@pytest.mark.database("sqlite")
def test_manufacturer_and_origin_may_be_left_out_or_null(api, needed):
    for more in ({}, {"manufacturer_id": None, "origin_id": None}, {"origin_id": ""}):
        answer = api.post_json(PRODUCTS, needed | more, status=201)
        assert answer.json["manufacturer"] is None
        assert answer.json["origin"] is None


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("field", ["category_id", "unit_id"])
def test_category_and_unit_may_not(api, needed, item, field):
    rest = {name: value for name, value in needed.items() if name != field}
    missing, null = ["This field is required."], ["This field may not be null."]
    assert api.post_json(PRODUCTS, rest, status=400).json == {field: missing}
    assert api.put_json(item, rest, status=400).json == {field: missing}
    for send, address in ((api.post_json, PRODUCTS), (api.put_json, item), (api.patch_json, item)):
        assert send(address, needed | {field: None}, status=400).json == {field: null}


@pytest.mark.database("sqlite")
def test_a_replacement_leaves_what_is_optional_and_not_sent_as_it_was(api, item, needed, make):
    before = api.get(item).json
    answer = api.put_json(item, needed | {"name": "Pork"}, status=200)
    assert answer.json == before | {"name": "Pork"}
    origin = make.origin()
    answer = api.put_json(item, needed | {"origin_id": origin.id}, status=200)
    assert answer.json["origin"]["id"] == origin.id
    assert answer.json["manufacturer"] == before["manufacturer"]


@pytest.mark.database("sqlite")
def test_a_replacement_with_null_takes_the_optional_away(api, item, needed):
    sent = needed | {"manufacturer_id": None, "origin_id": None}
    answer = api.put_json(item, sent, status=200)
    assert (answer.json["manufacturer"], answer.json["origin"]) == (None, None)


def test_a_change_of_a_name_shows_in_every_product(api, make, item, whole):
    api.patch_json(f"/api/origins/{whole['origin_id']}/", {"name": "Aomori"})
    assert api.get(item).json["origin"] == {"id": whole["origin_id"], "name": "Aomori"}


@pytest.mark.parametrize("field", ["category_id", "unit_id", "manufacturer_id", "origin_id"])
def test_a_reference_to_nothing_is_refused(api, item, whole, field):
    before = api.get(item).body
    sentence = 'Invalid pk "999999" - object does not exist.'
    for send, address in ((api.post_json, PRODUCTS), (api.put_json, item), (api.patch_json, item)):
        answer = send(address, whole | {field: 999999}, status=400)
        assert answer.json == {field: [sentence]}
    assert api.get(item).body == before
    assert len(api.get(PRODUCTS).json) == 1
