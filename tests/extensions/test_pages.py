"""Fields of extensions in the administration, in spreadsheets and in the history."""

import csv
from io import StringIO

import pytest


@pytest.fixture
def path(record):
    """Add a record with a note, and return the path of its page."""
    return f"/admin/shopping-records/{record(note='too dear', price=300)['id']}/"


def find_form(page):
    return next(form for form in page.forms.values() if "tax_rate" in form.fields)


def test_forms_enter_them(admin, api, path):
    form = find_form(admin.get(path))
    assert form["note"].value == "too dear"
    assert form["tax_rate"].value == "8"
    form["note"], form["tax_rate"], form["rating"] = "cheap", "10", "4"
    form["is_gift"].checked = True
    form.submit("save", status=303)
    document = api.get(path.replace("/admin/", "/api/")).json
    assert {name: document[name] for name in ("note", "tax_rate", "rating", "is_gift")} == {
        **{"note": "cheap", "tax_rate": 10, "rating": 4, "is_gift": True},
    }


def test_a_rule_of_a_plugin_is_shown_at_its_field(admin, path):
    form = find_form(admin.get(path))
    form["tax_rate"] = "13"
    page = form.submit("save", status=400)
    assert "13 is unlucky." in page.text
    assert find_form(page)["tax_rate"].value == "13"


def test_the_form_of_a_new_row_has_the_defaults(admin):
    form = find_form(admin.get("/admin/shopping-records/add/"))
    assert form["tax_rate"].value == "8"
    assert form["note"].value == ""
    assert not form["is_gift"].checked


def test_lists_and_spreadsheets_have_them(admin, path):
    row = admin.get("/admin/shopping-records/?note__icontains=dear").html.find("tbody").find("tr")
    assert "300" in row.text
    text = admin.get("/admin/shopping-records/export.csv").body.decode("utf-8-sig")
    (line,) = csv.DictReader(StringIO(text))
    assert line["note"] == "too dear"
    assert line["tax rate"] == "8"
    assert line["is gift"] == "false"


def test_the_history_shows_them(admin, api, path):
    api.patch_json(path.replace("/admin/", "/api/"), {"tax_rate": 10})
    text = admin.get(f"{path}history/").text
    assert "tax rate" in text.lower()
    assert "10" in text
