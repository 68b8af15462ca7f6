"""How long names may be, counted in Unicode code points."""

import pytest

LIMITS = [
    ("categories", "name", 50),
    ("units", "name", 10),
    ("manufacturers", "name", 100),
    ("origins", "name", 100),
    ("stores", "name", 100),
    ("stores", "location", 100),
    ("products", "name", 100),
]
TEXTS = [
    "x",
    "牛",
    "🍕",  # one code point, two units of UTF-16, four bytes of UTF-8
    "e\u0301",  # one character to the eye, two code points
    "👨\u200d👩\u200d👧",  # five
]


def repeated(text, length):
    return (text * length)[:length]


@pytest.fixture
def body(make):
    """Return a function that gives a body of a resource."""

    def body(path):
        if path == "products":
            return {"name": "Beef", "category_id": make.category().id, "unit_id": make.unit().id}
        return {"name": "Life"} | ({"location": "Kyoto"} if path == "stores" else {})

    return body


@pytest.mark.parametrize(("path", "field", "most"), LIMITS)
def test_the_longest_is_taken_and_one_more_is_not(api, body, path, field, most):
    others, sentence = body(path), f"Ensure this field has no more than {most} characters."
    for text in TEXTS:
        longest = repeated(text, most)
        created = api.post_json(f"/api/{path}/", others | {field: longest}, status=201)
        item = f"/api/{path}/{created.json['id']}/"
        assert created.json[field] == longest
        assert api.get(item).json[field] == longest

        longer = others | {field: repeated(text, most + 1)}
        for send in (api.post_json, api.put_json, api.patch_json):
            address = f"/api/{path}/" if send == api.post_json else item
            assert send(address, longer, status=400).json == {field: [sentence]}
        assert api.get(item).body == created.body


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(("path", "field", "most"), LIMITS)
def test_white_space_around_does_not_count(api, body, path, field, most):
    padded = " \u3000" * 100 + "x" * most + "\n" * 100
    created = api.post_json(f"/api/{path}/", body(path) | {field: padded}, status=201)
    assert created.json[field] == "x" * most


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(("path", "field", "most"), LIMITS)
def test_two_megabytes_are_too_long(api, body, path, field, most):
    sentence = f"Ensure this field has no more than {most} characters."
    sent = body(path) | {field: "x" * 2_000_000}
    assert api.post_json(f"/api/{path}/", sent, status=400).json == {field: [sentence]}
