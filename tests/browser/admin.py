"""Going about in the administration as people do."""

from playwright.sync_api import Page

from shoptrack_auth.testing import PASSWORD


def sign_in(page: Page, username: str = "root", password: str = PASSWORD) -> None:
    """Fill the sign-in form in and send it, in whatever language it speaks."""
    page.goto("/admin/")
    page.locator("#field-username").fill(username)
    page.locator("#field-password").fill(password)
    with page.expect_navigation():  # to the response, whichever it is
        page.locator("button.primary").click()


def overflows(page: Page) -> bool:
    """Tell whether the page is wider than its window."""
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
