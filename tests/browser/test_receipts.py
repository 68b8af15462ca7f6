"""Entering receipts in a real browser: how many keys, taps and page loads it takes, and what survives."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from shoptrack.records.models import ShoppingRecord
from shoptrack.testing import Client
from shoptrack_auth.testing import PASSWORD

from .admin import overflows, sign_in
from .receipts import RECEIPT, TOTAL, Fingers, choose_product, make_household

PATH = "/admin/receipts/new/"
MAX_KEYS, MAX_TAPS = 130, 60


@pytest.fixture(autouse=True)
def _stopped(stop_clock):
    stop_clock("2026-12-01T03:00:00Z")


@pytest.fixture
def household(make, superuser, app, auth_headers):
    """Make a household whose user has entered a record in a store before."""
    household = make_household(make)
    body = {"price": 1, "quantity": "1", "purchase_date": "2026-10-01"}
    body |= {"store_id": household.store, "product_id": household.products["Salt"]}
    Client(app, auth_headers(superuser)).post_json("/api/shopping-records/", body, status=201)
    return household


@pytest.fixture
def stored(database, household):
    """Return a function that returns the number and the total of the household's new records."""

    def stored() -> tuple[int, int]:
        new = ShoppingRecord.purchase_date == date(2026, 12, 1)
        columns = func.count(), func.coalesce(func.sum(ShoppingRecord.price), 0)
        with database.read_engine.connect() as connection:
            return tuple(connection.execute(select(*columns).where(new)).one())

    return stored


def count_loads(page: Page) -> list[str]:
    """Return a list to which each page that is loaded from now on is added."""
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    return loads


def enter(page: Page, fingers: Fingers, *, by_tapping: bool) -> None:
    """Enter the receipt, with the cursor in the first line."""
    for number, (name, search, quantity, price) in enumerate(RECEIPT):
        line = page.locator(".line").nth(number)
        if by_tapping:
            fingers.type(search)
            fingers.tap(page.get_by_role("option").filter(has_text=name).first)
        else:
            choose_product(page, fingers, name, search)
        expect(line.get_by_label("Price")).to_be_focused()
        expect(line.get_by_label("Quantity")).to_have_value("500")
        if quantity:
            if by_tapping:
                fingers.tap(line.get_by_label("Quantity"))
            else:
                fingers.press("Shift+Tab")
            fingers.type(quantity)
            fingers.press("Enter")
        fingers.type(price)
        fingers.press("Enter")


def test_nine_products_take_few_keys_and_one_page_load(page, household, stored):
    sign_in(page)
    page.goto(PATH)
    loads, fingers = count_loads(page), Fingers(page)
    enter(page, fingers, by_tapping=False)
    fingers.press("Enter")  # the line is empty
    fingers.type(TOTAL)
    expect(page.locator(".difference")).to_have_text("The same as on paper")
    fingers.press("Enter")
    expect(page.locator(".message.success")).to_have_text(
        "The receipt was saved. Lines: 9. Total: ¥2,788."
    )
    assert stored() == (9, 2788)
    assert len(loads) == 1, loads
    print(f"keys: {fingers.keys}, page loads: {len(loads)}")
    assert fingers.keys <= MAX_KEYS


def test_nine_products_take_few_taps_on_a_phone(new_page, household, stored):
    page = new_page(width=375, height=667, has_touch=True)
    sign_in(page)
    page.goto(PATH)
    loads, fingers = count_loads(page), Fingers(page)
    fingers.tap(page.locator("#field-lines-0-product_id"))
    enter(page, fingers, by_tapping=True)
    for name in ("quantity", "price"):
        expect(page.locator(f"#field-lines-0-{name}")).to_have_attribute("inputmode", "decimal")
    fingers.tap(page.locator("button.primary"))
    expect(page.locator(".message.success")).to_contain_text("Lines: 9")
    assert stored() == (9, 2788)
    assert len(loads) == 1, loads
    print(f"taps: {fingers.taps}")
    assert fingers.taps <= MAX_TAPS


