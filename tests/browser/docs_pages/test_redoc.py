"""Redoc in a browser without a network."""

import pytest
from playwright.sync_api import expect

from .description import shorten

PATH = "/api/redoc/"


def test_it_shows_every_resource(page):
    page.goto(PATH)
    expect(page.get_by_role("heading", name="shop-track API")).to_be_visible()
    menu = page.get_by_role("navigation").or_(page.locator(".menu-content"))
    for tag in ("categories", "shopping-records", "auth"):
        expect(menu.get_by_role("menuitem", name=tag, exact=True).first).to_be_visible()


def test_it_searches_in_a_worker(page):
    page.goto(PATH)
    page.get_by_placeholder("Search").fill("merge")
    expect(page.locator(".search-results, [data-role='search:results']")).to_be_visible()


def test_the_address_chooses_no_other_description(page, watch):
    shorten(page)
    page.goto(f"{PATH}?url=https://evil.example/openapi.json&spec-url=https://evil.example/")
    expect(page.get_by_role("heading", name="shop-track API")).to_be_visible()
    assert any(request.endswith("/api/schema/?format=json") for request in watch.requests)


@pytest.mark.parametrize("width", [360, 1280])
def test_our_part_is_accessible(new_page, check_accessibility, width):
    page = new_page(width=width)
    shorten(page)
    page.goto(PATH)
    expect(page.get_by_role("heading", name="shop-track API")).to_be_visible()
    check_accessibility(page, leave_out=["main"])


def test_without_scripts_the_description_is_one_step_away(new_page, check_accessibility):
    page = new_page(javascript=False)
    page.goto(PATH)
    check_accessibility(page)
    with page.expect_response("**/api/schema/"):
        page.get_by_role("main").get_by_role("link", name="the description itself").click()
