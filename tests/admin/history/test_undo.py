"""Undoing actions on the history's pages."""

import pytest
from sqlalchemy import select

from shoptrack.catalog.models import Store
from shoptrack.history import HistoryEntry

pytestmark = pytest.mark.database("sqlite")
PATH = "/admin/history/"


@pytest.fixture
def names(database):
    """Return a function that reads the names of the stores."""

    def names():
        with database.read_engine.connect() as connection:
            return connection.scalars(select(Store.name).order_by(Store.id)).all()

    return names


@pytest.fixture
def entry(database):
    """Return a function that returns the id of the newest entry."""

    def entry():
        with database.read_engine.connect() as connection:
            return connection.scalar(select(HistoryEntry.id).order_by(HistoryEntry.id.desc()))

    return entry


def test_a_deletion_is_undone_after_a_question(api, make, admin, said, names, forget):
    store = make.store(name="Life")
    forget()
    api.delete(f"/api/stores/{store.id}/")
    page = admin.get(PATH).click("^Undo$")
    assert "Undo this action?" in page
    assert names() == []
    answer = page.forms[1].submit().follow()
    assert said(answer) == ["The action was undone."]
    assert names() == ["Life"]
    # The deletion has no button any more; the undo has one.
    assert len(answer.html.find_all("a", string="Undo")) == 1


def test_what_contradicts_is_shown_and_nothing_changes(api, make, admin, submit, names, entry):
    url = f"/api/stores/{make.store(name='Live').id}/"
    api.patch_json(url, {"name": "Life"})
    changed = entry()
    api.patch_json(url, {"name": "Liff"})
    page = submit(admin, f"{PATH}{changed}/undo/", status=400)
    assert "“Life (Kyoto)” has changed since. The name is another one now." in page
    assert names() == ["Liff"]


def test_a_merge_is_undone_as_a_whole(make, admin, said, submit, names, forget):
    keep, other = make.store(name="Life"), make.store(name="Lifo")
    make.record(store_id=other.id)
    fields = [("id", keep.id), ("id", other.id), ("keep", keep.id)]
    forget()
    submit(admin, "/admin/stores/merge/", fields, status=303)
    page = admin.get(PATH)
    (link,) = page.html.find_all("a", string="Undo")
    assert link["aria-label"] == "Undo: store Life (Kyoto)"
    assert "Merged rows: Lifo (Kyoto)" in page.html.select_one("main").text
    answer = page.click("^Undo$").forms[1].submit().follow()
    assert said(answer) == ["The action was undone."]
    assert names() == ["Life", "Lifo"]
    assert "undone" in answer.html.select_one("tbody").text


@pytest.mark.model_permissions
def test_only_users_who_may_make_the_opposite_change_get_a_button(
    api, make, staff_with, submit, names, entry
):
    api.delete(f"/api/stores/{make.store(name='Life').id}/")
    path = f"{PATH}{entry()}/undo/"
    reader = staff_with("history:view", "stores:view", "stores:delete")
    assert not reader.get(PATH).html.find_all("a", string="Undo")
    assert "You cannot undo this action." in reader.get(path)
    refused = submit(reader, path, status=400)
    assert "you need the permissions stores:add." in refused
    assert names() == []
    assert staff_with("history:view", "stores:add").get(path).forms[1].submit().status_int == 303
    assert names() == ["Life"]


@pytest.mark.parametrize("id", ["x", "0", "999999", "9" * 11, "9" * 30])
def test_an_unknown_entry_is_not_found(admin, id):
    admin.get(f"{PATH}{id}/undo/", status=404)


def test_the_page_takes_the_permission_to_view_the_history(browser_of, staff, api, make, entry):
    api.delete(f"/api/stores/{make.store(name='Life').id}/")
    browser_of(staff).get(f"{PATH}{entry()}/undo/", status=403)
