"""The kind of field of the plugin."""

import pytest

URL = "/api/wishes/"


@pytest.fixture
def tagged(api, make):
    """Return a wish with two tags."""
    body = {"product_id": make.product().id, "reason": "for guests", "tags": ["home", "red"]}
    return api.post_json(URL, body, status=201).json


def test_documents_have_lists_of_words(api, tagged, wish):
    assert tagged["tags"] == ["home", "red"]
    assert api.get(f"{URL}{wish.id}/").json["tags"] == []


def test_lists_find_whole_words(api, tagged):
    assert [one["id"] for one in api.get(f"{URL}?tags=red").json] == [tagged["id"]]
    assert api.get(f"{URL}?tags=re").json == []


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (["two words"], "Not a word: two words."),
        ([1], "Not a word: 1."),
        ({}, "Send up to 10 words."),
        (["a"] * 11, "Send up to 10 words."),
    ],
)
def test_anything_else_is_refused(api, tagged, sent, message):
    response = api.patch_json(f"{URL}{tagged['id']}/", {"tags": sent}, status=400)
    assert response.json == {"tags": [message]}


@pytest.mark.database("sqlite")
def test_forms_have_commas(admin, tagged, api):
    path = f"/admin/wishes/{tagged['id']}/"
    form = next(form for form in admin.get(path).forms.values() if "tags" in form.fields)
    assert form["tags"].value == "home, red"
    form["tags"] = "red, blue"
    form.submit("save", status=303)
    assert api.get(f"{URL}{tagged['id']}/").json["tags"] == ["red", "blue"]
    assert "red, blue" in admin.get("/admin/wishes/export.csv").text
