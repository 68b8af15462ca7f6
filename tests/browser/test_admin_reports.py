"""The reports in a real browser: with and without scripts, in both languages, small and large, in light and dark."""

from datetime import date

import pytest
from playwright.sync_api import expect

from .admin import sign_in

ADDRESSES = (
    "/admin/reports/",
    "/admin/reports/?group_by=week&product=milk+3",
    "/admin/reports/?group_by=store&group_by=category&product=milk",
)


@pytest.fixture
def household(superuser, make):
    """Buy things of many categories in several months, and give some back. A product and a store are returned."""
    for number in range(9):
        product = make.product(
            name=f"Milk {number}", category_id=make.category(name=f"野菜・くだもの {number}").id
        )
        for month in (1, 3, 4):
            day, price = date(2025, month, 2 + number), 30_000 - 4_000 * number
            record = make.record(product_id=product.id, purchase_date=day, price=price)
    store = make.store(name="ライフ二条駅前店", location="Kyoto").id
    for day in (2, 9, 16):
        values = {"product_id": product.id, "purchase_date": date(2025, 4, day)}
        make.record(store_id=store, price=198_000 + day, quantity=1, **values)
    return record.product_id, store


def test_it_is_accessible_and_fits(new_page, household, look, check_look):
    page = new_page(**look.options)
    sign_in(page)
    product, store = household
    for address in (*ADDRESSES, f"/admin/products/{product}/", f"/admin/stores/{store}/"):
        page.goto(address)
        for summary in page.locator("main summary").all():
            summary.click()
        check_look(page)


def test_the_form_asks_for_another_report(page, household):
    sign_in(page)
    page.get_by_role("link", name="Reports").click()
    page.get_by_label("By", exact=True).select_option("Week")
    page.get_by_label("And by").select_option("nothing else")
    page.get_by_label("From").fill("2025-03-01")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#main")).to_have_text("Spending by week")
    columns = page.locator(".plot rect title")
    expect(columns.first).to_have_text("2025-W09: ¥30,000")
    page.get_by_text("Table").click()
    page.get_by_role("link", name="2025-W09").click()
    expect(page.locator(".total").first).to_contain_text("Rows: 1")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_price_leads_to_the_page_of_its_store_and_back(new_page, household, javascript):
    page = new_page(javascript=javascript)
    sign_in(page)
    product, _store = household
    page.goto(f"/admin/products/{product}/")
    expect(page.locator("#price-history")).to_be_visible()
    expect(page.locator(".plot rect title").last).to_have_text("2025-04: ¥198,009")
    page.locator("[aria-labelledby=price-history]").get_by_role("link", name="ライフ").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ライフ二条駅前店 (Kyoto)")
    page.locator("[aria-labelledby=store-spending]").get_by_role("link", name="Milk 8").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Milk 8")
