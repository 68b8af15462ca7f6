"""The six verbs, which every resource has."""

import pytest

from shoptrack.testing import capture_statements


def sent(document, names):
    """Return a document's values as a body has them: an id in the place of each nested document."""
    return {name: _sent(document, name) for name in names}


def _sent(document, name):
    if not name.endswith("_id"):
        return document[name]
    nested = document[name.removesuffix("_id")]
    return nested and nested["id"]


def test_create_answers_201_and_the_document(api, url, body):
    answer = api.post_json(url, body, status=201)
    assert answer.content_type == "application/json"
    assert sent(answer.json, body) == body
    assert api.get(f"{url}{answer.json['id']}/").body == answer.body


@pytest.mark.database("sqlite")
def test_a_list_without_rows_is_an_empty_array(api, url):
    answer = api.get(url, status=200)
    assert answer.content_type == "application/json"
    assert answer.body == b"[]"


def test_a_list_is_a_bare_array_of_what_single_reads_answer(api, url, body, row):
    api.post_json(url, body)
    documents = api.get(url, status=200).json
    assert len(documents) == 2
    assert {d["id"]: d for d in documents}[row.id] == api.get(f"{url}{row.id}/").json


@pytest.mark.database("sqlite")
def test_a_read_answers_200(api, item, row):
    answer = api.get(item, status=200)
    assert answer.content_type == "application/json"
    assert answer.json["id"] == row.id


def test_replace_answers_200_and_the_new_document(api, item, row, body):
    answer = api.put_json(item, body, status=200)
    assert answer.json["id"] == row.id
    assert sent(answer.json, body) == body
    assert api.get(item).body == answer.body


def test_change_answers_200_and_leaves_what_is_not_sent(api, item, body):
    expected = sent(api.get(item).json, body)
    for name, value in body.items():
        answer = api.patch_json(item, {name: value}, status=200)
        expected[name] = value
        assert sent(answer.json, body) == expected
    assert api.get(item).body == answer.body


def test_delete_answers_204_without_body_and_content_type(api, item):
    answer = api.delete(item, status=204)
    assert answer.body == b""
    assert "Content-Type" not in answer.headers
    api.get(item, status=404)


def test_an_id_is_not_given_twice(api, url, item, row, body):
    api.delete(item)
    assert api.post_json(url, body).json["id"] != row.id


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("address", ["url", "item"])
def test_head_answers_as_get_without_the_body(request, api, address, item):
    address = request.getfixturevalue(address)
    head, get = api.head(address, status=200), api.get(address)
    assert head.body == b""
    assert head.headers["Content-Length"] == str(len(get.body))
    assert head.content_type == "application/json"


@pytest.mark.database("sqlite")
def test_an_empty_change_changes_nothing_and_runs_no_update(api, database, item):
    before = api.get(item).body
    with capture_statements(database) as statements:
        assert api.patch(item, status=200).body == before
        assert api.patch_json(item, {}, status=200).body == before
    assert not [s for s in statements if s.startswith("UPDATE")]
    assert api.get(item).body == before


@pytest.mark.database("sqlite")
def test_replacing_with_the_same_values_runs_no_update(api, database, item, body):
    same = sent(api.get(item).json, body)
    with capture_statements(database) as statements:
        api.put_json(item, same, status=200)
    assert not [s for s in statements if s.startswith("UPDATE")]


@pytest.mark.database("sqlite")
def test_a_replacement_needs_every_required_field(api, item, body):
    before = api.get(item).body
    errors = api.put_json(item, {}, status=400).json
    optional = {"manufacturer_id", "origin_id"}
    assert errors == dict.fromkeys(set(body) - optional, ["This field is required."])
    assert api.get(item).body == before


@pytest.mark.database("sqlite")
def test_ids_and_unknown_names_in_a_body_are_ignored(api, url, body):
    more = {"id": 4711, "pk": 4712, "created_at": "now", "": None, "__class__": [1], "Name": "x"}
    answer = api.post_json(url, body | more, status=201)
    assert answer.json["id"] not in (4711, 4712)
    item = f"{url}{answer.json['id']}/"
    assert api.put_json(item, body | more, status=200).body == answer.body
    assert api.patch_json(item, more, status=200).body == answer.body
