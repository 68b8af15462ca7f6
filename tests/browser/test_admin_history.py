"""The history in a real browser: with and without scripts, in both languages, small and large."""

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
