"""Two plugins that bring the same thing stop the start. Both are named, with file and line."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import URL

from shoptrack.cli import main
from shoptrack.settings import ConfigurationError
from shoptrack.testing import make_test_app

NOWHERE = URL.create("sqlite", database="/nowhere/never-opened.sqlite3")

SERVICE = """
    from shoptrack.rest.service import Service

    def includeme(config):
        service = Service("{name}", "{path}")
        service.add_view("GET", lambda request: {{}}, permission="products:view")
        config.add_service(service)
"""
RESOURCE = """
    from shoptrack.resources.fields import Text
    from shoptrack.resources.resource import Resource
    from shoptrack.catalog.models import Category

    class Wishes(Resource):
        '''Wishes.'''
        model = Category
        path = "wishes"
        fields = (Text("name", max_length=50),)

    def includeme(config):
        config.add_resource(Wishes)
"""
ROUTE = """
    def includeme(config):
        config.add_route("{name}", "{path}")
        config.add_view(lambda request: {{}}, route_name="{name}", permission="products:view")
"""
SETTINGS = """
    from shoptrack.settings import SettingsTable, setting

    class Table(SettingsTable):
        '''A table.'''
        limit: int = setting(1, "SHOPTRACK_{name}", expected="a number")

    def includeme(config):
        config.add_settings_table(Table)
"""
PAGE = """
    from shoptrack.plugins.administration import AdminPage

    def includeme(config):
        config.add_admin_page(AdminPage("{name}", "Page", lambda request: {{}}, "x.jinja2", "a:b"))
        config.add_permissions({{"a:b" if "{name}" == "wishes" else "a:c": "Look."}})
"""
PANEL = """
    from shoptrack.plugins.administration import AdminPanel

    def includeme(config):
        panel = AdminPanel("wishes", "x.jinja2", lambda request: None, "products:view")
        config.add_admin_panel(panel)
"""
MENU = """
    from shoptrack_admin.menu import MenuEntry, add_menu_entry

    def includeme(config):
        add_menu_entry(config, MenuEntry("admin:wishes", "Wishes"))
"""
MODEL = """
    from sqlalchemy.orm import Mapped, mapped_column
    from shoptrack.db import Base

    class {model}(Base):
        __tablename__ = "one_side_things"
        id: Mapped[int] = mapped_column(primary_key=True)

    def includeme(config):
        pass
