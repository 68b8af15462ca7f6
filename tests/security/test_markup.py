"""Whatever people write stays text: on every page of the administration, in its messages and its exports."""

import re

import pytest
from pyramid.interfaces import IRoutesMapper

pytestmark = pytest.mark.database("sqlite")

EVIL = [
    "'\"></title></textarea></script><b id=planted>",
    "javascript:planted{{1234*4321}}${name}%(name)s{0}",
]
# Their pages are those of categories.
ALIKE = ("units", "manufacturers", "origins", "stores")


@pytest.fixture(params=EVIL)
def text(request) -> str:
    """Return what somebody writes who wants more than to write."""
    return request.param


@pytest.fixture
def ids(text, make, make_user, make_group) -> dict[str, int]:
    """Write the text wherever there is room for it, and return the id of a row of each kind."""
    record = make.record(
        store_id=(store := make.store(name=text, location=text)).id,
        product_id=(
            product := make.product(
                name=text,
                category_id=(category := make.category(name=text)).id,
                unit_id=(unit := make.unit(name=text[:10])).id,
                manufacturer_id=(manufacturer := make.manufacturer(name=text)).id,
                origin_id=(origin := make.origin(name=text)).id,
            )
        ).id,
    )
    user = make_user("aki", first_name=text, last_name=text)
    rows = {
        "categories": category,
        "units": unit,
        "manufacturers": manufacturer,
        "origins": origin,
        "stores": store,
        "products": product,
        "shopping-records": record,
        "users": user,
        "groups": make_group(text, members=[user]),
    }
    return {name: row.id for name, row in rows.items()}


def check(page) -> None:
    """Check that nothing of a page is made of what was written."""
    if page.content_type != "text/html":
        assert page.content_type in ("application/json", "text/csv", "text/css", "image/svg+xml")
        return
    assert page.html.select("[id=planted]") == []
    for name in ("href", "src", "action", "formaction"):
        for tag in page.html.select(f"[{name}]"):
            assert tag[name].startswith(("/", "?", "#", "https://localhost/")), tag
    assert "5332114" not in page.html.get_text()
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


def addresses(app, ids: dict[str, int]) -> list[str]:
    """Return the addresses of every page, with ids of rows, and with choices of rows, that are there."""
    found = []
    for route in app.registry.getUtility(IRoutesMapper).get_routes():
        if route.pattern.startswith("/admin/") and route.pattern.split("/")[2] not in ALIKE:
            kind = next((name for name in ids if f"/{name}/" in route.pattern), "users")
            path = re.sub(r"\{[^}]*\}", str(ids[kind]), route.pattern)
            found += [path, f"{path}?id={ids[kind]}"]
    return found


def test_every_page_shows_it_as_text(app, admin, ids, text):
    shown = 0
    for path in addresses(app, ids):
        page = admin.get(path, expect_errors=True)
        assert page.status_int in (200, 302, 303, 400, 404, 405), path
        if page.status_int == 200:
            check(page)
            shown += "planted" in page.text
    assert shown > 15


def test_so_do_pages_that_are_asked_for_it(app, admin, ids, text):
    for path in addresses(app, ids)[::2]:
        query = dict.fromkeys(("q", "search", "next", "key", "name", "ordering", "id"), text)
        page = admin.get(path, query, expect_errors=True)
        if page.status_int < 300:
            check(page)


def test_so_do_messages_errors_and_the_history(admin, ids, text):
    for path in ("categories", "stores", "products"):
        form = admin.get(f"/admin/{path}/{ids[path]}/").forms[1]
        form["name"] = f"{text}!"
        check(form.submit("save").follow())
    taken = admin.get("/admin/categories/add/").forms[1]
    taken["name"] = f"{text}!"
    check(taken.submit("save", status=400))
    refused = admin.get(f"/admin/users/{ids['users']}/").forms[1]
    refused["username"] = text
    check(refused.submit(status=400))
    headers = {"User-Agent": text}
    admin.get("/admin/account/", headers=headers)
    for path in ("history/", f"stores/{ids['stores']}/history/", "", "account/"):
        check(admin.get(f"/admin/{path}", status=200))


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1+1", "-1+1", "@A1", "＝1+1", "＋1+1", "－1+1", "＠A1"]
)
def test_an_export_has_no_formula_of_any_width(admin, make, formula):
    make.category(name=formula)
    (row,) = admin.get("/admin/categories/export.csv").text.splitlines()[1:]
    assert f"'{formula}" in row
