"""Names that no two rows may have, and those that may repeat."""

import pytest


@pytest.fixture(
    params=[
        ("categories", "category"),
        ("units", "unit"),
        ("manufacturers", "manufacturer"),
        ("origins", "origin"),
    ],
    ids=lambda param: param[0],
)
def taken(request, api):
    """Give a resource a row named g; the value is its address and the sentence about the name."""
    path, noun = request.param
    api.post_json(f"/api/{path}/", {"name": "g"}, status=201)
    return f"/api/{path}/", {"name": [f"{noun} with this name already exists."]}


def test_a_taken_name_is_refused_after_trimming(api, taken):
    url, refusal = taken
    other = api.post_json(url, {"name": "kg"}, status=201)
    item = f"{url}{other.json['id']}/"
    for name in ("g", " g", "g\n", "\u3000g\u3000"):
        assert api.post_json(url, {"name": name}, status=400).json == refusal
        assert api.put_json(item, {"name": name}, status=400).json == refusal
        assert api.patch_json(item, {"name": name}, status=400).json == refusal
    assert api.get(item).body == other.body


@pytest.mark.database("sqlite")
def test_a_number_is_compared_as_text(api, taken):
    url, refusal = taken
    api.post_json(url, {"name": "12"}, status=201)
    assert api.post_json(url, {"name": 12}, status=400).json == refusal


def test_names_that_differ_at_all_are_different(api, taken):
    url, _ = taken
    for name in ("G", "ｇ", "g.", "g g"):
        api.post_json(url, {"name": name}, status=201)


def test_two_spellings_of_an_accent_are_different(api, taken):
    url, _ = taken
    api.post_json(url, {"name": "\xe9"}, status=201)
    api.post_json(url, {"name": "e\u0301"}, status=201)


def test_a_row_keeps_its_own_name(api, taken):
    url, _ = taken
    item = f"{url}{api.get(url).json[0]['id']}/"
    api.put_json(item, {"name": "g"}, status=200)
    api.patch_json(item, {"name": " g "}, status=200)


def test_a_name_is_free_again_after_a_change_or_a_deletion(api, taken):
    url, _ = taken
    first = api.get(url).json[0]["id"]
    api.patch_json(f"{url}{first}/", {"name": "kg"}, status=200)
    second = api.post_json(url, {"name": "g"}, status=201).json["id"]
    api.delete(f"{url}{second}/", status=204)
    api.post_json(url, {"name": "g"}, status=201)


def test_one_name_in_two_resources_is_no_matter(api):
    for path in ("categories", "units", "manufacturers", "origins"):
        api.post_json(f"/api/{path}/", {"name": "g"}, status=201)


def test_stores_and_products_may_repeat(api, make):
    product = {"name": "Beef", "category_id": make.category().id, "unit_id": make.unit().id}
    for path, body in (("stores", {"name": "Life", "location": "Kyoto"}), ("products", product)):
        answers = [api.post_json(f"/api/{path}/", body, status=201).json for _ in range(2)]
        assert answers[0]["id"] != answers[1]["id"]
