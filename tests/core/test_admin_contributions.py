"""Contributions to the administration: harmless without it, and checked at startup either way."""

import pytest
from sqlalchemy import URL

from shoptrack.plugins import AdminContributions
from shoptrack.settings import ConfigurationError
from shoptrack.testing import Client, make_test_app

NOWHERE = URL.create("sqlite", database="/nowhere/never-opened.sqlite3")

PLUGIN = """
from shoptrack.plugins import AdminAction, AdminColumn, AdminPage, AdminPanel, AdminRowPanel

def run(*arguments):
    raise AssertionError("called at startup")

def includeme(config):
    {call}
"""
EVERYTHING = """
    config.add_admin("stores", columns=["name", AdminColumn("visits", "Visits", values=run)],
        actions=[AdminAction("close", "Close", "stores:change", run)])
    config.add_admin_column("products", AdminColumn("uses", "Uses", value=run, permission="a:b"))
    config.add_admin_action("products", AdminAction("hide", "Hide", "products:change", run))
    config.add_admin_page(AdminPage("wishes", "Wishes", run, "no:such.jinja2", "stores:view", post=run))
    config.add_admin_panel(AdminPanel("wishes", "no:such.jinja2", run, "stores:view"))
    config.add_admin_row_panel("stores", AdminRowPanel("wishes", "no:such.jinja2", run, "stores:view"))
"""
BOTH = pytest.mark.parametrize("others", [(), ("auth", "admin")], ids=["without", "with"])


@pytest.fixture
def start(plugin):
    """Return a function that starts an application with a plugin that makes a call."""

    def start(call: str, *others: str):
        return make_test_app(NOWHERE, (plugin("broken_plugin", PLUGIN.format(call=call)), *others))

    return start


def test_without_the_administration_nothing_of_it_is_used(start):
    app = start(EVERYTHING.strip())
    contributions = AdminContributions.of(app.registry)
    assert set(contributions.columns["stores"]) == {"visits"}
    assert set(contributions.actions["products"]) == {"hide"}
    assert set(contributions.row_panels["stores"]) == {"wishes"}
    client = Client(app)
    for path in ("/admin/", "/admin/wishes/", "/admin/stores/"):
        client.get(path, status=404)
    client.get("/api/stores/", status=401)


def test_with_it_everything_is_served(start):
    client = Client(start(EVERYTHING.strip(), "auth", "admin"))
    for path in ("/admin/wishes/", "/admin/stores/actions/close/", "/admin/products/actions/hide/"):
        client.get(path, status=302)  # to the sign-in page
    client.get("/admin/stores/actions/hide/", status=302)


