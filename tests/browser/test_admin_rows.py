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
        record = make.record(product_id=product.id, price=price)
    other = make.product(name="牛乳", category_id=ids[0], unit_id=product.unit_id)
    return SimpleNamespace(categories=ids, product=product.id, other=other.id, record=record.id)


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
        f"products/merge/?id={household.product}&id={household.other}",
        f"products/merge/?id={household.product}&id={household.other}&keep={household.product}",
    ):
        page.goto(f"/admin/{path}")
        check_look(page)
    watch.expect_error("status of 400")
    page.goto("/admin/products/add/")
    page.locator(".buttons .primary").click()
    expect(page.locator(".summary")).to_be_visible()
    check_look(page)
    page.goto("/admin/shopping-records/add/")
    page.locator("#field-purchase_date").fill("1925-04-01")
    page.keyboard.press("Enter")
    expect(page.locator("#error-purchase_date")).to_be_visible()
    check_look(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_strange_year_is_confirmed_by_keyboard(new_page, household, watch, javascript):
    page = new_page(javascript=javascript)
    sign_in(page)
    page.goto(f"/admin/shopping-records/{household.record}/")
    watch.expect_error("status of 400")
    page.locator("#field-purchase_date").fill("1925-04-01")
    page.keyboard.press("Enter")
    expect(page.locator(".summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#field-purchase_date")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".message.success")).to_contain_text("was saved")
    expect(page.locator(".message.warning")).to_have_text("This date is more than 5 years ago.")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_product_is_added_changed_found_and_deleted(new_page, household, javascript):
    page = new_page(javascript=javascript)
    sign_in(page)
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Products").click()
    page.get_by_role("link", name="Add", exact=True).click()
    page.get_by_label("Name").fill("Yoghurt")
    if javascript:
        page.get_by_role("combobox", name="Category").fill("category 59")
        page.get_by_role("combobox", name="Unit").click()
        page.get_by_role("option", name="Unit 1").click()
        expect(page.get_by_role("combobox", name="Category")).to_have_value("Category 59")
    else:
        page.get_by_label("Search: category").fill("category 59")
        page.get_by_role("button", name="Search").click()
        expect(page.locator("#field-category_id option:checked")).to_have_text("Category 59")
        page.locator("#field-unit_id").select_option(index=1)
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator(".message.success")).to_have_text("The product “Yoghurt” was added.")
    page.get_by_label("Search", exact=True).fill("ぎゅうにゅう")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="ギュウニュウ").click()
    page.get_by_role("link", name="Delete").click()
    if javascript:
        page.get_by_role("combobox", name="Replacement").fill("yogh")
        page.keyboard.press("Tab")
        expect(page.get_by_role("combobox", name="Replacement")).to_have_value("Yoghurt")
    else:
        page.locator("#field-replacement_id").select_option(label="Yoghurt")
    page.get_by_role("button", name="Replace and delete").click()
    expect(page.locator(".message.success").last).to_contain_text("shopping records (2)")


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


def test_going_back_and_saving_again_adds_no_second_row(new_page, superuser, watch):
    page = new_page()
    sign_in(page)
    page.goto("/admin/stores/add/")
    page.get_by_label("Name").fill("Market")
    page.get_by_label("Location").fill("Osaka")
    page.locator(".buttons .primary").click()
    expect(page.locator(".messages")).to_contain_text("was added")
    watch.expect_error("status of 400")
    page.go_back()
    page.locator(".buttons .primary").click()
    page.goto("/admin/stores/")
    expect(page.locator("tbody tr")).to_have_count(1)


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


def test_rows_are_merged_after_their_plan(new_page, superuser, make, look, check_look):
    keep, other = (
        make.product(name=name, unit_id=make.unit(name=unit).id)
        for name, unit in (("Milk", "l"), ("ミルク", "本"))
    )
    make.record(product_id=other.id, quantity=2)
    page = new_page(**look.options)
    sign_in(page)
    page.goto(f"/admin/products/merge/?id={keep.id}&id={other.id}")
    check_look(page)
    page.locator(f"#keep-{keep.id}").check()
    page.locator("main button.primary").click()
    expect(page.locator(".message.error")).to_be_visible()
    check_look(page)
    page.locator("#field-convert").fill("1")
    page.locator("form[method=get] .buttons button").last.click()
    page.locator("button.danger").click()
    page.wait_for_url(f"**/admin/products/{keep.id}/")
