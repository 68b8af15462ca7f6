"""The history shows values as people read them."""

import pytest

pytestmark = pytest.mark.database("sqlite")
PATH = "/admin/history/"


@pytest.fixture
def read(keep, auditor):
    """Return a function that adds an entry, and returns the text of its changes."""

    def read(changes, language="en", **values):
        keep({"changes": changes, **values})
        page = auditor.get(PATH, headers={"Accept-Language": language})
        return page.html.select_one("tbody .changes").get_text(" ", strip=True)

    return read


@pytest.mark.parametrize(
    ("path", "changes", "text"),
    [
        ("shopping-records", {"price": [1280, -5]}, "Price: ¥1,280 → \N{MINUS SIGN}¥5"),
        ("shopping-records", {"quantity": ["1500.000", "0.500"]}, "Quantity: 1,500 → 0.5"),
        ("shopping-records", {"purchase_date": [None, "2025-04-01"]}, "Purchase date: 2025-04-01"),
        (
            "shopping-records",
            {"store": [{"id": 1, "label": "Life"}, {"id": 2, "label": "Lawson"}]},
            "Store: Life → Lawson",
        ),
        (
            "shopping-records",
            {"store": [{"id": 1, "label": "Life"}, {"id": 2, "label": "Life"}]},
            "Store: Life (1) → Life (2)",
        ),
        ("users", {"is_active": [True, False]}, "Active: yes → no"),
        (
            "users",
            {"groups": [["Family"], ["Family", "Guests"]]},
            "Groups: Family → Family, Guests",
        ),
        # Of a plugin that is gone, and of a field that was of another kind.
        (
            "products",
            {"shelf_life": [None, {"days": 3, "is_open": True}]},
            "Shelf life: days: 3, is_open: yes",
        ),
        ("shopping-records", {"price": ["cheap", ["a", None]]}, "Price: cheap → a"),
        ("shopping-records", {"quantity": ["few", True]}, "Quantity: few → yes"),
    ],
)
def test_values_are_written_for_people(read, path, changes, text):
    assert read(changes, path=path) == text


def test_values_are_in_the_readers_language(read):
    assert read({"is_active": [True, False]}, "ja", path="users") == "有効: はい → いいえ"


def test_entries_of_a_plugin_that_is_gone_are_readable(read, auditor):
    assert read({"best_before": [None, "2025-04-01"]}, path="pantry-items", label="Milk") == (
        "Best before: 2025-04-01"
    )
    assert "pantry items: Milk" in auditor.get(PATH).html.select_one("tbody").text