ACTION = 'AdminAction("{name}", "Close", "stores:change", {run})'
WRONG = {
    'config.add_admin_panel("wishes")': "add_admin_panel takes an AdminPanel of shoptrack.plugins",
    "config.add_admin_page(None)": "add_admin_page takes an AdminPage of shoptrack.plugins",
    'config.add_admin_column("stores", "visits")': "add_admin_column takes an AdminColumn",
    'config.add_admin("stores", actions=[run])': "add_admin_action takes an AdminAction",
    'config.add_admin_column("wishs", AdminColumn("visits", "Visits", value=run))': (
        "add_admin_column('wishs', …) names a resource that no plugin brings. There are: categories,"
    ),
    f'config.add_admin_action("wishs", {ACTION.format(name="close", run="run")})': (
        "add_admin_action('wishs', …) names a resource that no plugin brings."
    ),
    'config.add_admin("wishs")': "add_admin('wishs', …) names a resource that no plugin brings.",
    'config.add_admin("stores", columns=["visits"])': (
        "add_admin('stores', columns=…) names 'visits'. The fields are name, location."
    ),
    'config.add_admin("stores", columns=["x", AdminColumn("visits", "Visits", value=run)])': (
        "columns=…) names 'x'. The fields are name, location, visits."
    ),
    'config.add_admin("stores", filters=["colour"])': "The fields are name, location.",
    'config.add_admin("stores", ordering="price")': "Cannot order by 'price'.",
    'config.add_admin("stores", texts={"price": run})': "texts=…) names 'price'.",
    'config.add_admin_column("stores", AdminColumn("name", "Name", value=run))': (
        "AdminColumn('name', …) has the name of a field of 'stores'. Choose another name."
    ),
    'config.add_admin_column("stores", AdminColumn("visits", "Visits"))': (
        "AdminColumn('visits', …) needs either value=… or values=…"
    ),
    'config.add_admin_column("stores", AdminColumn("visits", "Visits", run, run))': (
        "AdminColumn('visits', …) needs either value=… or values=…"
    ),
    'config.add_admin_column("stores", AdminColumn("visits", "Visits", value=7))': (
        "AdminColumn('visits', …) needs a function as value, not 7."
    ),
    'config.add_admin_column("stores", AdminColumn("visits", "Visits", run, cell="colour"))': (
        "has the cell 'colour'. Available: text, number, money, day, instant, long-text."
    ),
    f'config.add_admin_action("stores", {ACTION.format(name="Close it", run="run")})': (
        "AdminAction('Close it', …) needs a name of lowercase letters, digits and hyphens, such as 'close'."
    ),
    f'config.add_admin_action("stores", {ACTION.format(name="close", run=None)})': (
        "AdminAction('close', …) needs a function as run, not None."
    ),
    'config.add_admin_page(AdminPage("a/b", "", run, "x.jinja2", "stores:view"))': (
        "AdminPage('a/b', …) needs a name of lowercase letters, digits and hyphens, such as 'wish-report'."
    ),
    'config.add_admin_page(AdminPage("a", "", "x.jinja2", run, "stores:view"))': (
        "AdminPage('a', …) needs a function as view, not 'x.jinja2'."
    ),
    'config.add_admin_panel(AdminPanel("a", "x.jinja2", {}, "stores:view"))': (
        "AdminPanel('a', …) needs a function as load, not {}."
    ),
    'config.add_admin_row_panel("stores", "wishes")': "add_admin_row_panel takes an AdminRowPanel",
    'config.add_admin_row_panel("wishs", AdminRowPanel("a", "x.jinja2", run, "stores:view"))': (
        "add_admin_row_panel('wishs', …) names a resource that no plugin brings. There are: categories,"
    ),
    'config.add_admin_row_panel("stores", AdminRowPanel("a", "x.jinja2", {}, "stores:view"))': (
        "AdminRowPanel('a', …) needs a function as load, not {}."
    ),
}


@BOTH
@pytest.mark.parametrize("call", WRONG)
def test_a_wrong_call_stops_the_start_and_is_named_with_file_and_line(start, call, others):
    with pytest.raises(ConfigurationError) as stop:
        start(call, *others)
    assert WRONG[call] in str(stop.value)
    assert "broken_plugin/__init__.py, line 8)." in str(stop.value)


ADDING = """
    from shoptrack_admin.menu import MenuEntry, add_menu_entry
    from shoptrack_admin.pages import add_page

    def includeme(config):
        {declaration}
        {call}
"""
CALLS = {
    "add_page": 'add_page(config, "wishes", "wishes/", get=lambda request: {})',
    "add_menu_entry": 'add_menu_entry(config, MenuEntry("admin:wishes", "Wishes"))',
}


@pytest.mark.parametrize("function", CALLS)
def test_the_administrations_own_functions_ask_for_the_administration(plugin, function):
    body = ADDING.format(declaration="", call=CALLS[function])
    with pytest.raises(ConfigurationError) as stop:
        make_test_app(NOWHERE, (plugin("adding", body),))
    assert str(stop.value).startswith(f"{function} adds to the administration, which is not enab")
    assert str(stop.value).endswith("/adding/__init__.py, line 7).")


@pytest.mark.parametrize("function", CALLS)
def test_a_plugin_that_requires_it_hears_of_that_first(plugin, function):
    declaration = 'config.require_plugin("shoptrack_admin", "which has the pages")'
    body = ADDING.format(declaration=declaration, call=CALLS[function])
    with pytest.raises(ConfigurationError) as stop:
        make_test_app(NOWHERE, (plugin("adding", body),))
    assert str(stop.value).startswith("The plugin adding needs shoptrack_admin, which has the page")
