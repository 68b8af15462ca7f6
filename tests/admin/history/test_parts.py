"""An action that consists of several changes is one entry, which unfolds."""

import pytest

PATH = "/admin/history/"
MAX_STATEMENTS = 6


@pytest.fixture
def merged(api, make, forget):
    """Merge two stores, of which one has a record, and return the kept one, the other one, and the entry's id."""
    keep, other = make.store(name="Life"), make.store(name="Lifo")
    make.record(store_id=other.id)
    forget()
    body = {"ids": [other.id]}
    entry = api.post_json(f"/api/stores/{keep.id}/merge/", body).json["history_id"]
    return keep, other, entry


def read_rows(page) -> list[str]:
    rows = page.html.select_one("main table").find("tbody").find_all("tr", recursive=False)
    return [row.get_text(" ", strip=True) for row in rows]


def test_a_merge_is_one_entry_with_its_parts(auditor, merged):
    keep = merged[0]
    page = auditor.get(PATH)
    (row,) = read_rows(page)
    assert "Merged rows: Lifo (Kyoto)" in row
    details = page.html.select_one("main tbody details")
    assert details.summary.text == "Changes: 2"
    changed, deleted = (
        part.get_text(" ", strip=True) for part in details.ul.find_all("li", recursive=False)
    )
    assert changed.startswith("changed: shopping record:")
    assert "Store: Lifo (Kyoto) → Life (Kyoto)" in changed
    assert deleted.startswith("deleted: store: Lifo (Kyoto)")
    assert len(read_rows(auditor.get(f"/admin/stores/{keep.id}/history/"))) == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?path=stores", ["merged"]),
        ("?path=shopping-records", ["changed"]),
        ("?action=deleted", ["deleted"]),
        ("?label=lif", ["merged"]),
        ("?label=lifo", ["deleted"]),
        ("?way=api", ["merged"]),
    ],
)
def test_a_part_is_listed_where_its_action_is_not(auditor, merged, query, found):
    page = auditor.get(PATH + query)
    assert [cell.contents[0].strip() for cell in page.html.select("tbody td.whole")] == found
    if found != ["merged"]:
        whole = page.click("Part of another action")
        assert whole.request.path == f"{PATH}{merged[2]}/"
        assert "Merged: store Life" in whole.html.h1.text


def test_the_gone_rows_own_history_leads_to_the_merge(auditor, merged):
    page = auditor.get(f"/admin/stores/{merged[1].id}/history/")
    assert len(page.click("Part of another action").html.select("section tbody tr")) == 2


@pytest.mark.database("sqlite", "postgresql")
def test_many_parts_are_read_page_by_page(auditor, keep_many, count_statements):
    (whole,) = keep_many([{"action": "deleted", "row_id": 7, "label": "Milk"}])
    keep_many([{"label": f"code {n}", "part_of": whole, "action": "deleted"} for n in range(1, 71)])
    page = auditor.get(PATH)
    assert page.html.select_one("details.parts summary").text == "Changes: 70"
    assert len(page.html.select("details.parts > ul > li")) == 20
    page, seen = page.click("All changes"), []
    while True:
        seen += [row.select("td")[3].text for row in page.html.select("section tbody tr")]
        if not page.html.select("a[rel=next]"):
            break
        page = page.click("Next page")
    assert seen == [f"product: code {number}" for number in range(1, 71)]
    assert count_statements(auditor.get, f"{PATH}{whole}/") <= MAX_STATEMENTS


def test_parts_of_parts_have_a_page(auditor, keep):
    (whole,) = keep({"label": "Life"})
    (part,) = keep({"label": "Lifo", "part_of": whole})
    keep({"label": "code", "part_of": part})
    page = auditor.get(PATH).click("Changes: 1", href=f"{part}/")
    assert "code" in page.html.select_one("section tbody").text
    assert page.click("Part of another action").request.path == f"{PATH}{whole}/"


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize("query", ["", "?label=l"])
def test_a_page_takes_few_statements(admin, api, merged, make, count_statements, query):
    store = make.store(name="Live")
    for name in ("Life", "Lite"):
        api.patch_json(f"/api/stores/{store.id}/", {"name": name})
    api.delete(f"/api/stores/{store.id}/")
    few = count_statements(admin.get, PATH + query)
    assert few <= MAX_STATEMENTS
    for number in range(30):
        api.post_json("/api/categories/", {"name": f"L{number}"})
    assert count_statements(admin.get, PATH + query) == few


@pytest.mark.parametrize("id", ["x", "0", "999999", "9" * 30])
def test_an_unknown_entry_is_not_found(auditor, id):
    auditor.get(f"{PATH}{id}/", status=404)


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30])
def test_a_page_of_parts_begins_after_an_id(auditor, keep, after):
    auditor.get(f"{PATH}{keep()[0]}/?after={after}", status=404)


def test_the_entrys_page_takes_the_permission(browser_of, staff, keep):
    browser_of(staff).get(f"{PATH}{keep()[0]}/", status=403)


@pytest.mark.model_permissions
def test_hidden_parts_show_neither_labels_nor_values(staff_with, merged):
    reader = staff_with("history:view", "stores:view")
    for path in (PATH, f"{PATH}{merged[2]}/"):
        text = reader.get(path).html.select_one("main").text
        assert "changed" in text
        assert "→" not in text
        assert "Coffee" not in text


def test_the_overview_shows_a_merge_once(auditor, merged):
    panel = auditor.get("/admin/").html.find(attrs={"aria-labelledby": "history"})
    assert [row.td.text for row in panel.tbody.find_all("tr")] == ["merged"]


def test_an_undo_is_offered_only_where_the_row_allows_it(admin, api, forget):
    forget()
    id = api.post_json("/api/units/", {"name": "g"}).json["id"]
    buttons = lambda: [  # noqa: E731
        link.find_parent("td").contents[0].strip()
        for link in admin.get(PATH).html.find_all("a", string="Undo")
    ]
    assert buttons() == ["added"]
    api.delete(f"/api/units/{id}/")
    assert buttons() == ["deleted"]