"""


def calling(call: str) -> str:
    return f"def includeme(config):\n    {call}\n"


FROM_PLUGINS = "from shoptrack.plugins import AdminAction, AdminColumn\n\n"

CLASHES = {
    "permission": ("the permission 'share'", calling("config.add_permissions({'share': 'Share'})")),
    "lineage": (
        "the line of migrations 'wishes'",
        calling("config.add_migrations('wishes', 'shoptrack:revisions')"),
    ),
    "setting": ("the setting SHOPTRACK_LIMIT", SETTINGS.format(name="LIMIT")),
    "health check": (
        "the health check 'shop'",
        calling("config.add_health_check('shop', lambda registry: None)"),
    ),
    "body size": (
        "the longest body of the route /api/wishes/",
        calling("config.set_max_body_size('/api/wishes/', 7)"),
    ),
    "deploy check": (
        "the deploy check 'shop'",
        calling("config.add_deploy_check('shop', lambda deployment: None)"),
    ),
    "identify": (
        "the way in which callers are identified",
        calling("config.set_identify(lambda request: None)"),
    ),
    "browser pages": (
        "the path of pages for browsers",
        calling("config.set_browser_pages('/desk/', cookie_name='desk')"),
    ),
    "resource": ("the resource 'wishes'", RESOURCE),
    "service": ("the path /api/wishes/", SERVICE.format(name="wishes", path="/api/wishes/")),
    "administration": (
        "how the administration shows the resource 'products'",
        calling("config.add_admin('products')"),
    ),
    "page": ("the administration page 'wishes'", PAGE.format(name="wishes")),
    "panel": ("the administration panel 'wishes'", PANEL),
    "column": (
        "the administration column 'stores.visits'",
        FROM_PLUGINS
        + calling("config.add_admin_column('stores', AdminColumn('visits', 'V', len))"),
    ),
    "action": (
        "the administration action 'stores.close'",
        FROM_PLUGINS
        + calling("config.add_admin_action('stores', AdminAction('close', 'C', 'a:b', len))"),
    ),
    "route": ("the route 'wishes'", ROUTE.format(name="wishes", path="/wishes")),
}


def refused(*plugins: str) -> str:
    with pytest.raises(ConfigurationError) as stop:
        make_test_app(NOWHERE, plugins)
    return str(stop.value)


def assert_both_are_named(sentence: str, *names: str) -> None:
    for name in names:
        assert re.search(rf"/{name}/__init__\.py, line \d+", sentence), sentence


@pytest.mark.parametrize("kind", CLASHES)
def test_what_two_plugins_bring_stops_the_start(plugin, kind):
    noun, body = CLASHES[kind]
    sentence = refused(plugin("one_side", body), plugin("other_side", body))
    assert f"- {noun}: " in sentence
    assert_both_are_named(sentence, "one_side", "other_side")


def test_so_does_what_they_bring_to_a_plugin(plugin):
    """The core knows no such thing: it says what the plugin calls it."""
    names = plugin("one_side", MENU), plugin("other_side", MENU)
    sentence = refused("shoptrack_auth", "shoptrack_admin", *names)
    assert "- the administration's menu entry 'admin:wishes': " in sentence
    assert_both_are_named(sentence, *names)


def test_the_line_is_that_of_the_directive(plugin):
    body = calling("config.add_permissions({'share': 'Share'})")
    sentence = refused(plugin("one_side", body), plugin("other_side", f"\n\n\n{body}"))
    assert "one_side/__init__.py, line 2" in sentence
    assert "other_side/__init__.py, line 5" in sentence


PATHS = {
    "a resource and a service": (RESOURCE, SERVICE.format(name="x", path="/api/wishes/")),
    "a resource and a route": (RESOURCE, ROUTE.format(name="x", path="/api/wishes/{number}/")),
    "a service and a route": (
        SERVICE.format(name="x", path="/api/next/{one}"),
        ROUTE.format(name="y", path="/api/next/{another}"),
    ),
}


@pytest.mark.parametrize("kind", PATHS)
def test_a_path_belongs_to_one_plugin_whatever_is_there(plugin, kind):
    one, other = PATHS[kind]
    names = plugin("one_side", one), plugin("other_side", other)
    for order in (names, names[::-1]):
        sentence = refused(*order)
        assert "- the path /api/" in sentence
        assert_both_are_named(sentence, *names)


@pytest.mark.parametrize(
    "body",
    [
        SERVICE.format(name="x", path="/api/products/"),
        ROUTE.format(name="x", path="/api/products/{number}/"),
        ROUTE.format(name="x", path="/healthz"),
        calling("config.add_permissions({'products:view': 'See'})"),
        SETTINGS.format(name="DEBUG"),
        calling("config.set_default_permission('view')"),
        calling("config.add_migrations('shoptrack', 'shoptrack:revisions')"),
    ],
)
def test_what_the_core_has_is_no_plugins(plugin, body):
    sentence = refused(plugin("one_side", body))
    assert_both_are_named(sentence, "one_side")
    assert "/shoptrack/" in sentence


@pytest.mark.parametrize("name", ["users", "products"])
def test_a_page_is_not_where_the_administration_has_one(plugin, name):
    sentence = refused("auth", "admin", plugin("one_side", PAGE.format(name=name)))
    assert f"- the path /admin/{name}/: " in sentence
    assert_both_are_named(sentence, "one_side")


def test_a_table_belongs_to_one_model(plugin):
    names = (
        plugin("one_side", MODEL.format(model="Thing")),
        plugin("other_side", MODEL.format(model="Matter")),
    )
    sentence = refused(*names)
    assert "Two models have the table 'one_side_things': Thing (" in sentence
    assert "Matter (" in sentence
    assert_both_are_named(sentence, *names)


def test_a_table_of_the_core_is_no_plugins(plugin):
    body = MODEL.format(model="Wish").replace("one_side_things", "products")
    sentence = refused(plugin("one_side", body))
    assert "the table 'products': Product (" in sentence
    assert_both_are_named(sentence, "one_side")


def test_a_plugins_table_begins_with_its_packages_name(plugin):
    body = MODEL.format(model="Thing").replace("one_side_things", "things")
    sentence = refused(plugin("one_side", body))
    assert "The table 'things' of Thing (" in sentence
    assert "Call it 'one_side_things'." in sentence
    assert_both_are_named(sentence, "one_side")


def test_or_with_its_distributions(plugin, installed):
    body = MODEL.format(model="Thing").replace("one_side_things", "acme_wishes_things")
    name = plugin("acme_wishes_plugin", body)
    installed("acme-wishes", top_level=name)
    make_test_app(NOWHERE, (name,))


@pytest.mark.parametrize("group", ["shoptrack.plugins", "shoptrack.commands"])
def test_a_name_among_entry_points_belongs_to_one_distribution(installed, group):
    installed("one-side", entry_points=f"[{group}]\nwishes = one_side:wishes\n")
    installed("other-side", entry_points=f"[{group}]\nwishes = other_side:wishes\n")
    sentence = refused()
    assert "'wishes' is used twice" in sentence
    assert "one-side (one_side:wishes)" in sentence
    assert "other-side (other_side:wishes)" in sentence


@pytest.fixture
def clashing_ini(plugin, tmp_path) -> Path:
    body = calling("config.add_permissions({'share': 'Share'})")
    names = [plugin(name, body) for name in ("one_side", "other_side")]
    ini = tmp_path / "shop.ini"
    ini.write_text(
        "[app:main]\nuse = egg:shoptrack\nshoptrack.debug = true\n"
        f"shoptrack.plugins = {' '.join(names)}\n"
        "[server:main]\nuse = egg:waitress#main\nlisten = 127.0.0.1:0\n"
    )
    return ini


@pytest.mark.parametrize("command", ["check", "migrate"])
def test_who_gives_a_command_reads_a_sentence(clashing_ini, command):
    result = CliRunner().invoke(main, ["--config", str(clashing_ini), command])
    assert result.exit_code == 1
    assert result.output.startswith("Error: Conflicting definitions:\n- the permission")
    assert_both_are_named(result.output, "one_side", "other_side")


def test_who_starts_a_server_reads_a_sentence_and_no_traceback(clashing_ini):
    done = subprocess.run(
        [Path(sys.executable).parent / "pserve", clashing_ini],
        capture_output=True,
        text=True,
        cwd=clashing_ini.parent,
        env={"PYTHONPATH": str(clashing_ini.parent)},
        timeout=300,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "ShopTrack does not start. Conflicting definitions:" in done.stderr
    assert_both_are_named(done.stderr, "one_side", "other_side")
