"""Swagger UI sends a file to a view that accepts one."""

import re

import pytest
from playwright.sync_api import expect

from shoptrack.db import Database
from shoptrack.testing import make_test_app, upgrade_database
from shoptrack.testing.identity import make_headers

from ...api import pictures

PNG = pictures.SIGNS["image/png"] + bytes(range(256)) * 400


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def app(new_database, folder):
    app = make_test_app(
        new_database(),
        (pictures.__name__,),
        pyramid__includes="shoptrack.testing.identity",
        shoptrack__pictures_folder=str(folder),
    )
    upgrade_database(app)
    yield app
    Database.of(app.registry).dispose()


def test_a_picture_is_chosen_and_stored(page, folder):
    page.goto("/api/docs/")
    page.get_by_role("button", name="Authorize").first.click()
    dialog = page.locator(".modal-ux")
    credentials = make_headers(1, ("pictures:view", "pictures:change"))["Authorization"]
    dialog.get_by_role("textbox").fill(credentials)
    dialog.get_by_role("button", name="Apply credentials").click()
    dialog.get_by_role("button", name="Close").last.click()
    section = page.locator("[id$='-pictures_update']")
    section.locator(".opblock-summary-control").click()
    section.get_by_role("button", name="Try it out").click()
    section.get_by_placeholder("name").fill("cat")
    picture = {"name": "cat.png", "mimeType": "image/png", "buffer": PNG}
    section.locator("input[type='file']").set_input_files(picture)
    section.get_by_role("button", name="Execute").click()
    status = section.locator(".live-responses-table tbody .response-col_status")
    expect(status).to_have_text(re.compile(r"201"))
    assert (folder / "cat").read_bytes() == PNG
