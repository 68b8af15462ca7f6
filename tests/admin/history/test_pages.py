"""The history is read by whoever was given the permission, and changed by nobody."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from shoptrack.history import pages
from shoptrack.testing import capture_statements

pytestmark = pytest.mark.database("sqlite")

PATH = "/admin/history/"
FORMULA = "=1+1"


def labels(page) -> list[str]:
    return [row.find_all("td")[3].text.partition(": ")[2] for row in page.html.select("tbody tr")]


@pytest.mark.database("sqlite", "postgresql")
def test_it_tells_who_did_what_and_what_was_there_before(api, user, make, auditor):
    store = make.store(name="Live")
    api.extra_environ["REMOTE_ADDR"] = "203.0.113.9"
    api.patch_json(f"/api/stores/{store.id}/", {"name": "Life"})
    row = auditor.get(PATH).html.select_one("tbody tr").text
    for part in (user.username, "changed", "store", "Life (Kyoto)", "Live", "203.0.113.9", "API"):
        assert part in row


def test_it_names_the_job_of_a_change(auditor, keep):
    keep(way="job", job="auth.purge", label="Milk")
    keep(way="command", label="Meat")
    page = auditor.get(f"{PATH}?way=job")
    assert labels(page) == ["Milk"]
    assert page.html.select_one('tbody td[data-label="Source"]').text == "job auth.purge"
    rows = list(csv.DictReader(io.StringIO(auditor.get(f"{PATH}export.csv").text.lstrip("\ufeff"))))
    assert sorted(row["way"] for row in rows) == ["command", "job auth.purge"]


def test_it_is_refused_without_the_permission_and_in_every_mode(browser_of, staff, api):
    client = browser_of(staff)
    for path in (PATH, f"{PATH}export.csv", "/admin/products/1/history/"):
        client.get(path, status=403)


@pytest.mark.parametrize("path", [PATH, f"{PATH}export.csv", "/admin/products/1/history/"])
def test_no_page_changes_it(admin, submit, path):
    submit(admin, path, {"id": "1"}, status=405)


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Meat", "Life", "Milk"]),
        ("?label=mi", ["Milk"]),
        ("?label=%25", []),
        (f"?label={'x' * 200}", []),
        (f"?row={'9' * 18}", []),
        ("?action=deleted", ["Meat"]),
        ("?path=stores", ["Life"]),
        ("?path=products&row=7", ["Milk"]),
        ("?user=ken", ["Life", "Milk"]),
        ("?way=command", ["Meat"]),
        ("?from=2025-04-02", ["Meat", "Life"]),
        ("?to=2025-04-01", ["Milk"]),
        ("?from=2025-04-02&to=2025-04-02", ["Life"]),
    ],
)
def test_it_is_narrowed(auditor, keep, query, found):
    # Days are those of Tokyo: nine hours before those of UTC.
    keep(
        {
            "label": "Milk",
            "row_id": 7,
            "username": "ken",
            "at": datetime(2025, 4, 1, 14, 59, tzinfo=UTC),
        },
        {
            "label": "Life",
            "path": "stores",
            "username": "ken",
            "at": datetime(2025, 4, 1, 15, tzinfo=UTC),
        },
        {
            "label": "Meat",
            "action": "deleted",
            "way": "command",
            "at": datetime(2025, 4, 3, tzinfo=UTC),
        },
    )
    assert labels(auditor.get(PATH + query)) == found


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize("typed", ["COCA−c", "コ-ヒ–", "2～3"])
def test_dashes_and_tildes_find_those_that_look_alike(auditor, keep, typed):
    keep({"label": "Coca-Cola コーヒー 2〜3人分"}, {"label": "Coca Cola コヒ 23"})
    assert len(labels(auditor.get(PATH, {"label": typed}))) == 1


@pytest.mark.parametrize("typed", ["ｷﾞｭｳﾆｭｳ", "ぎゅうにゅう", "ＬＩＦＥ", "life ギュウ"])
def test_a_search_folds_width_case_and_kana(auditor, keep, typed):
    keep({"label": "ギュウニュウ, Life"}, {"label": "コーヒー"})
    assert labels(auditor.get(PATH, {"label": typed})) == ["ギュウニュウ, Life"]
    file = auditor.get(f"{PATH}export.csv", {"label": typed}).text
    assert "ギュウニュウ" in file
    assert "コーヒー" not in file


def test_a_search_goes_on_where_a_page_has_stopped(auditor, keep, monkeypatch):
    monkeypatch.setattr(pages, "MAX_SEARCHED", 2)
    keep({"label": "Milk"}, {"label": "Meat"}, {"label": "Meal"})
    page = auditor.get(f"{PATH}?label=milk")
    assert labels(page) == []
    assert "Not all entries were searched yet." in page.html.select_one(".total").text
    page = page.click("Search older entries")
    assert labels(page) == ["Milk"]
    assert not page.html.select("a[rel=next]")


@pytest.mark.parametrize(
    ("number", "shown"), [(999, "999"), (1000, "1,000"), (1001, "more than 1,000")]
)
def test_no_more_than_a_thousand_entries_are_counted(auditor, keep_many, number, shown):
    keep_many({} for _ in range(number))
    assert (
        auditor.get(PATH).html.select_one(".total").text.split(" · ")[0].strip() == f"Rows: {shown}"
    )


@pytest.mark.database("sqlite", "postgresql")
def test_days_are_listed_by_time_page_by_page(auditor, keep_many):
    day = datetime(2025, 4, 1, tzinfo=UTC)
    keep_many(
        {"label": f"{number:03}", "at": day + timedelta(minutes=number)} for number in range(120)
    )
    keep_many([{"label": "wrong clock", "at": day - timedelta(days=9)}])
    page, seen = auditor.get(f"{PATH}?from=2025-03-01&to=2025-04-30"), []
    while True:
        seen += labels(page)
        if not page.html.select("a[rel=next]"):
            break
        page = page.click("Older entries")
    assert seen == [f"{number:03}" for number in reversed(range(120))] + ["wrong clock"]


@pytest.mark.parametrize(
    "query",
    [
        "action=eaten",
        "path=nothing",
        "row=abc",
        f"row={'9' * 19}",
        "from=yesterday",
        "to=9999-12-31",
        "before=x",
        "unknown=1",
        "user=%00",
        f"label={'x' * 201}",
    ],
)
def test_what_cannot_be_asked_for_is_left_out_and_said(auditor, keep, query):
    keep(label="Milk", username="ken")
    answer = auditor.get(f"{PATH}?way=api&{query}", status=303)
    assert answer.location.endswith("?way=api")
    page = answer.follow()
    assert query.partition("=")[0] in page.html.select_one(".message.warning").text
    assert labels(page) == ["Milk"]


@pytest.mark.database("sqlite", "postgresql")
def test_it_is_read_page_by_page_at_a_constant_cost(auditor, keep, database):
    def count(path: str) -> int:
        with capture_statements(database) as statements:
            auditor.get(path)
        return len(statements)

    keep()
    few = count(PATH)
    keep(*[{"label": f"row {number}"} for number in range(120)])
    # Who is asking, the entries with their number, and of what may be undone the parts and what was undone already.
    assert count(PATH) == few == 4
    page, seen = auditor.get(PATH), []
    while True:
        seen += labels(page)
        if not page.html.select("a[rel=next]"):
            break
        page = page.click("Older entries")
    assert seen == [f"row {number}" for number in reversed(range(120))] + [""]


def test_a_page_that_is_just_full_is_the_last(auditor, keep):
    keep(*[{}] * 50)
    page = auditor.get(PATH)
    assert len(labels(page)) == 50
    assert not page.html.select("a[rel=next]")
    keep()
    assert len(labels(auditor.get(PATH).click("Older entries"))) == 1


@pytest.mark.database("sqlite", "postgresql")
def test_a_row_has_a_page_of_its_own_also_when_it_is_gone(api, make, auditor, admin):
    store = make.store(name="Life")
    path, page = f"/api/stores/{store.id}/", f"/admin/stores/{store.id}/"
    api.patch_json(path, {"location": "Osaka"})
    make.store(), api.post_json("/api/units/", {"name": "g"})
    own = admin.get(page).click(href="/history/", description="History", index=1)
    assert len(own.html.select("tbody tr")) == 1
    assert own.html.select_one("main .total").text == f"Store {store.id} · Rows: 1"
    assert own.click("^Life", href=page).request.path == page
    api.delete(path)
    gone = auditor.get(f"{page}history/")
    assert len(gone.html.select("tbody tr")) == 2
    assert not gone.html.select(f'a[href="{page}"]')
    assert not auditor.get(PATH).html.select(f'a[href="{page}"]')


def test_a_row_without_entries_has_a_way_back_as_well(make, auditor):
    path = f"/admin/stores/{make.store(name='Life').id}/"
    assert auditor.get(f"{path}history/").html.select(f'.breadcrumbs a[href="{path}"]')


@pytest.mark.parametrize("path", ["stores/abc", f"stores/{'9' * 30}", "nothing/1", "stores/-1"])
def test_no_row_can_have_this_address(auditor, path):
    auditor.get(f"/admin/{path}/history/", status=404)


def test_what_people_wrote_is_escaped(api, auditor):
    evil = "<script>alert(1)</script>"
    id = api.post_json("/api/manufacturers/", {"name": evil}).json["id"]
    for path in (PATH, f"/admin/manufacturers/{id}/history/"):
        page = auditor.get(path)
        assert evil not in page
        assert evil in page.html.text


def test_it_is_exported_with_a_line_for_each_field_and_without_formulas(api, make, auditor):
    store = make.store(name="Life")
    api.patch_json(f"/api/stores/{store.id}/", {"name": FORMULA, "location": "Osaka"})
    answer = auditor.get(f"{PATH}export.csv?path=stores")
    assert answer.content_type == "text/csv"
    lines = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))
    assert [(line["field"], line["before"], line["after"]) for line in lines] == [
        ("name", "Life", f"'{FORMULA}"),
        ("location", "Kyoto", "Osaka"),
    ]
    assert {line["row"] for line in lines} == {f"'{FORMULA} (Osaka)"}


def test_the_files_headings_are_in_the_readers_language(auditor, keep):
    keep()
    file = auditor.get(f"{PATH}export.csv", headers={"Accept-Language": "ja"}).text
    assert file.lstrip("\ufeff").startswith("日時,")


def test_the_overview_shows_the_latest_changes(api, auditor):
    assert "Latest changes" not in auditor.get("/admin/")
    for number in range(9):
        api.post_json("/api/units/", {"name": f"g{number}"})
    latest = auditor.get("/admin/").html.find(attrs={"aria-labelledby": "history"})
    assert len(latest.tbody.find_all("tr")) == 8
    assert "g0" not in latest.text


def test_users_and_groups_are_named_as_everything_else_and_lead_to_their_pages(
    admin, superuser, make_group, keep
):
    group = make_group("Family")
    keep(
        {"path": "users", "row_id": superuser.id, "label": "root"}
        | {
            "changes": {
                "first_name": ["", "Ken"],
                "last_name": ["", ""],
                "is_active": [True, False],
            }
        },
        {"path": "groups", "row_id": group.id, "label": "Family", "changes": {"name": [None, "F"]}},
    )
    page = admin.get(PATH, headers={"Accept-Language": "ja"})
    rows = [row.get_text(" ", strip=True) for row in page.html.select("tbody tr")]
    assert "グループ: Family 名前: F" in rows[0]
    assert "ユーザー: root 名: Ken 有効: はい → いいえ" in rows[1]
    assert page.click("Family").request.path == f"/admin/groups/{group.id}/"
    assert admin.get(PATH).click("root", index=1).request.path == f"/admin/users/{superuser.id}/"
