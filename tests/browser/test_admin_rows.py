"""The pages of rows in a real browser: with and without scripts, in both languages, small and large."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from .admin import sign_in


@pytest.fixture
def household(superuser, make):
    """Make many categories, of which a product uses the first, and records. Their ids are returned."""
    ids = [make.category(name=f"Category {number:02}").id for number in range(60)]
    product = make.product(name="ギュウニュウ", category_id=ids[0])
    for price in (100, -20):
        make.record(product_id=product.id, price=price)
    return SimpleNamespace(categories=ids, product=product.id)


def test_every_page_is_accessible_and_fits(new_page, household, watch, look, check_look):
    page = new_page(**look.options)
    sign_in(page)
    used, free, other = household.categories[:3]
    for path in (
        "categories/",
        "categories/?search=nothing",
        "shopping-records/",
        "products/add/",
        f"products/{household.product}/",
        f"categories/{used}/delete/",
        f"categories/{free}/delete/",
        f"categories/delete/?id={free}&id={other}",
        f"categories/merge/?id={free}&id={other}",
    ):
        page.goto(f"/admin/{path}")
        check_look(page)
    watch.expect_error("status of 400")
    page.goto("/admin/products/add/")
    page.locator(".buttons .primary").click()
    expect(page.locator(".summary")).to_be_visible()
    check_look(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_product_is_added_changed_found_and_deleted(new_page, household, javascript):
    page = new_page(javascript=javascript)
    sign_in(page)
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Products").click()
    page.get_by_role("link", name="Add", exact=True).click()
    page.get_by_label("Name").fill("Yoghurt")
    page.get_by_label("Search: category").fill("category 59")
    page.get_by_role("button", name="Search").click()
    page.locator("#field-category_id").select_option(label="Category 59")
    page.locator("#field-unit_id").select_option(index=1)
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator(".message.success")).to_have_text("The product “Yoghurt” was added.")
    page.get_by_label("Search", exact=True).fill("ぎゅうにゅう")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="ギュウニュウ").click()
    page.get_by_role("link", name="Delete").click()
    page.locator("#field-replacement_id").select_option(label="Yoghurt")
    page.get_by_role("button", name="Replace and delete").click()
    expect(page.locator(".message.success").last).to_contain_text("shopping records (2)")


def test_choices_are_found_while_one_types(page, household):
    sign_in(page)
    page.goto("/admin/products/add/")
    page.get_by_label("Search: category").press_sequentially("58")
    expect(page.locator("#field-category_id")).to_have_value(str(household.categories[58]))


def test_leaving_a_form_with_changes_asks_first(page, household):
    sign_in(page)
    path = f"/admin/categories/{household.categories[0]}/"
    page.goto(path)
    page.get_by_label("Name").press_sequentially("x")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with page.expect_event("dialog"):
        page.locator(".brand").click(no_wait_after=True)
    assert asked == ["beforeunload"]
    assert page.url.endswith(path)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_is_imported(new_page, household, tmp_path, javascript):
    file = tmp_path / "april.csv"
    file.write_text("name\nTea\nCategory 01\n")
    page = new_page(javascript=javascript)
    sign_in(page)
    page.goto("/admin/categories/")
    page.get_by_role("link", name="Import from CSV").click()
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    expect(page.locator("h1")).to_have_text("Import “april.csv”?")
    page.get_by_role("button", name="Import").click()
    expect(page.locator(".message.success")).to_have_text("Lines of “april.csv” imported: 1")


def test_the_pages_of_an_import_are_accessible_and_fit(
    new_page, household, tmp_path, watch, look, check_look
):
    page = new_page(**look.options)
    sign_in(page)
    texts = ("name\nCategory 1\nTea\n", f"name\n{'x' * 60}\n")
    for text in texts:
        file = tmp_path / "categories-of-a-household.csv"
        file.write_text(text)
        page.goto("/admin/categories/import/")
        check_look(page)
        page.locator("#field-file").set_input_files(file)
        page.locator("main .primary").click()
        expect(page.locator("main form.form")).to_be_visible()
        check_look(page)
    watch.expect_error("status of 400")
    page.goto("/admin/categories/import/")
    page.locator("main .primary").click()
    expect(page.locator(".summary")).to_be_visible()
    check_look(page)
