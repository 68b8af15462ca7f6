"""Where no plugin says how to sign in, the page does not offer it."""

import pytest
from playwright.sync_api import expect

from shoptrack.db import Database
from shoptrack.testing import make_test_app, upgrade_database


@pytest.fixture
def app(new_database):
    app = make_test_app(new_database())
    upgrade_database(app)
    yield app
    Database.of(app.registry).dispose()


def test_the_description_is_shown_without_a_form(page):
    page.goto("/api/docs/")
    expect(page.get_by_text("/api/shopping-records/{id}/").first).to_be_visible()
    expect(page.get_by_role("banner").get_by_label("Username")).to_be_hidden()
