import ast
import gc
import re
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from sqlalchemy import URL

import shoptrack
from shoptrack.db.migrations import Lineages, sort_lineages
from shoptrack.permissions import Permissions
from shoptrack.plugins import (
    administration,
    authentication,
    csv_mappings,
    directives,
    enrichment,
    jobs,
)
from shoptrack.plugins.administration import AdminContributions
from shoptrack.plugins.contributions import Contributions
from shoptrack.resources.resource import ServedResources
from shoptrack.settings import ConfigurationError, SettingsTables
from shoptrack.testing import Client, make_test_app
from shoptrack.web.health import HealthChecks

NOWHERE = URL.create("sqlite", database="/nowhere/never-opened.sqlite3")


GREETING = """
    from shoptrack.rest.service import Service
    from pyramid.security import NO_PERMISSION_REQUIRED

    def includeme(config):
        service = Service("{name}", "/api/{name}/")
        service.add_view("GET", lambda request: {{"hello": "{name}"}}, permission={permission})
        config.add_service(service)
"""


def greeting(name: str, permission: str = "NO_PERMISSION_REQUIRED") -> str:
    return GREETING.format(name=name, permission=permission)


def test_the_core_alone_starts_and_is_shut():
    client = Client(make_test_app(NOWHERE))
    addresses = client.get("/api/").json
    assert len(addresses) == 7
    for path in addresses:
        for method in ("get", "post", "patch", "put", "delete"):
            url = f"/api/{path}/" if method in ("get", "post") else f"/api/{path}/1/"
            answer = getattr(client, method)(url, status=401)
            assert answer.json == {"detail": "Authentication credentials were not provided."}
    client.get("/healthz", status=200)


@pytest.mark.parametrize("was_enabled", [True, False])
@pytest.mark.parametrize("plugins", [(), ("not_there",)])
def test_garbage_is_collected_after_a_start_if_it_was_before(plugins, was_enabled):
    (gc.enable if was_enabled else gc.disable)()
    try:
        with nullcontext() if not plugins else pytest.raises(ConfigurationError):
            make_test_app(NOWHERE, plugins)
        assert gc.isenabled() is was_enabled
    finally:
        gc.enable()


def test_two_applications_with_different_plugins_are_strangers(plugin):
    one = Client(make_test_app(NOWHERE, (plugin("first_plugin", greeting("first_plugin")),)))
    two = Client(make_test_app(NOWHERE, (plugin("second_plugin", greeting("second_plugin")),)))
    assert one.get("/api/first_plugin/").json == {"hello": "first_plugin"}
    assert two.get("/api/second_plugin/").json == {"hello": "second_plugin"}
    one.get("/api/second_plugin/", status=404)
    two.get("/api/first_plugin/", status=404)
    documented = set(one.app.registry.cornice_services)
    assert "/api/first_plugin/" in documented
    assert "/api/second_plugin/" not in documented


def test_a_plugin_has_a_short_name():
    app = make_test_app(NOWHERE, ("auth",))
    assert Contributions.of(app.registry).plugins == ["shoptrack_auth"]


def test_a_plugin_that_is_named_twice_is_loaded_once():
    app = make_test_app(NOWHERE, ("auth", "shoptrack_auth", "auth"))
    assert Contributions.of(app.registry).plugins == ["shoptrack_auth"]


def stopped(*names: str) -> str:
    with pytest.raises(ConfigurationError) as stop:
        make_test_app(NOWHERE, names)
    return str(stop.value)


def test_a_plugin_that_is_not_installed_stops_the_start_and_names_its_package():
    sentence = stopped("shoptrack_cellar")
    assert "'shoptrack_cellar' is enabled but not installed" in sentence
    assert "'shoptrack-cellar'" in sentence
    assert "'shoptrack-cellar'" in stopped("cellar")
    assert "Did you mean" not in sentence


@pytest.mark.parametrize(
    ("name", "meant"),
    [("shoptrack_aut", "auth"), ("shoptrack-admin", "admin"), ("atuh", "auth")],
)
def test_a_name_that_is_nearly_right_is_put_right(name, meant):
    assert f"Did you mean {meant!r}?" in stopped(name)


@pytest.mark.parametrize("name", ["../plugin", ".plugin", "plugin.", "1plugin"])
def test_what_is_no_name_of_a_package_is_refused(name):
    assert "is enabled but not installed" in stopped(name)