def test_without_scripts_there_are_lines_and_more_lines(new_page, household, stored):
    page = new_page(javascript=False)
    sign_in(page)
    page.get_by_role("link", name="Enter a receipt").last.click()
    expect(page.locator(".line")).to_have_count(10)
    for number, name in enumerate(("Milk", "Eggs")):
        page.locator(f"[name=search-lines-{number}-product_id]").fill(name)
    page.get_by_role("button", name="Search").first.click()
    page.locator("#field-lines-0-product_id").select_option(label="Milk")
    expect(page.locator("#field-lines-1-product_id")).to_have_value(str(household.products["Eggs"]))
    page.get_by_role("button", name="More lines").click()
    expect(page.locator(".line")).to_have_count(12)
    expect(page.locator(".line").first).to_contain_text("ml")
    for number in (0, 1):
        page.locator(f"#field-lines-{number}-quantity").fill("1")
        page.locator(f"#field-lines-{number}-price").fill("100")
    page.locator("button.primary").last.click()
    expect(page.locator(".message.success")).to_contain_text("Lines: 2. Total: ¥200.")
    assert stored() == (2, 200)


@pytest.fixture
def receipt(page, household):
    """Open the form with one line that is filled in."""
    sign_in(page)
    page.goto(PATH)
    add_line(page, "Milk", "198")
    return page


def add_line(page: Page, name: str, price: str) -> None:
    choose_product(page, Fingers(page), name, name)
    expect(page.locator(".line:focus-within [inputmode=decimal]").first).to_have_value("500")
    page.keyboard.type(price)
    page.keyboard.press("Enter")


def test_every_state_is_accessible_and_fits(new_page, household, watch, look, check_look):
    page = new_page(**look.options)
    sign_in(page)
    page.goto(PATH)
    check_look(page)
    if look.options.get("javascript", True):
        page.locator("#field-lines-0-product_id").press_sequentially("milk")
        page.keyboard.press("Escape")
        expect(page.get_by_role("listbox")).to_have_count(0)
        page.locator("#field-lines-0-product_id").fill("")
        choose_product(page, Fingers(page), "Milk", "milk")
        expect(page.locator(".take")).to_be_visible()
        check_look(page)
    page.locator("[name=lines-0-price]").fill("x")
    watch.expect_error("status of 400")
    page.locator("button.primary").last.click()
    expect(page.locator(".summary")).to_be_visible()
    check_look(page)


def test_the_last_price_is_taken_by_one_key(receipt):
    choose_product(receipt, Fingers(receipt), "Eggs", "egg")
    line = receipt.locator(".line").nth(1)
    price = line.get_by_label("Price")
    expect(line.locator(".last")).to_contain_text("Last time ¥")
    offered = price.get_attribute("placeholder")
    assert re.fullmatch(r"\d+", offered)
    receipt.keyboard.press("Enter")
    expect(price).to_have_value(offered)
    expect(receipt.locator(".line").nth(2).get_by_role("combobox")).to_be_focused()


def test_the_last_price_is_taken_by_one_tap(receipt):
    choose_product(receipt, Fingers(receipt), "Eggs", "egg")
    line = receipt.locator(".line").nth(1)
    line.get_by_role("button", name="Same price").click()
    expect(line.get_by_label("Price")).not_to_have_value("")
    expect(receipt.locator(".line").nth(2).get_by_role("combobox")).to_be_focused()


def test_the_last_price_is_that_of_the_last_quantity(receipt):
    choose_product(receipt, Fingers(receipt), "Eggs", "egg")
    line = receipt.locator(".line").nth(1)
    expect(line.get_by_label("Price")).not_to_have_attribute("placeholder", "")
    receipt.keyboard.press("Shift+Tab")
    receipt.keyboard.type("250")
    receipt.keyboard.press("Enter")
    receipt.keyboard.press("Enter")
    expect(line.get_by_label("Price")).to_be_focused()
    expect(line.get_by_label("Price")).to_have_value("")
    expect(line.get_by_role("button", name="Same price")).to_be_hidden()


def test_another_store_has_other_prices(receipt, household):
    line = receipt.locator(".line").nth(1)
    choose_product(receipt, Fingers(receipt), "Eggs", "egg")
    expect(line.locator(".last")).to_contain_text("Last time")
    receipt.locator("#field-store_id").fill("life")
    expect(receipt.get_by_role("option").first).to_contain_text("Life")
    receipt.keyboard.press("Enter")
    expect(line.locator(".last")).to_be_empty()
    expect(line.get_by_label("Price")).to_have_attribute("placeholder", "")
    expect(line.get_by_label("Quantity")).to_have_value("500")
    expect(receipt.locator(".line").first.get_by_label("Price")).to_have_value("198")


def test_a_quantity_that_was_typed_stays(receipt):
    line = receipt.locator(".line").first
    line.get_by_label("Quantity").fill("2")
    line.get_by_role("combobox").fill("Oat milk")
    expect(receipt.get_by_role("option").first).to_contain_text("Oat milk")
    receipt.keyboard.press("Enter")
    expect(line.locator(".last")).to_contain_text("Last time")
    expect(line.get_by_label("Quantity")).to_have_value("2")


