"""Swagger UI in a browser without a network, and the form that signs in for it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from shoptrack_auth.testing import PASSWORD

from .description import shorten

PATH = "/api/docs/"


def open_docs(page: Page, query: str = "") -> None:
    shorten(page)
    page.goto(f"{PATH}{query}")
    expect(page.get_by_role("heading", name="shop-track API")).to_be_visible()


def ours(page: Page) -> Locator:
    """Return the part of the page that is not Swagger UI."""
    return page.get_by_role("banner")


def sign_in(page: Page, username: str = "ken", password: str = PASSWORD) -> None:
    ours(page).get_by_label("Username").fill(username)
    ours(page).get_by_label("Password").fill(password)
    ours(page).get_by_role("button", name="Sign in").click()


def operation(page: Page, name: str) -> Locator:
    """Unfold an operation, and return it."""
    section = page.locator(f"[id$='-{name}']")
    section.locator(".opblock-summary-control").click()
    return section


def execute(section: Locator) -> str:
    """Send the example, and return the status of the answer."""
    section.get_by_role("button", name="Try it out").click()
    section.get_by_role("button", name="Execute").click()
    status = section.locator(".live-responses-table tbody .response-col_status")
    expect(status).to_have_text(re.compile(r"\d{3}"))
    return status.inner_text().strip()


def let_time_pass(page: Page) -> None:
    """Put the browser's clock forward, not the server's, to 5 seconds before an access token ends."""
    page.evaluate("const now = Date.now; Date.now = () => now.call(Date) + 295_000")


def names(api) -> list[str]:
    return [category["name"] for category in api.get("/api/categories/").json]


def test_it_shows_every_resource(page):
    page.goto(PATH)
    for tag in ("auth", "categories", "products", "shopping-records", "stores", "units"):
        expect(page.locator(f"h3[data-tag='{tag}']")).to_be_visible()
    expect(page.get_by_text("/api/shopping-records/{id}/").first).to_be_visible()


def test_whoever_signs_in_can_try_it_out(page, api):
    open_docs(page)
    sign_in(page)
    expect(ours(page).get_by_role("status")).to_have_text("Signed in as ken")
    expect(ours(page).get_by_label("Username")).to_be_hidden()
    assert execute(operation(page, "categories_create")) == "201"
    assert names(api) == ["Meat"]


def test_a_token_can_be_pasted(page, api, credentials):
    open_docs(page)
    page.get_by_role("button", name="Authorize").first.click()
    dialog = page.locator(".modal-ux")
    dialog.get_by_role("textbox").fill(credentials["Authorization"].removeprefix("Bearer "))
    dialog.get_by_role("button", name="Apply credentials").click()
    dialog.get_by_role("button", name="Close").last.click()
    assert execute(operation(page, "categories_create")) == "201"
    assert names(api) == ["Meat"]


def test_whoever_is_not_signed_in_is_refused(page, watch):
    watch.expect_error("status of 401")
    open_docs(page)
    assert execute(operation(page, "categories_create")) == "401"


def test_a_wrong_password_is_said_so_and_can_be_tried_again(page, user, watch):
    watch.expect_error("status of 401")
    open_docs(page)
    sign_in(page, password="wrong")
    said = "No active account found with the given credentials"
    expect(ours(page).get_by_role("status")).to_have_text(said)
    sign_in(page)
    expect(ours(page).get_by_role("status")).to_have_text("Signed in as ken")


def test_an_access_token_is_renewed_before_it_ends(page, api):
    open_docs(page)
    sign_in(page)
    expect(ours(page).get_by_role("status")).to_have_text("Signed in as ken")
    let_time_pass(page)
    with page.expect_request("**/api/auth/token/refresh/"):
        assert execute(operation(page, "categories_create")) == "201"


def test_whoever_was_signed_out_elsewhere_is_told(page, user, watch):
    watch.expect_error("status of 401")
    open_docs(page)
    with page.expect_response("**/api/auth/token/") as answer:
        sign_in(page)
    expect(ours(page).get_by_role("status")).to_have_text("Signed in as ken")
    page.request.post("/api/auth/logout/", data={"refresh": answer.value.json()["refresh"]})
    let_time_pass(page)
    assert execute(operation(page, "categories_create")) == "401"
    expect(ours(page).get_by_role("status")).to_have_text("Signed out: Token is blacklisted")
    expect(ours(page).get_by_label("Username")).to_be_visible()


def test_signing_out_ends_the_tokens(page, user, watch):
    watch.expect_error("status of 401")
    open_docs(page)
    with page.expect_response("**/api/auth/token/") as answer:
        sign_in(page)
    ours(page).get_by_role("button", name="Sign out").click()
    expect(ours(page).get_by_role("status")).to_have_text("Signed out")
    expect(ours(page).get_by_label("Username")).to_be_visible()
    assert execute(operation(page, "categories_create")) == "401"
    refused = page.request.post(
        "/api/auth/token/verify/", data={"token": answer.value.json()["access"]}
    )
    assert refused.json()["detail"] == "Token is blacklisted"


def test_the_session_of_another_page_stays_what_it_is(page, make_user, site):
    make_user("ken")
    make_user("aya")
    page.request.post("/api/auth/token/", data={"username": "aya", "password": PASSWORD})
    before = page.context.cookies(f"{site}/api/auth/")
    assert before
    open_docs(page)
    sign_in(page)
    expect(ours(page).get_by_role("status")).to_have_text("Signed in as ken")
    assert page.context.cookies(f"{site}/api/auth/") == before


def test_nothing_is_left_when_the_page_is_left(page, user):
    open_docs(page)
    sign_in(page)
    expect(ours(page).get_by_role("status")).to_have_text("Signed in as ken")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.reload()
    expect(ours(page).get_by_label("Username")).to_be_visible()


@pytest.mark.parametrize(
    "query",
    [
        "?url=https://evil.example/openapi.json",
        "?configUrl=https://evil.example/config.json",
        "?config=https://evil.example/config.json&urls.primaryName=evil",
        "?spec=%3Cscript%3Ealert(1)%3C/script%3E#/%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)
def test_the_address_chooses_no_other_description(page, watch, query):
    open_docs(page, query)
    assert [path for path in watch.requests if "schema" in path and PATH not in path]


def test_a_description_that_does_not_come_is_said_so(page, watch):
    watch.expect_error("status of 503")
    page.route("**/api/schema/**", lambda route: route.fulfill(status=503, body="{}"))
    page.goto(PATH)
    sentence = "The description could not be loaded: the server answered 503."
    expect(page.get_by_text(sentence)).to_be_visible()


@pytest.mark.parametrize(
    ("width", "color_scheme"), [(360, "light"), (1280, "dark")], ids=["phone", "dark"]
)
def test_it_is_accessible(new_page, check_accessibility, watch, width, color_scheme):
    watch.expect_error("status of 401")
    page = new_page(width=width, color_scheme=color_scheme)
    open_docs(page)
    execute(operation(page, "categories_create"))
    check_accessibility(page)


def test_it_is_dark_where_the_system_is(page):
    page.emulate_media(color_scheme="dark")
    open_docs(page)
    html = page.locator("html")
    expect(html).to_have_class("dark-mode")
    page.emulate_media(color_scheme="light")
    expect(html).not_to_have_class("dark-mode")


def test_an_operation_has_an_address(page, watch):
    watch.expect_error("Deprecated: escaping deep link whitespace")  # of Swagger UI itself
    open_docs(page)
    operation(page, "categories_create")
    expect(page).to_have_url(re.compile("#/categories/categories_create$"))
    page.reload()
    expect(page.get_by_role("button", name="Try it out")).to_be_visible()


def test_without_scripts_the_description_is_one_step_away(new_page, check_accessibility):
    page = new_page(javascript=False)
    page.goto(PATH)
    expect(ours(page).get_by_label("Username")).to_be_hidden()
    check_accessibility(page)
    with page.expect_response("**/api/schema/"):
        page.get_by_role("main").get_by_role("link", name="the description itself").click()
