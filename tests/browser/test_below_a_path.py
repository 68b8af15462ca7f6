"""Below a path, behind nginx that speaks https: signing in and going about, in the administration and the API docs."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from shoptrack.testing import serve_app
from shoptrack_auth.testing import PASSWORD

from ..nginx import PATIENCE, Nginx


@pytest.fixture
def site(build_app, tmp_path) -> Iterator[str]:
    """Serve the application behind nginx, and return the origin."""
    app = build_app(shoptrack__trusted_proxies="127.0.0.1", shoptrack__https_only="true")
    with serve_app(app, clear_untrusted_proxy_headers=False) as port:
        nginx = Nginx(tmp_path, [port, port], "/shop")
        process = nginx.start()
        yield f"https://127.0.0.1:{nginx.https}"
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture
def page(new_page, watch) -> Iterator[Page]:
    """Open a page that takes the certificate, and asks for nothing outside of the path."""
    yield new_page(ignore_https_errors=True)
    assert watch.requests
    assert [url for url in watch.requests if not url.split("/", 3)[3].startswith("shop/")] == []


def test_the_administration(page, superuser, make):
    make.category(name="Meat")
    page.goto("/shop/")
    page.goto("/shop/admin/categories/")
    page.locator("#field-username").fill(superuser.username)
    page.locator("#field-password").fill(PASSWORD)
    page.locator("button.primary").click()
    expect(page).to_have_url(f"{page.url.split('/shop')[0]}/shop/admin/categories/")
    expect(page.locator(".brand img")).to_have_js_property("complete", True)
    page.get_by_role("link", name="Meat").click()
    page.locator("#field-name").fill("Fish")
    page.locator("button.primary").first.click()
    expect(page.locator(".messages")).to_contain_text("Fish")
    page.goto("/shop/admin/products/add/")
    page.get_by_role("combobox", name="Category").fill("fish")
    expect(page.get_by_role("option", name="Fish", exact=True)).to_be_visible()
    page.get_by_role("option", name="+ Add: category “fish”").click()
    expect(page.get_by_role("dialog").get_by_label("Name")).to_have_value("fish")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="日本語").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    paths = {cookie["path"] for cookie in page.context.cookies(page.url)}
    assert paths == {"/shop/admin/"}
    page.locator("form[action$='/logout/'] button").click()
    expect(page.locator("#field-password")).to_be_visible()
    page.goto("/shop/admin/")
    expect(page.locator("#field-password")).to_be_visible()


def test_the_pages_of_the_api(page, user):
    page.goto("/shop/api/docs/")
    banner = page.get_by_role("banner")
    banner.get_by_label("Username").fill(user.username)
    banner.get_by_label("Password").fill(PASSWORD)
    banner.get_by_role("button", name="Sign in").click()
    expect(banner.get_by_role("status")).to_have_text(f"Signed in as {user.username}")
    section = page.locator("[id$='-categories_list']")
    section.locator(".opblock-summary-control").click()
    section.get_by_role("button", name="Try it out").click()
    section.get_by_role("button", name="Execute").click()
    status = section.locator(".live-responses-table tbody .response-col_status")
    expect(status).to_contain_text("200")
    banner.get_by_role("button", name="Sign out").click()
    expect(banner.get_by_role("status")).to_have_text("Signed out")
    page.get_by_role("link", name="To read").click()
    expect(page.get_by_role("heading", name="shop-track API")).to_be_visible()
    expect(page).to_have_url(f"{page.url.split('/shop')[0]}/shop/api/redoc/")