def test_the_total_runs_beside_that_on_paper(receipt):
    total, difference = receipt.locator("output"), receipt.locator(".difference")
    expect(total).to_have_text("¥198")
    add_line(receipt, "Eggs", "１，２８０")
    expect(total).to_have_text("¥1,478")
    receipt.get_by_label("Total on paper").fill("1,500")
    expect(difference).to_have_text("¥22 less than on paper")
    receipt.locator(".line").nth(1).get_by_label("Price").fill("−20")
    expect(total).to_have_text("¥178")
    receipt.get_by_label("Total on paper").fill("-5")
    expect(difference).to_have_text("¥183 more than on paper")
    receipt.locator(".line").nth(1).get_by_label("Price").fill("1,28")
    expect(total).to_have_text("–")
    receipt.locator(".line").nth(1).get_by_role("button", name="Remove").click()
    expect(total).to_have_text("¥198")


class TestOfEuros:
    @pytest.fixture
    def settings(self):
        return {"shoptrack.currency": "EUR"}

    def test_the_total_is_exact(self, receipt, watch):
        add_line(receipt, "Eggs", "0.1")
        add_line(receipt, "Butter", "€1,000.20")
        expect(receipt.locator("output")).to_have_text("€1,198.30")
        receipt.get_by_label("Total on paper").fill("1198.31")
        expect(receipt.locator(".difference")).to_have_text("€0.01 less than on paper")
        watch.expect_error("status of 400")
        receipt.locator("button.primary").click()
        expect(receipt.locator("#error-paper_total")).to_contain_text("€0.01 less")
        receipt.locator("button.primary").click()
        expect(receipt.locator(".message.success")).to_contain_text("Total: €1,198.30.")


def test_a_fault_in_the_third_line_is_shown_there(receipt, watch, stored):
    add_line(receipt, "Eggs", "298")
    add_line(receipt, "Butter", "1,28")
    watch.expect_error("status of 400")
    receipt.locator("button.primary").click()
    line = receipt.locator(".line").nth(2)
    expect(receipt.locator(".summary")).to_be_focused()
    expect(receipt.locator(".summary a")).to_contain_text("Line 3, price")
    expect(line.locator(".error")).to_contain_text("It separates thousands")
    expect(receipt.locator(".line")).to_have_count(4)
    assert stored() == (0, 0)
    receipt.locator(".summary a").click()
    receipt.keyboard.press("ControlOrMeta+a")
    receipt.keyboard.type("128")
    receipt.keyboard.press("Control+Enter")
    expect(receipt.locator(".message.success")).to_contain_text("Lines: 3")
    assert stored() == (3, 198 + 298 + 128)


def test_a_text_that_chooses_no_product_is_no_empty_line(receipt, stored):
    receipt.keyboard.type("nothing like this")
    expect(receipt.get_by_role("option")).to_have_count(1)  # to add it
    receipt.locator("button.primary").click()
    line = receipt.locator(".line").nth(1)
    expect(line.locator(".finder-status.error")).to_be_visible()
    expect(line.get_by_role("combobox")).to_be_focused()
    assert stored() == (0, 0)


def test_two_clicks_are_one_receipt(receipt, stored):
    receipt.locator("button.primary").dblclick()
    expect(receipt.locator(".message.success")).to_contain_text("Lines: 1")
    assert stored() == (1, 198)


def test_going_back_and_saving_again_adds_nothing(receipt, stored, watch):
    receipt.locator("button.primary").click()
    expect(receipt.locator(".message.success")).to_contain_text("Lines: 1")
    watch.expect_error("status of 4")
    receipt.go_back()
    with receipt.expect_navigation():
        receipt.locator("button.primary").click()
    assert stored() == (1, 198)


