"""Numbers typed into the administration's pages in a real browser, and amounts of another currency on them."""

from datetime import date

import pytest
from playwright.sync_api import expect

from .admin import overflows, sign_in

RECORDS = "/admin/shopping-records/"


@pytest.mark.parametrize(
    ("locale", "typed"),
    [("ja-JP", "１，２８０"), ("ja-JP", "￥１，２８０"), ("en-GB", "¥1,280"), ("en-GB", "1280")],
)
def test_a_price_is_typed_as_it_is_read(new_page, superuser, make, locale, typed):
    make.store(), make.product(name="Milk")
    page = new_page(locale=locale)
    sign_in(page)
    page.goto(f"{RECORDS}add/")
    price, quantity = page.locator("#field-price"), page.locator("#field-quantity")
    price.press_sequentially(typed)
    quantity.press_sequentially("１，２３４．５")
    expect(price).to_have_value(typed)
    page.locator("#field-purchase_date").fill("2025-04-01")
    for name in ("store_id", "product_id"):
        page.locator(f"#field-{name}").press("ArrowDown")
        page.get_by_role("option").first.click()
    page.locator("button[name=save]").last.click()
    expect(page.locator(".message.success")).to_be_visible()
    cells = page.locator("tbody tr").locator("td.number, td")
    expect(cells.last).to_have_text("¥1,280")
    expect(cells.nth(-2)).to_contain_text("1,234.5")


def test_a_range_of_prices_is_typed_into_the_filter(page, superuser, make):
    product = make.product()
    for price in (999, 1280, 1300):
        make.record(price=price, product_id=product.id)
    sign_in(page)
    page.goto(RECORDS)
    page.locator("details summary").first.click()
    page.get_by_label("Price from").press_sequentially("１，２８０")
    page.get_by_label("Price to").press_sequentially("¥1,299")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page).to_have_url(page.url.split("?")[0] + "?price__gte=1280&price__lte=1299")
    expect(page.get_by_label("Price from")).to_have_value("1280")


def test_a_misplaced_separator_is_named_and_what_was_typed_stays(page, superuser, make, watch):
    record = make.record(price=1280)
    sign_in(page)
    page.goto(f"{RECORDS}{record.id}/")
    page.locator("#field-price").fill("12,80")
    watch.expect_error("status of 400")
    page.locator("button[name=save]").last.click()
    expect(page.locator("#error-price")).to_contain_text("It separates thousands")
    expect(page.locator("#field-price")).to_have_value("12,80")


class TestOfEuros:
    @pytest.fixture
    def settings(self):
        return {"shoptrack.currency": "EUR"}

    @pytest.mark.parametrize("width", [360, 1280])
    def test_amounts_and_axes_fit(self, new_page, superuser, make, width):
        product = make.product(name="Milk")
        for month in (3, 4):
            make.record(price=123_456_78, product_id=product.id, purchase_date=date(2025, month, 1))
        page = new_page(width=width)
        sign_in(page)
        expect(page.locator("[aria-labelledby=newest] td.number").last).to_have_text("€123,456.78")
        assert not overflows(page)
        page.goto("/admin/reports/")
        assert not overflows(page)
        card = page.locator("svg[role=img]").first.locator("xpath=ancestor::section").first
        for text in page.locator("svg[role=img]").first.locator("text[text-anchor=end]").all():
            expect(text).to_contain_text("€")
            assert text.bounding_box()["x"] >= card.bounding_box()["x"], "the axis is cut off"
