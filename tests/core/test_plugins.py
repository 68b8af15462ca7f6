import sys
import textwrap

import pytest
from pyramid.exceptions import ConfigurationConflictError
from sqlalchemy import URL

from shoptrack.contributions import Contributions
from shoptrack.settings import ConfigurationError
from shoptrack.testing import Client, build

NOWHERE = URL.create("sqlite", database="/nowhere/never-opened.sqlite3")


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """Return a function that writes a plugin and returns its name."""
    monkeypatch.syspath_prepend(tmp_path)
    written = []

    def write(name: str, body: str) -> str:
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(body))
        written.append(name)
        return name

    yield write
    for name in written:
        sys.modules.pop(name, None)


GREETING = """
    from shoptrack.api.service import Service
    from pyramid.security import NO_PERMISSION_REQUIRED

    def includeme(config):
        service = Service("{name}", "/api/{name}/")
        service.add_view("GET", lambda request: {{"hello": "{name}"}}, permission={permission})
        config.add_service(service)
"""


def greeting(name: str, permission: str = "NO_PERMISSION_REQUIRED") -> str:
    return GREETING.format(name=name, permission=permission)


def test_the_core_alone_starts_and_is_shut():
    client = Client(build(NOWHERE))
    addresses = client.get("/api/").json
    assert len(addresses) == 7
    for path in addresses:
        for method in ("get", "post", "patch", "put", "delete"):
            url = f"/api/{path}/" if method in ("get", "post") else f"/api/{path}/1/"
            answer = getattr(client, method)(url, status=401)
            assert answer.json == {"detail": "Authentication credentials were not provided."}
    client.get("/healthz", status=200)


def test_two_applications_with_different_plugins_are_strangers(plugin):
    one = Client(build(NOWHERE, (plugin("first_plugin", greeting("first_plugin")),)))
    two = Client(build(NOWHERE, (plugin("second_plugin", greeting("second_plugin")),)))
    assert one.get("/api/first_plugin/").json == {"hello": "first_plugin"}
    assert two.get("/api/second_plugin/").json == {"hello": "second_plugin"}
    one.get("/api/second_plugin/", status=404)
    two.get("/api/first_plugin/", status=404)
    documented = set(one.app.registry.cornice_services)
    assert "/api/first_plugin/" in documented
    assert "/api/second_plugin/" not in documented


def test_a_plugin_has_a_short_name():
    app = build(NOWHERE, ("auth",))
    assert Contributions.of(app.registry).plugins == ["shoptrack_auth"]


def test_a_plugin_that_is_not_installed_stops_the_start_and_names_its_package():
    with pytest.raises(
        ConfigurationError, match="'shoptrack_wishlist' is switched on but not installed"
    ) as stop:
        build(NOWHERE, ("shoptrack_wishlist",))
    assert "'shoptrack-wishlist'" in str(stop.value)


@pytest.mark.parametrize("body", ["def includeme(config:", "import nowhere_at_all", "pass"])
def test_a_plugin_that_cannot_be_loaded_stops_the_start_and_is_named(plugin, body):
    with pytest.raises(ConfigurationError, match="'broken_plugin' cannot be loaded"):
        build(NOWHERE, (plugin("broken_plugin", body),))


def test_two_that_bring_the_same_thing_stop_the_start_and_both_are_named(plugin):
    names = ("one_side", "other_side")
    body = "def includeme(config): config.add_permissions({'share': 'Share lists'})"
    with pytest.raises(ConfigurationConflictError) as stop:
        build(NOWHERE, tuple(plugin(name, body) for name in names))
    assert all(f"{name}.py" in str(stop.value) for name in names)


def test_the_order_of_plugins_does_not_matter(plugin):
    names = (plugin("zebra", greeting("zebra")), "shoptrack_auth", plugin("ant", greeting("ant")))
    for order in (names, names[::-1]):
        client = Client(build(NOWHERE, order))
        assert client.get("/api/zebra/").json == {"hello": "zebra"}
        assert client.get("/api/ant/").json == {"hello": "ant"}


def test_a_view_that_names_no_permission_is_refused_to_everybody(plugin):
    client = Client(build(NOWHERE, (plugin("forgetful", greeting("forgetful", "None")),)))
    client.get("/api/forgetful/", status=401)


def test_permissions_of_resources_are_declared(app):
    declared = Contributions.of(app.registry).permissions
    assert {"products:view", "products:add", "products:change", "products:delete"} < set(declared)


def test_what_was_brought_can_be_listed(app):
    categories = {category for category, _ in app.registry.introspector.categorized()}
    assert {"shoptrack resources", "shoptrack settings", "shoptrack migrations"} < categories
