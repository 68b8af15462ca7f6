"""The administration's pages in a real browser: with and without scripts, in both languages, small and large."""

from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from shoptrack_auth import api_tokens, password_links

from .admin import sign_in
from .looks import SMALL


@pytest.fixture
def household(superuser, make, database):
    """Buy something in two months, and have a token, so that the overview and the account have something to show."""
    with database.session() as db, db.begin():
        api_tokens.create_token(db, superuser.id, api_tokens.NewToken("Kitchen"))
    product = make.product(name="Milk")
    for day, price in ((date(2025, 3, 1), 200), (date(2025, 4, 2), 30_000)):
        make.record(
            product_id=product.id, purchase_date=day, price=price, quantity=Decimal("1000.5")
        )


@pytest.fixture
def link(database, superuser):
    with database.session() as db, db.begin():
        secret = password_links.create_link(db, superuser.id, by="operator")
    return f"/admin/set-password/?key={secret}"


def test_every_page_is_accessible_and_fits(new_page, household, link, watch, look, check_look):
    page = new_page(**look.options)
    page.goto(link)
    check_look(page)
    page.goto("/admin/")
    check_look(page)
    watch.expect_error("status of 400")
    sign_in(page, password="wrong")
    check_look(page)
    sign_in(page)
    check_look(page)
    assert page.url.endswith("/admin/")
    for path in ("/admin/account/", "/admin/account/tokens/add/", "/admin/account/password/"):
        page.goto(path)
        check_look(page)
    page.locator("button.primary").click()
    expect(page.locator(".summary")).to_be_visible()
    check_look(page)
    watch.expect_error("status of 404")
    page.goto("/admin/nothing/")
    check_look(page)


def test_the_language_is_the_browsers_until_another_is_chosen(new_page, superuser):
    page = new_page(locale="ja-JP")
    page.goto("/admin/")
    expect(page.locator("h1")).to_have_text("サインイン")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    sign_in(page)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="日本語", exact=True).click()
    expect(page.locator("h1")).to_have_text("概要")


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_signs_in_changes_the_password_and_signs_out(
    new_page, superuser, watch, javascript
):
    page = new_page(javascript=javascript)
    sign_in(page)
    page.get_by_role("banner").get_by_role("link", name="root").click()
    page.get_by_role("link", name="Change your password").click()
    page.get_by_label("Current password").fill("correct horse battery staple")
    page.get_by_label("New password", exact=True).fill("another horse staples batteries")
    page.get_by_label("New password again").fill("another horse staples batteries")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("status")).to_contain_text("Your password was changed.")
    page.reload()
    expect(page.get_by_role("status")).to_be_empty()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Sign in")
    sign_in(page, password="another horse staples batteries")
    expect(page.locator("h1")).to_have_text("Overview")


def test_an_error_summary_takes_the_focus_and_leads_to_its_field(page, superuser, watch):
    watch.expect_error("status of 400")
    sign_in(page, username="")
    expect(page.locator(".summary")).to_be_focused()
    expect(page).to_have_title("Error: Sign in · ShopTrack")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#field-username")).to_be_focused()


def test_the_keyboard_alone_is_enough(page, superuser):
    page.goto("/admin/")
    expect(page.locator("#field-username")).to_be_focused()
    page.keyboard.type("root")
    page.keyboard.press("Tab")
    page.keyboard.type("correct horse battery staple")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Overview")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_menu_opens_on_a_small_screen(new_page, superuser, javascript):
    page = new_page(**SMALL, javascript=javascript)
    sign_in(page)
    menu = page.get_by_role("navigation", name="Menu")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(menu.get_by_role("link", name="Overview")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_targets_are_large_enough_for_fingers(new_page, household):
    page = new_page(**SMALL)
    sign_in(page)
    account = "/admin/account/"
    for path in ("/admin/", account, f"{account}password/", f"{account}tokens/add/"):
        page.goto(path)
        small = page.evaluate(
            """[...document.querySelectorAll('a, button, input:not([type=hidden]), summary')]
            .filter(e => e.checkVisibility() && !e.matches('.skip, .visually-hidden'))
            .filter(e => { const box = e.getBoundingClientRect(); return box.width < 24 || box.height < 24 })
            .map(e => e.outerHTML)"""
        )
        assert small == []


def test_columns_tell_their_amounts(page, household):
    sign_in(page)
    expect(page.locator("svg.columns rect").last.locator("title")).to_have_text("2025-04: ¥30,000")
    page.get_by_text("Table").click()
    row = page.locator("details").get_by_role("row", name="2025-03")
    expect(row).to_contain_text("¥200")