def test_a_part_that_is_missing_from_a_plugin_is_named():
    sentence = stopped("shoptrack_auth.nowhere")
    assert "'shoptrack_auth.nowhere' cannot be loaded: ModuleNotFoundError: No module" in sentence


@pytest.mark.parametrize(
    ("body", "reason", "line"),
    [
        ("x = 1\ndef includeme(config:\n", "SyntaxError: '(' was never closed", 2),
        ("\n\nimport nowhere_at_all\n", "ModuleNotFoundError: No module named 'nowhere_at_all'", 3),
        ("def includeme(config):\n    config.add_wish()\n", "AttributeError", 2),
        ("def includeme(config):\n    config.add_resource(1 / 0)\n", "ZeroDivisionError", 2),
    ],
)
def test_a_plugin_that_cannot_be_loaded_is_named_with_reason_and_place(plugin, body, reason, line):
    sentence = stopped(plugin("broken_plugin", body))
    assert "'broken_plugin' cannot be loaded: " in sentence
    assert reason in sentence
    assert sentence.endswith(f"/broken_plugin/__init__.py, line {line}).")


def test_the_place_lies_in_the_plugin_however_deep_it_failed(plugin):
    sentence = stopped(
        plugin(
            "broken_plugin",
            "def includeme(config):\n    config.include('.parts')\n",
            parts="import json\n\ndef includeme(config):\n    json.loads('no json')\n",
        )
    )
    assert sentence.endswith("/broken_plugin/parts.py, line 4).")


def test_a_plugin_without_includeme_is_named(plugin):
    assert "has no function includeme(config)" in stopped(plugin("broken_plugin", "pass"))


def test_what_fails_at_the_end_of_the_start_is_named_with_its_place(plugin):
    body = "def includeme(config):\n    config.add_view(lambda request: {}, route_name='nowhere')\n"
    sentence = stopped(plugin("broken_plugin", body))
    assert sentence.startswith("No route named nowhere found for view registration")
    assert sentence.endswith("/broken_plugin/__init__.py, line 2).")


@pytest.mark.parametrize("name", ["Wish List", "", "9", "a" * 41, "wish-list"])
def test_a_line_of_migrations_has_a_name_that_a_table_can_have(plugin, name):
    body = f"def includeme(config): config.add_migrations({name!r}, 'shoptrack:revisions')"
    assert f"Migrations cannot be called {name!r}" in stopped(plugin("broken_plugin", body))


def test_what_is_said_of_a_resource_that_nobody_brings_stops_the_start(plugin):
    sentence = stopped(plugin("broken_plugin", "def includeme(config): config.add_admin('wishs')"))
    assert "add_admin('wishs', …) names a resource that no plugin brings" in sentence


NEEDING = "def includeme(config): config.require_plugin('shoptrack_auth', 'which knows the users')"


def test_a_plugin_that_needs_another_one_says_so(plugin):
    sentence = stopped(plugin("needing", NEEDING))
    assert sentence.startswith("The plugin needing needs shoptrack_auth, which knows the users.")


def test_in_whichever_order_they_are_switched_on(plugin):
    names = (plugin("needing", NEEDING), plugin("needing_too", NEEDING), "auth")
    make_test_app(NOWHERE, names)
    make_test_app(NOWHERE, names[::-1])


EVERYTHING = """
    from shoptrack.plugins.administration import AdminPage
    from shoptrack.rest.service import Service
    from shoptrack.settings import SettingsTable, setting

    class Table(SettingsTable):
        '''A table.'''
        limit: int = setting(1, "SHOPTRACK_{upper}_LIMIT", expected="a number")

    def includeme(config):
        config.add_settings_table(Table)
        config.add_migrations("{name}", "shoptrack:revisions", after={after})
        config.add_permissions({{"{name}:share": "Share."}})
        service = Service("{name}", "/api/{name}/")
        service.add_view("GET", lambda request: {{}}, permission="{other}:share")
        config.add_service(service)
        config.add_health_check("{name}", lambda registry: None)
        page = AdminPage("{name}", "Page", lambda request: {{}}, "x.jinja2", "{other}:share")
        config.add_admin_page(page)
"""


