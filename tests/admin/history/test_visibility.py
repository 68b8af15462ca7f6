"""The history tells who did what to which row; what the row says, it tells those who may view the row."""

import csv
import io

import pytest
from sqlalchemy import insert

from shoptrack.history import HistoryEntry

pytestmark = pytest.mark.model_permissions

PATH = "/admin/history/"


@pytest.fixture
def changed(api, make, forget):
    """Give a product of one category another one, which the history keeps."""
    meat, fish = make.category(name="Meat"), make.category(name="Fish")
    product = make.product(name="Tuna", category_id=meat.id)
    forget()
    api.patch_json(f"/api/products/{product.id}/", {"name": "Bonito", "category_id": fish.id})
    return product


ROWS = ("Tuna", "Bonito", "Meat", "Fish")


@pytest.mark.parametrize(
    ("held", "seen"),
    [
        ((), []),
        (("products:view",), ["Tuna", "Bonito"]),
        (("categories:view",), []),
        (("products:view", "categories:view"), ["Tuna", "Bonito", "Meat", "Fish"]),
    ],
)
def test_values_are_shown_to_who_may_view_them(staff_with, changed, user, held, seen):
    client = staff_with("history:view", *held)
    for path in (PATH, f"/admin/products/{changed.id}/history/"):
        page = client.get(path).html.select_one("main").text
        assert [name for name in ROWS if name in page] == seen
        assert user.username in page
        assert "changed" in page
    answer = client.get(f"{PATH}export.csv?path=products").text
    lines = list(csv.reader(io.StringIO(answer.lstrip("\ufeff"))))
    assert [name for name in ROWS if name in answer] == seen
    assert lines[1][8] == f"product {changed.id}"


def test_what_a_row_was_called_is_shown_and_searched_by_who_may_view_all_of_that(
    staff_with, changed
):
    views = [f"{path}:view" for path in ("products", "categories", "units", "manufacturers")]
    few = staff_with("history:view", *views)
    assert f"product {changed.id}" in few.get(f"{PATH}?path=products")
    assert "Rows: 0" in few.get(f"{PATH}?path=products&label=bonito")
    all_of_it = staff_with("history:view", *views, "origins:view")
    page = all_of_it.get(f"{PATH}?path=products&label=bonito")
    assert "Rows: 1" in page
    assert "product: Bonito" in page.html.select_one("tbody").text


def test_users_are_named_to_who_may_view_users(staff_with, database):
    entry = {
        "action": "changed",
        "path": "users",
        "row_id": 7,
        "label": "mia",
        "changes": {"email": ["", "mia@example.com"]},
    }
    with database.engine.begin() as connection:
        connection.execute(insert(HistoryEntry), entry)
    page = staff_with("history:view").get(f"{PATH}?row=7").html.select_one("tbody").text
    assert "user 7" in page
    assert "mia" not in page
    assert "Rows: 0" in staff_with("history:view").get(f"{PATH}?label=mia")
    file = staff_with("history:view").get(f"{PATH}export.csv?row=7")
    assert "user 7" in file
    assert "mia" not in file
    page = staff_with("history:view", "users:view").get(f"{PATH}?row=7&label=mia")
    assert "mia@example.com" in page


def test_a_superusers_address_is_shown_to_superusers(staff_with, admin, superuser, database):
    entry = {
        "action": "changed",
        "path": "users",
        "row_id": superuser.id,
        "label": superuser.username,
        "changes": {"email": ["", "root@example.com"], "first_name": ["", "Rin"]},
    }
    with database.engine.begin() as connection:
        connection.execute(insert(HistoryEntry), entry)
    for path in (f"{PATH}?path=users", f"{PATH}export.csv?path=users"):
        text = staff_with("history:view", "users:view").get(path).text
        assert "Rin" in text
        assert "root@example.com" not in text
        assert "root@example.com" in admin.get(path)


def test_the_overviews_panel_hides_as_the_list_does(staff_with, changed):
    panel = (
        staff_with("history:view").get("/admin/").html.find(attrs={"aria-labelledby": "history"})
    )
    assert f"product: product {changed.id}" in panel.text
    assert "Bonito" not in panel.text
