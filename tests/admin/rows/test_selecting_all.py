"""Choosing all rows that match, over all pages of a list."""

import pytest
from sqlalchemy import func, select

from shoptrack.catalog.models import Category
from shoptrack.plugins import AdminAction
from shoptrack.resources import Repository
from shoptrack_admin.rows import actions, selection


@pytest.fixture
def count(database):
    """Return a function that counts the categories."""

    def count() -> int:
        with database.read_engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(Category))

    return count


@pytest.fixture
def categories(make):
    """Make 70 categories and another one."""
    for number in range(70):
        make.category(name=f"C{number:02}")
    make.category(name="Meat")


def choose_all(page, below: str):
    form = page.forms["rows"]
    form["all"] = True
    form.action = f"/admin/categories/{below}/"
    return form.submit()


def test_all_rows_that_match_are_deleted_over_pages(admin, categories, count, said):
    page = admin.get("/admin/categories/?search=c&ordering=-name").click("Next page")
    assert "All 70 rows that match" in page.html.select_one(".bulk").text
    page = choose_all(page, "delete")
    assert "All 70 rows that match" in page.html.main.text
    assert len(page.html.select("ul.rows a")) == 50
    assert "and 20 more" in page.html.main.text
    assert said(page.forms[1].submit().follow()) == ["Deleted rows: 70."]
    assert count() == 1


def test_without_filters_all_rows_are_chosen(admin, categories, count):
    page = choose_all(admin.get("/admin/categories/"), "delete")
    page.forms[1].submit(status=303)
    assert count() == 0


def test_other_rows_than_were_shown_are_not_changed(admin, categories, make, count):
    page = choose_all(admin.get("/admin/categories/?search=c"), "delete")
    make.category(name="C of somebody else")
    page = page.forms[1].submit(status=400)
    assert "The rows that match have changed meanwhile" in page.html.select_one(".summary").text
    assert "All 71 rows that match" in page.html.main.text
    assert count() == 72
    page.forms[1].submit(status=303)
    assert count() == 1


def test_a_row_in_place_of_another_counts_as_a_change(admin, categories, make, submit, count):
    page = choose_all(admin.get("/admin/categories/?search=c"), "delete")
    make.category(name="C of somebody else")
    gone = page.html.select_one("ul.rows a")["href"]
    submit(admin, f"{gone}delete/", {"delete": "1"}, status=303)
    page.forms[1].submit(status=400)
    assert count() == 71


@pytest.mark.database("sqlite")
def test_so_many_rows_may_match_and_no_more(admin, categories, monkeypatch, count, said):
    monkeypatch.setattr(selection, "MAX_MATCHING_ROWS", 70)
    path = "/admin/categories/delete/?all=1&query="
    page = admin.get(f"{path}search%3Dc")
    assert len(page.html.select("input[name=digest]")) == 1
    page = admin.get(path, status=303).follow()
    message = "71 rows match. Filter the list, and choose at most 70 rows at a time."
    assert said(page) == [message]


@pytest.mark.database("sqlite")
def test_a_list_that_is_too_long_says_so(admin, categories, monkeypatch):
    monkeypatch.setattr("shoptrack_admin.rows.list_view.MAX_MATCHING_ROWS", 70)
    bulk = admin.get("/admin/categories/").html.select_one(".bulk")
    assert bulk.select_one("[name=all]") is None
    assert "at most 70 at a time" in bulk.text


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("search%3Dnothing", "No rows match any more."),
        ("colour%3Dred", "Choose at least one row."),
        ("id__in%3Dx", "Choose at least one row."),
    ],
)
def test_filters_that_match_nothing_change_nothing(
    admin, categories, submit, count, said, query, message
):
    page = admin.get(f"/admin/categories/delete/?all=1&query={query}", status=303)
    assert said(page.follow()) == [message]
    fields = {"all": "1", "query": query.replace("%3D", "="), "digest": "x"}
    submit(admin, "/admin/categories/delete/", fields, status=303)
    assert count() == 71


@pytest.mark.database("sqlite")
def test_of_matching_rows_that_are_in_use_none_is_deleted(admin, make, count):
    free, used = make.category(name="C free"), make.category(name="C used")
    make.product(category_id=used.id)
    page = choose_all(admin.get("/admin/categories/?search=c"), "delete")
    page = page.forms[1].submit(status=400)
    assert "Nothing was deleted, because “C used” is in use." in page
    assert count() == 2
    assert free.id


def test_rows_of_several_batches_are_deleted_or_none(admin, categories, make, monkeypatch, count):
    monkeypatch.setattr(selection, "BATCH_ROWS", 30)
    used = make.category(name="C used")
    product = make.product(category_id=used.id)
    page = (
        choose_all(admin.get("/admin/categories/?search=c"), "delete").forms[1].submit(status=400)
    )
    assert "“C used” is in use" in page
    assert count() == 72
    admin.get(f"/admin/products/{product.id}/delete/").forms[1].submit("delete", status=303)
    page.forms[1].submit(status=303)
    assert count() == 1


@pytest.mark.model_permissions
def test_filters_about_hidden_rows_are_refused(staff_with, make):
    make.record()
    client = staff_with("shopping-records:view", "shopping-records:delete")
    path = "/admin/shopping-records/delete/?all=1&query=product_name__icontains%3Dx"
    client.get(path, status=403)


@pytest.mark.database("sqlite")
def test_an_action_gets_the_ids_of_all_rows(with_plugin, admin, make, monkeypatch, said):
    got = []

    def rename(request, ids):
        got.append(ids)
        repository = Repository.of(request.registry, "categories")
        repository.update_many(
            request.db, [{"id": id, "name": f"New {id}", "name_folded": ""} for id in ids]
        )
        return "Renamed."

    monkeypatch.setattr(actions, "MAX_ACTION_ROWS", 60)
    action = AdminAction("rename", "Rename", "categories:change", rename)
    ids = [make.category(name=f"C{number}").id for number in range(60)]
    admin.app = with_plugin(lambda config: config.add_admin_action("categories", action))
    page = choose_all(admin.get("/admin/categories/"), "actions/rename")
    assert said(page.forms[1].submit().follow()) == ["Renamed."]
    assert got == [ids]
    make.category(name="One more")
    page = choose_all(admin.get("/admin/categories/"), "actions/rename").follow()
    assert said(page) == ["61 rows match. Filter the list, and choose at most 60 rows at a time."]
