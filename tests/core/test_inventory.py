"""The list of plugins: what each brought, and how far its tables have come."""

import json

import pytest
from click.testing import CliRunner

from shoptrack.cli import Environment
from shoptrack.cli.plugin_list import plugins as plugins_command
from shoptrack.db import Database
from shoptrack.testing import Client, make_test_app, upgrade_database

EVERYTHING = """
    from shoptrack.plugins.administration import AdminPage, AdminPanel
    from shoptrack.resources.fields import Text
    from shoptrack.resources.resource import Resource
    from shoptrack.rest.service import Service
    from shoptrack.catalog.models import Category
    from shoptrack.settings import SettingsTable, setting

    class Table(SettingsTable):
        '''A table.'''
        limit: int = setting(1, "SHOPTRACK_WISH_LIMIT", expected="a number")

    class Wishes(Resource):
        '''Wishes.'''
        model = Category
        path = "wishes"
        fields = (Text("name", max_length=50),)

    class Identity:
        id = 1
        def __init__(self, held): self.held = held
        def has_permission(self, permission): return permission == self.held

    def includeme(config):
        config.set_identify(lambda request: Identity(request.headers.get("X-Holds", "")))
        config.add_settings_table(Table)
        config.add_permissions({"wishes:share": "Share."})
        config.add_resource(Wishes)
        config.add_health_check("shop", lambda registry: None)
        config.add_deploy_check("shop.key", lambda deployment: None)
        config.add_admin("wishes", ordering="name")
        config.add_admin_page(AdminPage("wish-report", "", lambda request: {}, "x", "wishes:view"))
        config.add_admin_panel(AdminPanel("newest", "x", lambda request: None, "wishes:view"))
        config.include(".more")
"""
MORE = """
    from shoptrack.rest.service import Service

    def includeme(config):
        service = Service("wishes:next", "/api/wishes/next/")
        service.add_view("GET", lambda request: {}, permission="wishes:view")
        config.add_service(service)
"""
BROUGHT = {
    "administration": ["wishes"],
    "administration_pages": ["wish-report"],
    "administration_panels": ["newest"],
    "commands": ["wish"],
    "deploy_checks": ["shop.key"],
    "health_checks": ["shop"],
    "identify": ["identify"],
    "permissions": ["wishes:add", "wishes:change", "wishes:delete", "wishes:share", "wishes:view"],
    "resources": ["wishes"],
    "services": ["/api/wishes/next/"],
    "settings": ["SHOPTRACK_WISH_LIMIT"],
}
HOLDS = {"X-Holds": "plugins:view"}


@pytest.fixture
def built(new_database):
    """Return a function that builds an application with these plugins, on one database."""
    url, apps = new_database(), []

    def built(*plugins):
        apps.append(make_test_app(url, plugins))
        return apps[-1]

    yield built
    for app in apps:
        Database.of(app.registry).dispose()


def command(app, *arguments):
    environment = Environment(None)
    environment.registry = app.registry
    result = CliRunner().invoke(plugins_command, arguments, obj=environment)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def everything(plugin, installed):
    entries = "[shoptrack.plugins]\nwish = wish_list\n[shoptrack.commands]\nwish = wish_list.commands:wish\n"
    installed("acme-wishes", entry_points=entries, version="2.5", summary="Wishes and dreams")
    return plugin("wish_list", EVERYTHING, more=MORE)


def test_each_plugin_is_listed_with_what_it_brought(built, everything, wishlist):
    app = built("wish", wishlist("gift_list", "gifts"))
    answer = Client(app).get("/api/plugins/", headers=HOLDS).json
    core, wish, gift = answer["plugins"]
    assert (core["name"], core["package"]) == ("shoptrack", "shoptrack")
    assert "products" in core["brought"]["resources"]
    assert "SHOPTRACK_DEBUG" in core["brought"]["settings"]
    assert "migrate" in core["brought"]["commands"]
    assert wish == {
        "name": "wish",
        "package": "wish_list",
        "version": "2.5",
        "summary": "Wishes and dreams",
        "brought": BROUGHT,
        "migrations": [],
    }
    assert (gift["name"], gift["version"], gift["summary"]) == ("gift_list", None, None)
    assert answer["available"] == ["admin", "auth", "barcodes", "reports"]
    assert answer["left_over"] == []


def test_and_how_far_its_tables_have_come(built, everything, wishlist):
    wishes = wishlist("gift_list", "gifts")
    app = built("wish", wishes)

    def state():
        listed = Client(app).get("/api/plugins/", headers=HOLDS).json["plugins"]
        (line,) = listed[-1]["migrations"]
        return line["state"], line["revision"]

    assert state() == ("not applied", None)
    upgrade_database(app)
    assert state() == ("up to date", "gifts_0002")
    for revision, expected in (("gifts_0001", "pending"), ("gifts_9999", "ahead")):
        with Database.of(app.registry).engine.begin() as connection:
            connection.exec_driver_sql(
                f"UPDATE alembic_version_gifts SET version_num = '{revision}'"
            )
        assert state() == (expected, revision)


def test_what_was_left_over_is_listed(built, everything, wishlist):
    upgrade_database(built(wishlist("gift_list", "gifts")))
    app = built("wish")
    expected = [{"name": "gifts", "tables": ["gift_list_shared", "gift_list_wishes"]}]
    assert Client(app).get("/api/plugins/", headers=HOLDS).json["left_over"] == expected
    assert "Left over from gifts: gift_list_shared, gift_list_wishes" in command(app)


def test_the_list_is_for_those_who_were_given_the_permission(built, everything):
    client = Client(built("wish"))
    client.get("/api/plugins/", status=403)
    client.get("/api/plugins/", headers={"X-Holds": "products:view"}, status=403)
    client.get("/api/plugins/", headers=HOLDS, status=200)


def test_sharing_the_households_data_is_not_enough(api):
    api.get("/api/plugins/", status=403)


def test_the_command_prints_a_table(built, everything, wishlist):
    output = command(built("wish", wishlist("gift_list", "gifts")))
    lines = [line.split() for line in output.splitlines()[:4]]
    assert lines[0] == ["PLUGIN", "PACKAGE", "VERSION", "MIGRATIONS"]
    assert lines[1][:2] == ["shoptrack", "shoptrack"]
    assert lines[1][3:] == ["not", "applied", "(none)"]
    assert lines[2] == ["wish", "wish_list", "2.5", "-"]
    assert lines[3] == ["gift_list", "gift_list", "-", "not", "applied", "(none)"]
    assert "\nwish: Wishes and dreams\n" in output
    assert "\n  administration pages: wish-report\n" in output
    assert "\nInstalled, but not enabled: admin, auth, barcodes, reports\n" in output


def test_as_json_it_prints_what_the_api_answers(built, everything, wishlist):
    app = built("wish", wishlist("gift_list", "gifts"))
    answer = Client(app).get("/api/plugins/", headers=HOLDS).json
    assert json.loads(command(app, "--json")) == answer
