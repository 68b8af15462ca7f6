"""The core keeps the history, whatever shows it."""

import sys
import types

import pytest
from click.testing import CliRunner

from shoptrack.cli import Environment
from shoptrack.cli.history import history as history_command
from shoptrack.db import Database
from shoptrack.testing import Client, make_test_app
from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def app_with(database):
    built = []

    def app_with(*plugins):
        built.append(make_test_app(database.url, plugins))
        return built[-1]

    yield app_with
    for app in built:
        Database.of(app.registry).dispose()


def test_rows_and_sign_ins_are_kept_without_the_administration(app_with, user, history):
    client = Client(app_with("shoptrack_auth"))
    body = {"username": user.username, "password": PASSWORD}
    access = client.post_json("/api/auth/token/", body).json["access"]
    headers = {"Authorization": f"Bearer {access}"}
    client.post_json("/api/categories/", {"name": "Meat"}, headers=headers, status=201)
    client.get("/admin/history/", status=404)
    signed_in, added = history()
    assert (signed_in.action, signed_in.username) == ("signed in", user.username)
    assert (added.action, added.label, added.username) == ("added", "Meat", user.username)
    assert added.way == "api"


class Guest:
    """Somebody of whom the core only knows an id."""

    id = 7

    def has_permission(self, permission):
        return True


def test_another_plugin_that_identifies_needs_no_names(app_with, history, monkeypatch):
    guests = types.ModuleType("guests")
    guests.includeme = lambda config: config.set_identify(lambda request: Guest())
    guests.__spec__ = types.SimpleNamespace(name="guests", submodule_search_locations=None)
    monkeypatch.setitem(sys.modules, "guests", guests)
    Client(app_with("guests")).post_json("/api/units/", {"name": "g"}, status=201)
    (entry,) = history()
    assert (entry.label, entry.user_id, entry.username, entry.way) == ("g", 7, "", "api")


def test_old_entries_are_deleted_by_the_cores_command(app_with, api, history):
    api.post_json("/api/units/", {"name": "g"}, status=201)
    environment = Environment(None)
    environment.registry = app_with().registry
    result = CliRunner().invoke(history_command, ["purge", "--older-than", "1"], obj=environment)
    assert result.output == "Entries deleted: 0.\n"
    assert len(history()) == 1
