"""Pictures of the main pages for the documentation: `make screenshots` writes them to docs/screenshots."""

import os
from pathlib import Path

import pytest

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
            pictures.append(folder / f"{name}{kind}.png")
            page.screenshot(path=pictures[-1])
    assert all(picture.stat().st_size > 5000 for picture in pictures)
