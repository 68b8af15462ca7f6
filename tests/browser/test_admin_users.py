"""The pages of users and groups in a real browser: with and without scripts, in both languages, small and large."""

import pytest
from playwright.sync_api import expect

from shoptrack_auth import groups
from shoptrack_auth.testing import PASSWORD

from .admin import sign_in


@pytest.fixture
def group(database, superuser):
    with database.session() as db, db.begin():
        return groups.create(db, "Family", by="operator", permissions=["products:view"])


def test_every_page_is_accessible_and_fits(
    new_page, superuser, user, group, watch, look, check_look
):
    page = new_page(**look.options)
    sign_in(page)
    for path in (
        "users/",
        "users/?is_staff=yes",
        "users/add/",
        f"users/{user.id}/",
        f"users/{superuser.id}/",
        f"users/{user.id}/password/",
        f"users/delete/?id={user.id}",
        "groups/",
        "groups/add/",
        f"groups/{group.id}/",
        f"groups/{group.id}/delete/",
    ):
        page.goto(f"/admin/{path}")
        check_look(page)
    watch.expect_error("status of 400")
    page.goto("/admin/users/add/")
    page.locator(".buttons .primary").click()
    expect(page.locator(".summary")).to_be_visible()
    check_look(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_user_is_added_given_permissions_and_uses_the_account(
    new_page, superuser, group, make, watch, javascript
):
    make.product(name="Milk")
    page = new_page(javascript=javascript)
    sign_in(page)
    page.goto("/admin/users/")
    page.get_by_role("link", name="Add", exact=True).click()
    page.get_by_label("Username").fill("mio")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    page.get_by_role("button", name="Add and continue").click()
    page.get_by_label("staff").check()
    page.get_by_label("Family").check()
    page.get_by_role("group", name="Stores").get_by_label("view").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".message.success")).to_have_text("The user “mio” was saved.")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#field-username")).to_be_visible()

    sign_in(page, "mio")
    menu = page.get_by_role("navigation", name="Menu").get_by_role("link")
    expect(menu).to_have_text(["Overview", "Stores", "Products"])
    menu.get_by_text("Products").click()
    expect(page.locator("tbody th")).to_have_text("Milk")
    watch.expect_error("status of 403")
    page.goto("/admin/users/")
    expect(page.locator("h1")).to_have_text("Permission denied")
