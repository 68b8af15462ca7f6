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
    page.goto(f"/admin/users/{user.id}/")
    page.locator("#own-permissions summary").click()
    check_look(page)
    page.goto("/admin/users/add/")
    page.locator("#field-username").fill("mio")
    page.locator(".buttons .primary").click()
    expect(page.locator("code")).to_be_visible()
    check_look(page)
    watch.expect_error("status of 400")
    page.goto("/admin/users/add/")
    page.locator(".buttons .primary").click()
    expect(page.locator(".summary")).to_be_visible()
    check_look(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_is_invited_and_works_with_the_household_s_data(
    new_page, superuser, group, make, watch, javascript
):
    make.product(name="Milk")
    page = new_page(javascript=javascript)
    sign_in(page)
    page.goto("/admin/users/")
    page.get_by_role("link", name="Add", exact=True).click()
    page.get_by_label("Username").fill("mio")
    page.get_by_label("Family").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("h1")).to_have_text("Invite mio")
    link = page.locator("code").inner_text()

    page = new_page(javascript=javascript)
    page.goto(link)
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    page.get_by_role("button", name="Set password").click()
    expect(page.locator("h1")).to_have_text("Your password is set")
    sign_in(page, "mio")
    menu = page.get_by_role("navigation", name="Menu").get_by_role("link")
    expect(menu.filter(has_text="Users")).to_have_count(0)
    menu.get_by_text("Products").click()
    expect(page.locator("tbody th")).to_have_text("Milk")
    watch.expect_error("status of 403")
    page.goto("/admin/users/")
    expect(page.locator("h1")).to_have_text("Permission denied")
    expect(page.locator("main")).to_contain_text("Your account has no access to “Users”")
    page.get_by_role("link", name="Go to the overview").click()

    page.get_by_role("link", name="mio").click()
    page.get_by_role("link", name="Edit your profile").click()
    page.get_by_label("First name").fill("Mio")
    page.locator("#field-language").select_option("日本語")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("アカウント")


@pytest.mark.parametrize("javascript", [True, False])
def test_the_members_of_a_group_are_edited_on_its_page(
    new_page, superuser, user, group, javascript
):
    page = new_page(javascript=javascript)
    sign_in(page)
    page.goto(f"/admin/groups/{group.id}/")
    page.get_by_role("group", name="Members").get_by_label("ken").check()
    page.get_by_role("button", name="Save the members").click()
    expect(page.locator(".message.success")).to_have_text("The members of “Family” were saved.")
    expect(page.get_by_role("group", name="Members").get_by_label("ken")).to_be_checked()


def test_every_page_of_a_member_is_accessible_and_fits(
    new_page, user, make, watch, look, check_look
):
    record = make.record()
    page = new_page(**look.options)
    sign_in(page, "ken")
    for path in ("", "account/", "account/profile/", f"shopping-records/{record.id}/"):
        page.goto(f"/admin/{path}")
        check_look(page)
    watch.expect_error("status of 400")
    page.goto("/admin/account/profile/")
    page.locator("#field-email").fill("nobody")
    page.locator(".buttons .primary").click()
    expect(page.locator(".summary")).to_be_visible()
    check_look(page)
    watch.expect_error("status of 403")
    page.goto("/admin/history/")
    check_look(page)
