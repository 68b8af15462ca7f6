"""Lists of rows in a real browser: sums beside the page, choosing rows, and buttons in reach."""

import re

import pytest
from playwright.sync_api import expect

from .admin import sign_in


@pytest.fixture
def records(superuser, make):
    """Make 70 records of two products."""
    unit = make.unit(name="g").id
    stores = [make.store(name=name).id for name in ("Life", "Market")]
    products = [make.product(name=name, unit_id=unit).id for name in ("Beef", "Milk")]
    for number in range(70):
        make.record(
            product_id=products[number % 2], store_id=stores[0], price=1000 * (number % 2 + 1)
        )
    return stores


def test_lists_and_their_pages_are_accessible_and_fit(new_page, records, look, check_look):
    page = new_page(**look.options)
    sign_in(page)
    for path in (
        "shopping-records/",
        "shopping-records/?product_name__icontains=beef&ordering=product,-id",
        "shopping-records/sums/",
        "shopping-records/change/?id=1&id=2",
        "shopping-records/change/?all=1&query=",
        "shopping-records/delete/?all=1&query=price__gte%3D1",
    ):
        page.goto(f"/admin/{path}")
        expect(page.locator("main")).to_be_visible()
        if path.startswith("shopping-records/?"):
            expect(page.locator("#rows")).to_be_visible()
        check_look(page)


def test_sums_are_loaded_beside_the_list(page, records):
    sign_in(page)
    page.goto("/admin/shopping-records/")
    expect(page.locator("#sums")).to_contain_text("¥105,000")
    page.goto("/admin/shopping-records/?product_name__icontains=milk")
    expect(page.locator("#sums")).to_contain_text("¥70,000")
    expect(page.get_by_role("link", name="Sums and averages")).to_have_count(0)


def test_without_scripts_a_link_leads_to_the_sums(new_page, records):
    page = new_page(javascript=False)
    sign_in(page)
    page.goto("/admin/shopping-records/?price__gte=1500")
    page.get_by_role("link", name="Sums and averages").click()
    expect(page.locator("#sums")).to_contain_text("¥70,000")
    page.get_by_role("link", name="Back to the list").click()
    assert page.url.endswith("/admin/shopping-records/?price__gte=1500")


def test_all_rows_of_a_page_are_chosen_at_once(page, records):
    sign_in(page)
    page.goto("/admin/shopping-records/")
    boxes = page.locator("#rows tbody input[name=id]")
    of_page = page.get_by_label("All on this page")
    of_page.check()
    expect(page.locator("#chosen")).to_have_text("Chosen rows: 50")
    expect(boxes.last).to_be_checked()
    boxes.first.uncheck()
    expect(of_page).not_to_be_checked()
    assert of_page.evaluate("box => box.indeterminate")
    page.get_by_label("All 70 rows").check()
    expect(boxes.first).to_be_disabled()
    expect(page.locator("#chosen")).to_be_empty()
    page.get_by_role("button", name="Delete selected").click()
    expect(page.get_by_text("All 70 rows that match")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_all_rows_that_match_get_another_store(new_page, records, javascript):
    page = new_page(javascript=javascript)
    sign_in(page)
    page.goto("/admin/shopping-records/?product_name__icontains=beef")
    page.get_by_label("All 35 rows that match").check()
    page.get_by_role("button", name="Change selected").click()
    store = page.locator("#field-store_id")
    if javascript:
        store.fill("Market")
        page.get_by_role("option", name=re.compile("^Market")).click()
    else:
        store.select_option(label="Market (Kyoto)")
    page.get_by_role("button", name="Change 35").click()
    expect(page.locator(".message.success")).to_have_text("Changed rows: 35.")
    assert page.url.endswith("?product_name__icontains=beef")
    page.goto(f"/admin/shopping-records/?store_id={records[1]}")
    expect(page.locator(".total")).to_contain_text("Rows: 35")


def test_on_a_phone_the_buttons_are_in_reach(new_page, records):
    page = new_page(width=375, height=667)
    sign_in(page)
    page.goto("/admin/shopping-records/")
    page.locator("#rows tbody input[name=id]").first.check()
    expect(page.get_by_role("button", name="Change selected")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Delete selected")).to_be_in_viewport()
    expect(page.locator("#chosen")).to_be_in_viewport()


def test_the_focus_is_not_behind_the_buttons(new_page, records):
    page = new_page(width=375, height=667)
    sign_in(page)
    page.goto("/admin/shopping-records/")
    page.locator("#rows tbody tr").first.locator("a").first.focus()
    bar = page.locator(".bulk")
    for _ in range(12):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.evaluate("element => element.closest('.bulk') === null"):
            assert focused.bounding_box()["y"] < bar.bounding_box()["y"]
