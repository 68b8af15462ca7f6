"""Forms that are sent more than once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from webtest import TestApp

PATH = "/admin/categories/"
HEADERS = {"Origin": "https://localhost"}


@pytest.fixture
def names(admin):
    """Return a function that reads the names of all categories."""

    def names() -> list[str]:
        return [cell.text.strip() for cell in admin.get(PATH).html.select("tbody th")]

    return names


@pytest.fixture
def form(admin):
    """Fill in the form of a new category."""
    form = admin.get(f"{PATH}add/").forms[1]
    form["name"] = "Meat"
    return form


def test_it_has_its_effect_once(form, names, said):
    first, second = form.submit("save", status=303), form.submit("save", status=303)
    assert second.location == first.location
    assert said(second.follow()) == ["The category “Meat” was added."]
    assert names() == ["Meat"]


def test_three_impatient_clicks_add_one_row(admin, form, names):
    fields, barrier = form.submit_fields("save"), Barrier(3)

    def click(_number: int) -> int:
        browser = TestApp(admin.app, admin.extra_environ, cookiejar=admin.cookiejar)
        barrier.wait()
        return browser.post(f"{PATH}add/", fields, HEADERS).status_int

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(click, range(3))) == [303] * 3
    assert names() == ["Meat"]


def test_a_change_is_no_conflict_with_itself(admin, make, said):
    category = make.category(name="Meat")
    form = admin.get(f"{PATH}{category.id}/").forms[1]
    form["name"] = "Fish"
    form.submit("save", status=303)
    assert said(form.submit("save", status=303).follow()) == ["The category “Fish” was saved."]


def test_other_values_have_to_be_confirmed(form, names):
    form.submit("save", status=303)
    form["name"] = "Fish"
    page = form.submit("save", status=409)
    assert "You have sent this form already, with other values." in page
    assert names() == ["Meat"]
    page.forms[1].submit(status=303)
    assert sorted(names()) == ["Fish", "Meat"]


def test_a_form_that_was_refused_can_be_corrected(admin, names):
    form = admin.get(f"{PATH}add/").forms[1]
    page = form.submit("save", status=400)
    page.forms[1]["name"] = "Meat"
    page.forms[1].submit("save", status=303)
    form["name"] = "Fish"
    form.submit("save", status=303)
    assert sorted(names()) == ["Fish", "Meat"]


def test_two_opened_forms_are_two(admin, form, names):
    form.submit("save", status=303)
    other = admin.get(f"{PATH}add/").forms[1]
    other["name"] = "Meat"
    assert "already" in other.submit("save", status=400)
    other["name"] = "Fish"
    other.submit("save", status=303)
    assert sorted(names()) == ["Fish", "Meat"]


def test_a_key_that_no_form_has_means_nothing(form, names):
    form["form_key"] = "キー"
    form.submit("save", status=303)
    assert names() == ["Meat"]


def test_two_forms_of_a_page_have_keys_of_their_own(admin, staff, browser_of):
    browser_of(staff)  # a session, which a form of the page ends
    page = admin.get(f"/admin/users/{staff.id}/")
    keys = [form["form_key"].value for form in page.forms.values() if "form_key" in form.fields]
    assert len(set(keys)) == len(keys) == 2
