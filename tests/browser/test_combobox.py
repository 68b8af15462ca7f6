"""Choosing rows for references in a real browser: by keyboard, by touch, and without scripts."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from .admin import overflows, sign_in

RECORDS = "/admin/shopping-records/"
NAMES = ("りんご", "りんごジュース", "カップめん", "牛乳")


@pytest.fixture
def products(superuser, make):
    """Make products, and others so many that they are searched for. The last one bought is 牛乳."""
    unit, category = make.unit(name="g"), make.category(name="Food")
    values = {"unit_id": unit.id, "category_id": category.id}
    made = {name: make.product(name=name, **values).id for name in NAMES}
    for number in range(60):
        make.product(name=f"Tea {number:02}", **values)
    make.record(product_id=made["牛乳"], store_id=make.store(name="Life").id)
    return made


@pytest.fixture
def form(new_page, products):
    """Return a function that signs in and opens the form of a record."""

    def form(**options) -> Page:
        page = new_page(**options)
        sign_in(page)
        page.goto(f"{RECORDS}add/")
        return page

    return form


def box(page, name="Product"):
    return page.get_by_role("combobox", name=name)


def chosen(page, key="product_id"):
    """Return the value that the form sends."""
    return page.locator(f"select[name={key}]").input_value()


def status(page, key="product_id"):
    return page.locator(f".field:has(select[name={key}]) [role=status]")


def test_the_keyboard_alone_chooses(form, products):
    page = form()
    field, options = box(page), page.get_by_role("option")
    field.focus()
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(options).to_have_count(52)  # with a recent and a new one
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(options.first).to_have_accessible_name("牛乳 Food · g")  # the recent one
    assert field.get_attribute("aria-activedescendant") is None
    for key, number in (("ArrowDown", 0), ("ArrowDown", 1), ("End", 51), ("ArrowDown", 0)):
        page.keyboard.press(key)
        active = page.locator(f"#{field.get_attribute('aria-activedescendant')}")
        expect(active).to_have_attribute("aria-selected", "true")
        assert active.evaluate("e => [...e.parentElement.children].indexOf(e)") == number
        expect(page.get_by_role("option", selected=True)).to_have_count(1)
        expect(active).to_be_in_viewport()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert (field.input_value(), chosen(page)) == ("", "")
    page.keyboard.type("ringo")  # what nobody reads so is not found
    expect(status(page)).to_have_text("No results.")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(field).to_have_value("")
    page.keyboard.type("ﾘﾝｺﾞ")
    expect(status(page)).to_have_text("Results: 2.")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(field).to_have_value("りんご")
    expect(field).to_be_focused()
    assert chosen(page) == str(products["りんご"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert page.url.endswith("/add/")
    box(page, "Store").focus()
    page.keyboard.type("life")
    expect(page.get_by_role("option", selected=True)).to_have_text("Life (Kyoto)")
    page.keyboard.press("Tab")
    expect(box(page, "Store")).to_have_value("Life (Kyoto)")
    expect(page.locator("#field-quantity")).to_be_focused()


def test_enter_before_the_results_chooses_the_only_one(form, products):
    page = form()
    box(page).focus()
    page.keyboard.type("カップ")
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value("カップめん")
    page.keyboard.type("りんご")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option", selected=True)).to_have_text(re.compile("^りんご "))
    assert chosen(page) == ""


def test_enter_of_an_input_method_chooses_nothing(form, products):
    page = form()
    box(page).fill("カップ")
    expect(page.get_by_role("option", selected=True)).to_be_visible()
    box(page).dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    assert chosen(page) == ""
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value("カップめん")


@pytest.mark.usefixtures("expected")
@pytest.mark.parametrize("locale", ["en-GB", "ja-JP"])
def test_a_new_search_clears_what_was_chosen(form, products, locale):
    page = form(locale=locale)
    field = page.locator("#field-product_id")
    field.fill("カップ")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("Enter")
    assert chosen(page) == str(products["カップめん"])
    field.fill("りんご")
    assert chosen(page) == ""
    expect(page.get_by_role("option", selected=True)).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".buttons .primary").click()
    expect(field).to_be_focused()
    reason = {"en-GB": "Choose one of the results.", "ja-JP": "検索結果から一つ選んでください。"}
    expect(status(page)).to_have_text(reason[locale])
    assert page.url.endswith("/add/")
    page.keyboard.press("Escape")
    page.locator(".buttons .primary").click()
    expect(page.locator("#error-product_id")).to_be_visible()


@pytest.fixture
def expected(watch):
    """Expect the error of a form that is not saved."""
    watch.expect_error("status of 400")


@pytest.mark.usefixtures("expected")
def test_without_scripts_too(form, products):
    page = form(javascript=False)
    search, select = page.get_by_label("Search: product"), page.locator("#field-product_id")
    for text, found in (("カップ", "カップめん"), ("りんご", "Choose…")):
        search.fill(text)
        page.locator(".buttons .primary").click()
        expect(search).to_have_value(text)
        expect(select.locator("option:checked")).to_have_text(found)
    page.locator(".buttons .primary").click()
    expect(page.locator("#error-product_id")).to_be_visible()
    select.select_option(label="りんご")
    page.locator(".buttons .primary").click()
    expect(select.locator("option:checked")).to_have_text("りんご")


def test_a_finger_chooses_and_adds(form, products):
    page = form(width=375, height=667, has_touch=True, is_mobile=True)
    box(page).tap()
    option = page.get_by_role("option", name="牛乳")
    expect(option).to_be_in_viewport()
    small = "e => [...e.querySelectorAll('li, button')].filter(e => e.getBoundingClientRect().height < 24).length"
    assert page.locator(".field:has(select[name=product_id])").evaluate(small) == 0
    option.tap()
    assert chosen(page) == str(products["牛乳"])
    page.get_by_role("button", name="Show choices").first.tap()
    page.get_by_role("option", name="+ Add: store").tap()
    dialog = page.get_by_role("dialog", name="Add: store")
    dialog.get_by_label("Name").fill("Aeon")
    dialog.get_by_label("Location").fill("Osaka")
    assert not overflows(page)
    dialog.get_by_role("button", name="Save", exact=True).tap()
    expect(box(page, "Store")).to_have_value("Aeon (Osaka)")


@pytest.mark.usefixtures("expected")
def test_a_row_and_one_that_it_needs_are_added_in_place(form, products):
    page = form()
    page.locator("#field-price").fill("100")
    box(page).focus()
    page.keyboard.type("Coffee")
    expect(status(page)).to_have_text("No results.")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Add: product")
    expect(dialog.get_by_label("Name")).to_have_value("Coffee")
    expect(box(dialog, "Category")).to_be_focused()
    page.keyboard.type("food")
    page.keyboard.press("Tab")
    expect(box(dialog, "Category")).to_have_value("Food")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.locator(".summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(box(dialog, "Unit")).to_be_focused()
    page.keyboard.type("kg")
    expect(status(dialog, "unit_id")).to_have_text("No results.")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    inner = page.get_by_role("dialog", name="Add: unit")
    expect(inner.get_by_label("Name")).to_have_value("kg")
    inner.get_by_label("Name").press("Enter")
    expect(inner).to_have_count(0)
    expect(box(dialog, "Unit")).to_be_focused()
    expect(box(dialog, "Unit")).to_have_value("kg")
    expect(box(dialog, "Category")).to_have_value("Food")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("Coffee")
    expect(status(page)).to_have_text("The product “Coffee” was added.")
    expect(page.locator("#field-price")).to_have_value("100")
    page.keyboard.type("coff")
    expect(page.get_by_role("option").first).to_have_text("Coffee Food · kg")


def test_a_dialog_is_cancelled(form):
    page = form()
    box(page).fill("Coffee")
    page.get_by_role("option", name="+ Add: product").click()
    dialog = page.get_by_role("dialog")
    box(dialog, "Category").click()
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(box(page)).to_be_focused()
    assert (box(page).input_value(), chosen(page)) == ("Coffee", "")
    expect(status(page)).to_have_text("Choose one of the results.")


ENDED = "Your session has ended. Sign in in another window, then try again."


def test_an_ended_session_says_so_and_input_stays(form, products, watch):
    watch.expect_error("status of 403")
    page = form()
    box(page).fill("りんご")
    expect(page.get_by_role("option")).to_have_count(3)
    page.get_by_role("option", name="+ Add").click()
    dialog = page.get_by_role("dialog")
    for name, text in (("Category", "Food"), ("Unit", "g")):
        box(dialog, name).click()
        page.get_by_role("option", name=text, exact=True).click()
    dialog.get_by_label("Name").fill("Cake")
    page.context.clear_cookies()
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_role("alert").first).to_have_text(ENDED)
    box(dialog, "Category").fill("x")
    expect(status(dialog, "category_id")).to_have_text(ENDED)
    box(dialog, "Category").fill("")
    other = page.context.new_page()
    sign_in(other)
    expect(other.locator("h1")).to_have_text("Overview")
    box(dialog, "Category").click()
    page.get_by_role("option", name="Food", exact=True).click()
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_role("alert").first).to_contain_text("You have signed in again")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(box(page)).to_have_value("Cake")


@pytest.mark.parametrize(
    ("respond", "error"),
    [
        (lambda route: route.fulfill(status=500, body="<p>Oh</p>"), "status of 500"),
        (lambda route: route.abort(), "net::ERR_FAILED"),
        (lambda route: route.fulfill(body="<p>A proxy's page</p>"), None),
    ],
)
def test_a_failed_search_says_so_and_chooses_nothing(form, products, watch, respond, error):
    if error:
        watch.expect_error(error)
    page = form()
    page.route("**/choices/*", respond)
    box(page).fill("カップ")
    message = "That failed. Check your connection and try again."
    expect(status(page)).to_have_text(message)
    page.unroute("**/choices/*")
    assert chosen(page) == ""
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value("カップめん")


def test_only_the_last_search_counts(form, products):
    page = form()
    held = []

    def hold(route):
        if quote("カップ") in route.request.url:
            held.append(route)
        else:
            route.continue_()

    page.route("**/choices/*", hold)
    box(page).fill("カップ")
    while not held:
        page.wait_for_timeout(10)  # in which the browser's events arrive
    box(page).fill("りんご")
    expect(status(page)).to_have_text("Results: 2.")
    held[0].continue_()
    expect(page.get_by_role("option")).to_have_count(3)
    expect(status(page)).to_have_text("Results: 2.")


def test_filters_choose_rows_or_find_any_text(form, products):
    page = form()
    page.goto(RECORDS)
    page.get_by_text("Filter", exact=True).click()
    box(page).fill("カップ")
    page.get_by_role("option", name="カップめん").click()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(re.compile(f"product_id={products['カップめん']}"))
    assert "icontains" not in page.url
    expect(box(page)).to_have_value("カップめん")
    box(page).fill("牛乳")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("product_name__icontains="))
    assert "product_id=&" in page.url
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(box(page)).to_have_value("牛乳")
    expect(page.locator(".messages p")).to_have_count(0)


ADD_LINE = """async (number) => {
    const { enhance, getChoice, choose } = await import(window.combobox);
    const line = document.querySelector("#line").content.cloneNode(true);
    for (const element of line.querySelectorAll("[id], [for], [name]")) {
        for (const name of ["id", "for", "name"]) {
            const value = element.getAttribute(name);
            if (value) element.setAttribute(name, value.replace("product_id", `lines-${number}-product_id`));
        }
    }
    document.querySelector("main form").append(line);
    enhance(document.querySelector("main form"));
    window.choices = [];
    document.querySelector("main form").onchange = ({ target, detail }) => {
        if (target.matches("select")) window.choices.push([target.name, detail?.values.unit ?? null]);
        window.same = getChoice(target)?.id === detail?.id;
    };
    window.choose = choose;
}"""


def test_a_line_of_a_form_is_a_combobox_of_its_own(form, products):
    page = form()
    html = page.request.get(page.url).text()
    page.evaluate(
        """(html) => {
            const from = new DOMParser().parseFromString(html, "text/html");
            const line = document.createElement("template");
            line.id = "line";
            line.content.append(from.querySelector("[data-choices]:has([name=product_id])"));
            document.body.append(line);
            window.combobox = performance.getEntriesByType("resource")
                .map(({ name }) => name).find((name) => name.includes("/combobox-"));
        }""",
        html,
    )
    for number in (0, 1):
        page.evaluate(ADD_LINE, number)
    page.locator("#field-lines-1-product_id").fill("カップ")
    page.get_by_role("option", name="カップめん").click()
    sent = [
        (f"lines-{number}-product_id", value)
        for number, value in ((0, ""), (1, products["カップめん"]))
    ]
    for name, value in sent:
        assert chosen(page, name) == str(value)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    choose = "choose(document.querySelector('[name=lines-0-product_id]'), {id: 7, label: 'Tea', values: {unit: 'g'}})"
    page.evaluate(choose)
    assert page.evaluate("window.same")
    assert page.evaluate("window.choices") == [
        ["lines-1-product_id", "g"],
        ["lines-1-product_id", None],
        ["lines-0-product_id", "g"],
    ]
    assert chosen(page, "lines-0-product_id") == "7"
    expect(page.locator("#field-lines-0-product_id")).to_have_value("Tea")
    assert page.get_by_role("combobox").count() == 4


def test_it_is_accessible_and_fits(form, products, watch, look, check_look):
    page = form(**look.options)
    if look.options.get("javascript") is False:
        check_look(page)
        return
    field = page.locator("#field-product_id")
    field.fill("りんご")
    expect(page.get_by_role("option", selected=True)).to_be_visible()
    check_look(page)
    page.get_by_role("option").last.click()
    page.get_by_role("dialog").get_by_role("combobox").first.click()
    expect(page.get_by_role("option").first).to_be_visible()
    check_look(page)
    page.keyboard.press("Escape")
    watch.expect_error("status of 400")
    page.get_by_role("dialog").locator(".primary").click()
    expect(page.get_by_role("dialog").locator(".summary")).to_be_focused()
    check_look(page)
    page.goto(RECORDS)
    page.locator("summary").first.click()
    page.locator("#filter-product_id").click()
    expect(page.get_by_role("option").first).to_be_visible()
    check_look(page)
