"""What every page has around its content, and the headers of every answer."""

import re

import pytest

from shoptrack_admin.layout import HEADERS

pytestmark = pytest.mark.database("sqlite")


def test_a_page_has_landmarks_and_a_way_past_the_menu(admin):
    page = admin.get("/admin/")
    for landmark in ("<header ", '<nav class="menu"', '<main id="content"', "<footer "):
        assert page.text.count(landmark) == 1
    assert page.html.body.find("a")["href"] == "#content"


def test_the_page_says_who_is_signed_in_and_which_clock_it_shows(admin):
    page = admin.get("/admin/")
    assert page.html.header.find(class_="who").text == "root"
    assert "Times are in Asia/Tokyo." in page


def test_the_menu_marks_the_page_that_is_open(admin):
    current = admin.get("/admin/").html.find(class_="menu").find(attrs={"aria-current": "page"})
    assert current.text == "Overview"


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(admin):
    page = admin.get("/admin/")
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src)|https?://", page.text)
    assert "'unsafe" not in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/nothing/"])
def test_no_answer_is_kept_by_a_browser_or_on_the_way(admin, path):
    answer = admin.get(path, status="*")
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert {"Accept-Language", "Cookie"} <= set(answer.vary)


def test_what_the_api_answers_is_left_alone(api):
    answer = api.get("/api/categories/")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Content-Language" not in answer.headers


def test_the_address_without_its_slash_leads_to_the_one_with_it(visitor):
    assert visitor.get("/admin", status=301).location == "https://localhost/admin/"
