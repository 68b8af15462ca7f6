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
    """Buy things of many categories in several months, and give some back."""
    for number in range(9):
        product = make.product(
            name=f"Milk {number}", category_id=make.category(name=f"野菜・くだもの {number}").id
        )
        for month in (1, 3, 4):
            day, price = date(2025, month, 2 + number), 30_000 - 4_000 * number
            make.record(product_id=product.id, purchase_date=day, price=price)


def test_it_is_accessible_and_fits(new_page, household, look, check_look):
    page = new_page(**look.options)
    sign_in(page)
    for address in ADDRESSES:
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
