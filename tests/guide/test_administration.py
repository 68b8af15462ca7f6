"""What the plugin adds to the administration."""

import pytest

pytestmark = pytest.mark.database("sqlite")


def test_the_list_shows_what_was_set(admin, wish):
    page = admin.get("/admin/wishes/")
    assert "For guests" in page
    assert "postpone" in page


def test_an_action_changes_selected_rows(admin, wish, api):
    form = admin.get("/admin/wishes/").forms["rows"]
    form.fields["id"][0].checked = True
    form.action = "/admin/wishes/actions/postpone/"
    page = form.submit().forms[1].submit(status=303).follow()
    assert "Wishes postponed: 1." in page
    assert [one["wanted_by"] for one in api.get("/api/wishes/").json] == ["2026-12-07"]


def test_the_panel_shows_the_newest(admin, wish):
    assert "for guests" in admin.get("/admin/").html.find(id="wishes").parent.text


def test_without_wishes_there_is_no_panel(admin):
    assert admin.get("/admin/").html.find(id="wishes") is None


def test_a_form_shows_its_errors_and_then_changes_rows(admin, wish, submit, api):
    page = submit(admin, "/admin/postpone/", {"to": "soon"}, status=400)
    assert "Enter a date such as" in page
    submit(admin, "/admin/postpone/", {"to": "2026-12-24"}, status=303)
    assert "The wishes were postponed." in admin.get("/admin/postpone/")
    assert [one["wanted_by"] for one in api.get("/api/wishes/").json] == ["2026-12-24"]


def test_the_page_takes_a_permission(staff_with):
    staff_with("wishes:view").get("/admin/postpone/", status=403)