class TestDraft:
    def test_it_survives_a_reload(self, receipt, stored):
        receipt.get_by_label("Total on paper").fill("500")
        receipt.locator("#field-purchase_date").fill("2026-11-30")
        receipt.reload()
        expect(receipt.locator(".restored")).to_be_visible()
        line = receipt.locator(".line").first
        expect(line.get_by_role("combobox")).to_have_value("Milk")
        expect(line.get_by_label("Quantity")).to_have_value("500")
        expect(line.get_by_label("Price")).to_have_value("198")
        expect(line.locator(".unit")).to_have_text("ml")
        expect(receipt.locator("#field-purchase_date")).to_have_value("2026-11-30")
        expect(receipt.locator(".difference")).to_have_text("¥302 less than on paper")
        expect(receipt.locator(".line")).to_have_count(2)
        receipt.get_by_label("Total on paper").fill("")
        receipt.locator("#field-purchase_date").fill("2026-12-01")
        receipt.locator("button.primary").click()
        expect(receipt.locator(".message.success")).to_contain_text("Lines: 1")
        expect(receipt.locator(".restored")).to_be_hidden()
        expect(receipt.locator(".line").first.get_by_role("combobox")).to_have_value("")
        assert stored() == (1, 198)

    def test_it_survives_an_ended_session(self, receipt, stored, watch):
        receipt.context.clear_cookies()
        watch.expect_error("status of 403")
        receipt.locator("button.primary").click()
        receipt.locator("#field-username").fill("root")
        receipt.locator("#field-password").fill(PASSWORD)
        receipt.locator("button.primary").click()
        receipt.get_by_role("button", name="Send it now").click()
        expect(receipt.locator(".message.success")).to_contain_text("Lines: 1")
        assert stored() == (1, 198)
        expect(receipt.locator(".restored")).to_be_hidden()
        receipt.reload()
        expect(receipt.locator(".line").first.get_by_role("combobox")).to_have_value("")

    def test_it_survives_an_ended_session_and_a_reload(self, receipt):
        receipt.context.clear_cookies()
        receipt.reload()
        receipt.locator("#field-username").fill("root")
        receipt.locator("#field-password").fill(PASSWORD)
        receipt.locator("button.primary").click()
        expect(receipt.locator(".restored")).to_be_visible()
        expect(receipt.locator(".line").first.get_by_label("Price")).to_have_value("198")

    def test_another_user_does_not_see_it(self, receipt, make_user):
        make_user("ken", is_staff=True, is_superuser=True)
        receipt.get_by_role("button", name="Sign out").click()
        sign_in(receipt, "ken")
        receipt.goto(PATH)
        expect(receipt.locator(".restored")).to_be_hidden()
        expect(receipt.locator(".line").first.get_by_role("combobox")).to_have_value("")

    def test_it_can_be_discarded(self, receipt):
        receipt.reload()
        receipt.get_by_role("button", name="Discard it").click()
        expect(receipt.locator(".restored")).to_be_hidden()
        expect(receipt.locator(".line").first.get_by_role("combobox")).to_have_value("")

    def test_a_save_whose_response_was_lost_is_not_repeated(self, receipt, stored):
        def lose_response(route):
            if route.request.method == "POST":
                route.fetch(max_redirects=0)
                route.abort()
            else:
                route.continue_()

        receipt.route(f"**{PATH}", lose_response)
        with receipt.expect_event("requestfailed"):
            receipt.locator("button.primary").click(no_wait_after=True)
        assert stored() == (1, 198)
        receipt.unroute(f"**{PATH}")
        receipt.goto(PATH)
        expect(receipt.locator(".restored")).to_be_visible()
        receipt.locator("button.primary").click()
        expect(receipt.locator(".message.success")).to_contain_text("Lines: 1")
        assert stored() == (1, 198)


def test_a_slow_server_stops_nobody(receipt, stored):
    held = []
    receipt.route("**/last-purchases/*", lambda route: held.append(route))
    choose_product(receipt, Fingers(receipt), "Eggs", "egg")
    receipt.keyboard.type("5")
    receipt.keyboard.press("Enter")
    line = receipt.locator(".line").nth(1)
    expect(receipt.locator(".line").nth(2).get_by_role("combobox")).to_be_focused()
    expect(line.get_by_label("Quantity")).to_have_value("")
    (request,) = held
    request.continue_()
    expect(line.get_by_label("Quantity")).to_have_value("500")
    receipt.locator("button.primary").click()
    expect(receipt.locator(".message.success")).to_contain_text("Lines: 2")
    assert stored() == (2, 203)


@pytest.mark.parametrize("locale", ["en-GB", "ja-JP"])
@pytest.mark.parametrize("width", [375, 1280])
def test_it_fits_with_many_lines(new_page, household, locale, width):
    page = new_page(width=width, locale=locale)
    sign_in(page)
    page.goto(PATH)
    for name, price in (("Milk", "1"), ("Eggs", "2147483647"), ("Butter", "-5")):
        choose_product(page, Fingers(page), name, name)
        page.keyboard.type(price)
        page.keyboard.press("Enter")
        expect(page.locator(".line:focus-within [role=combobox]")).to_have_value("")
    expect(page.locator("output")).to_have_text("¥2,147,483,643")
    assert not overflows(page)
