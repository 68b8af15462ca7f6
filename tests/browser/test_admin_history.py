"""The history in a real browser: with and without scripts, in both languages, small and large."""

from playwright.sync_api import expect

from .admin import sign_in


def test_it_is_accessible_and_fits(new_page, superuser, look, check_look):
    page = new_page(**look.options)
    sign_in(page)
    page.goto("/admin/categories/add/")
    page.locator("#field-name").fill("ギュウニュウ")
    page.locator("button.primary[name=save]").click()
    page.wait_for_url("**/admin/categories/")
    row = page.locator("tbody th a").get_attribute("href")
    narrowed = "/admin/history/?action=added&path=categories"
    for path in ("/admin/", "/admin/history/", narrowed, f"{row}history/"):
        page.goto(path)
        assert page.locator("main td, main th[scope=row]", has_text="ギュウニュウ").count(), path
        check_look(page)
    page.goto("/admin/history/")
    page.locator("tbody .button").first.click()
    page.wait_for_url("**/undo/")
    check_look(page)
    page.locator("button.danger").click()
    page.wait_for_url("**/admin/history/")
    expect(page.locator(".message.success")).to_be_visible()
    assert page.locator("tbody .button").count()
    check_look(page)


def test_a_merge_unfolds(new_page, superuser, api, make, look, check_look):
    """The browser unfolds it, without scripts."""
    keep, *others = (make.store(name=name) for name in ("Life", "Lifo", "Live"))
    for _number in range(25):
        make.record(store_id=others[0].id)
    body = {"ids": [other.id for other in others]}
    api.post_json(f"/api/stores/{keep.id}/merge/", body)
    page = new_page(**look.options)
    sign_in(page)
    page.goto("/admin/history/?path=stores&action=merged")
    details = page.locator("details.parts")
    expect(details.locator("li").first).not_to_be_visible()
    details.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(details.locator("> ul > li")).to_have_count(20)
    expect(details.locator("li").first).to_be_visible()
    check_look(page)
    details.locator(".more a").click()
    page.wait_for_url("**/admin/history/*/")
    expect(page.locator("section tbody tr")).to_have_count(27)
    check_look(page)
    page.goto(f"/admin/stores/{others[0].id}/history/")
    check_look(page)