def test_the_order_of_plugins_does_not_matter(plugin):
    zebra = EVERYTHING.format(name="zebra", upper="ZEBRA", other="ant", after=["ant", "auth"])
    ant = EVERYTHING.format(name="ant", upper="ANT", other="zebra", after=[])
    names = (plugin("zebra", zebra), "admin", plugin("ant", ant), "auth")
    brought = []
    for order in (names, names[::-1]):
        app = make_test_app(NOWHERE, order)
        Client(app).get("/api/zebra/", status=401)
        lines = [line.name for line in sort_lineages(Lineages.of(app.registry))]
        assert lines[0] == "shoptrack"
        assert lines.index("zebra") > max(lines.index("ant"), lines.index("auth"))
        brought.append(
            (
                set(Permissions.of(app.registry).declared),
                set(ServedResources.of(app.registry)),
                set(SettingsTables.of(app.registry)),
                set(HealthChecks.of(app.registry)),
                set(AdminContributions.of(app.registry).pages),
                set(app.registry.cornice_services),
            )
        )
    assert brought[0] == brought[1]


def test_a_view_that_names_no_permission_is_refused_to_everybody(plugin):
    client = Client(make_test_app(NOWHERE, (plugin("forgetful", greeting("forgetful", "None")),)))
    client.get("/api/forgetful/", status=401)


BARE_ROUTE = """
    def includeme(config):
        config.add_route("bare", "/bare")
        config.add_view(lambda request: {{}}, route_name="bare"{permission})
"""


@pytest.mark.parametrize(
    ("body", "warning", "line"),
    [
        (greeting("forgetful", "None"), "A view of the route 'forgetful' names no permission", 8),
        (BARE_ROUTE.format(permission=""), "A view of the route 'bare' names no permission", 4),
        (
            BARE_ROUTE.format(permission=", permission='wishes:se'"),
            "asks for the permission 'wishes:se', which no package declares",
            4,
        ),
    ],
)
def test_and_a_warning_at_start_names_route_and_file(plugin, caplog, body, warning, line):
    make_test_app(NOWHERE, ("auth", "admin", plugin("forgetful", body)))
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert warning in record.getMessage()
    assert record.getMessage().endswith(
        f"refused to everybody ({sys.modules['forgetful'].__file__}, line {line})."
    )


def test_nothing_that_is_there_is_warned_of(caplog):
    make_test_app(NOWHERE, ("auth", "admin"), shoptrack__metrics_token="long-enough-to-be-one")
    assert caplog.records == []


def test_every_directive_says_what_it_does_and_shows_an_example():
    for directive in directives.DIRECTIVES:
        assert "\n    ::\n" in directive.__doc__, directive.__name__


def test_every_directive_is_known_to_the_configurator(plugin):
    calls = "".join(f"    config.{directive.__name__}\n" for directive in directives.DIRECTIVES)
    make_test_app(NOWHERE, (plugin("curious", f"def includeme(config):\n{calls}"),))
    functions = [
        function
        for module in (directives, enrichment, administration, authentication, csv_mappings, jobs)
        for function in ast.parse(Path(module.__file__).read_text()).body
    ]
    public = [f.name for f in functions if isinstance(f, ast.FunctionDef) and f.name[0] != "_"]
    assert sorted(public) == sorted(directive.__name__ for directive in directives.DIRECTIVES)


def test_the_core_imports_no_plugin():
    for path in Path(shoptrack.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.startswith("shoptrack_")], path


# The history was the administration's; its table, its triggers and its setting keep their names.
NAMES_OF_HISTORY = re.compile(r"shoptrack_admin(_history|_no_|_keep_|\.purging)")


@pytest.mark.parametrize("name", ["shoptrack_auth", "shoptrack_admin", "shoptrack_reports"])
def test_the_core_names_no_plugin(name):
    for path in Path(shoptrack.__file__).parent.rglob("*.py"):
        assert name not in NAMES_OF_HISTORY.sub("", path.read_text()), path


def test_permissions_of_resources_are_declared(app):
    declared = Permissions.of(app.registry).declared
    assert {"products:view", "products:add", "products:change", "products:delete"} < set(declared)


def test_what_was_brought_can_be_listed(app):
    categories = {category for category, _ in app.registry.introspector.categorized()}
    assert {"shoptrack resources", "shoptrack settings", "shoptrack migrations"} < categories
