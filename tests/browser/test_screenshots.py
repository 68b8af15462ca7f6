"""Pictures of the main pages for the documentation: `make screenshots` writes them to docs/screenshots."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from shoptrack.cli.demo.loader import load_demo

from .admin import sign_in

LARGE = {"width": 1120, "height": 800}
KINDS = {
    "": LARGE,
    "-ja-dark": {**LARGE, "locale": "ja-JP", "color_scheme": "dark"},
    "-small": {"width": 360, "height": 720},
}
PAGES = {
    "overview": ("/admin/", KINDS),
    "receipt": ("/admin/receipts/new/", ["", "-small"]),
    "records": ("/admin/shopping-records/?ordering=-purchase_date", ["", "-ja-dark"]),
    "record": ("/admin/shopping-records/1/", ["", "-small"]),
    "reports": ("/admin/reports/", [""]),
    "users": ("/admin/users/", [""]),
    "account": ("/admin/account/", [""]),
}


@pytest.fixture
def folder(tmp_path) -> Path:
    """Where the pictures go: as a test, nowhere that stays."""
    folder = Path(os.environ.get("SCREENSHOTS", tmp_path))
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def household(database, superuser, today):
    """Fill the database as `shoptrack demo` does."""
    with database.engine.begin() as connection:
        load_demo(connection, until=today, records=2842, seed=1)


@pytest.mark.parametrize("kind", KINDS)
def test_the_main_pages_have_their_pictures_taken(new_page, household, folder, kind):
    page = new_page(**KINDS[kind])
    page.goto("/admin/")
    pictures = [folder / f"sign-in{kind}.png"]
    page.screenshot(path=pictures[0])
    sign_in(page)
    for name, (path, kinds) in PAGES.items():
        if kind in kinds:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200
            if name == "receipt":
                _enter_lines(page)
            pictures.append(folder / f"{name}{kind}.png")
            page.screenshot(path=pictures[-1])
    assert all(picture.stat().st_size > 5000 for picture in pictures)


def _enter_lines(page: Page) -> None:
    """Choose a store, and the products that were bought last, the last one without its price."""
    page.locator("#field-store_id").focus()
    _choose(page, 1)
    for number, price in enumerate(("298", "1280", None), 1):
        _choose(page, number)
        line = page.locator(".line:focus-within")
        expect(line.get_by_label(re.compile("Quantity|数量"))).not_to_have_value("")
        if price:
            page.keyboard.type(price)
            page.keyboard.press("Enter")


def _choose(page: Page, number: int) -> None:
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    for _step in range(number):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
