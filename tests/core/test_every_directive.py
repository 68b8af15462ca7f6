"""A plugin that calls every directive, beside the others and in either order: each effect, seen from outside."""

import ast
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import URL

from shoptrack.cli import Environment, main
from shoptrack.db import Database
from shoptrack.plugins import DIRECTIVES
from shoptrack.settings import ConfigurationError
from shoptrack.testing import Client, make_test_app

from .conftest import forget

pytestmark = pytest.mark.database("sqlite")

NAME = "every_directive"
GATE = f"{NAME}.gate"  # another plugin, which sets what only one plugin can set
OTHERS = ("shoptrack_auth", "shoptrack_admin")
NOWHERE = URL.create("sqlite", database="/nowhere/never-opened.sqlite3")
ENTRY_POINTS = f"""\
[shoptrack.plugins]
every = {NAME}
[shoptrack.commands]
wishes = {NAME}.commands:wishes
"""
PRODUCTS = "/api/products/"
WISHES = "/api/wishes/"
COUNT = "/api/count-of-wishes/"


@pytest.fixture(scope="module", autouse=True)
def installed_plugin(tmp_path_factory):
    """Install the plugin as a package of its own."""
    folder = tmp_path_factory.mktemp("installed")
    metadata = folder / "every_directive-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: every-directive\nVersion: 1.0\nSummary: Everything\n"
    )
    (metadata / "entry_points.txt").write_text(ENTRY_POINTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(Path(__file__).parent)
        patch.syspath_prepend(folder)
        yield
    forget(NAME)


@pytest.fixture(scope="module", params=["before the others", "after the others"])
def shared_app(new_database, installed_plugin, request):
    """Build the application, and migrate it by the command."""
    names = (NAME, *OTHERS) if request.param == "before the others" else (*OTHERS, NAME)
    settings = {"shoptrack.wish_limit": "9", "shoptrack.trusted_proxies": "127.0.0.1"}
    app = make_test_app(new_database(), names, **settings)
    run(app, "migrate")
    yield app
    Database.of(app.registry).dispose()


@pytest.fixture
def database(app):
    return Database.of(app.registry)


@pytest.fixture
def api(app, superuser, auth_headers):
    """Return a client that may do everything."""
    return Client(app, auth_headers(superuser))


@pytest.fixture
def product(api, make):
    """Return the URL of a product with a hint."""
    url = f"{PRODUCTS}{make.product().id}/"
    api.patch_json(url, {"hint": "in the cellar"})
    return url


def run(app, *arguments: str) -> str:
    """Run ``shoptrack`` with an application, and return what it prints."""
    environment = Environment(str(Path(__file__).parents[2] / "production.ini"))
    environment.registry = app.registry
    command = main.get_command(None, arguments[0])
    result = CliRunner().invoke(command, arguments[1:], obj=environment)
    assert result.exit_code == 0, result.output
    return result.output


def wish(api, name: str = "a cake") -> None:
    api.post_json(WISHES, {"name": name}, status=201)


def list_plugins(api) -> dict:
    return {plugin["name"]: plugin for plugin in api.get("/api/plugins/").json["plugins"]}


def stopped(*plugins: str, **ini: str) -> str:
    with pytest.raises(ConfigurationError) as stop:
        make_test_app(NOWHERE, plugins, **ini)
    return str(stop.value)


# Each test has the name of a directive.


def test_require_plugin():
    assert stopped(NAME).startswith(
        f"The plugin {NAME} needs shoptrack_auth, which knows who wishes."
    )


def test_add_settings_table(api):
    assert api.get(COUNT).json["limit"] == 9
    assert "a number of wishes" in stopped(NAME, *OTHERS, shoptrack__wish_limit="0")


def test_add_migrations(api):
    (lineage,) = list_plugins(api)["every"]["migrations"]
    assert (lineage["state"], lineage["revision"]) == ("up to date", "every_directive_0001")


def test_add_permissions(app, api, user, auth_headers, grant):
    client = Client(app, auth_headers(user))
    client.get(COUNT, status=403)
    grant(user, "wishes:count")
    client.get(COUNT)


def test_add_resource(api):
    wish(api)
    assert [row["name"] for row in api.get(WISHES).json] == ["a cake"]


def test_extend_resource(api, product):
    assert api.get(product).json["hint"] == "in the cellar"


def test_add_validator(api, product):
    answer = api.patch_json(product, {"hint": "none"}, status=400)
    assert answer.json == {"hint": ["This is no hint."]}


def test_add_warnings(api, product):
    api.patch_json(product, {"hint": "x"})
    (warning,) = api.get(f"{product}warnings/").json
    assert (warning["code"], warning["letters"]) == ("hint_is_short", 1)


def test_add_unit_factors(api, product, make):
    other = make.product()
    answer = api.post_json(f"{product}merge/", {"ids": [other.id]})
    assert answer.json["factors"] == {str(other.id): "2"}


def test_add_filter(api, product, make):
    other = make.product()
    listed = {
        value: [row["id"] for row in api.get(f"{PRODUCTS}?has_hint={value}").json]
        for value in ("true", "false")
    }
    assert listed["false"] == [other.id]
    assert product == f"{PRODUCTS}{listed['true'][0]}/"


def test_add_error(api, product):
    # The client compares the answer with the description, which knows the error by the directive.
    assert api.delete(product, status=409).json["code"] == "hint_is_kept"


def test_add_service(api):
    wish(api)
    assert api.get(COUNT).json["count"] == 1


def test_set_max_body_size(api):
    api.post_json(COUNT, {"text": "x" * 50}, status=200)
    api.post_json(COUNT, {"text": "x" * 100}, status=413)


def test_add_health_check(app, api, caplog):
    client = Client(app)
    assert client.get("/readyz").json["checks"]["shop of wishes"] == "ok"
    wish(api, "a broken shop")
    assert client.get("/readyz", status=503).json["checks"]["shop of wishes"] == "failed"
    assert "cannot be reached" in caplog.text


def test_add_deploy_check(app):
    sentence = "9 wishes are not enough. Set SHOPTRACK_WISH_LIMIT."
    assert f"every_directive.limit: {sentence}\n" in run(app, "check", "--deploy")


def test_add_admin(admin, api):
    wish(api)
    assert "A CAKE" in admin.get("/admin/wishes/")


def test_add_admin_page(admin, api):
    wish(api)
    assert "On the page: a cake" in admin.get("/admin/wish-page/")


def test_add_admin_panel(admin, api):
    wish(api)
    assert "On the panel: a cake" in admin.get("/admin/")


def test_add_admin_row_panel(admin, api):
    wish(api)
    wish(api, "a tart")
    first, _second = api.get(WISHES).json
    assert "The next after a cake: a tart" in admin.get(f"/admin/wishes/{first['id']}/")


def test_add_admin_column(admin, api):
    wish(api)
    row = admin.get("/admin/wishes/").html.find("tbody").find("tr")
    assert row.find_all("td")[-1].text.strip() == "6"


def test_add_admin_action(admin, api):
    wish(api)
    (row,) = api.get(WISHES).json
    page = admin.get(f"/admin/wishes/actions/fulfil/?id={row['id']}")
    assert "Fulfil" in page


def test_add_job(app, api):
    wish(api)
    assert "every_directive.fulfil" in run(app, "jobs", "list")
    run(app, "jobs", "run", "every_directive.fulfil")
    assert api.get(WISHES).json == []


def test_add_csv_mapping(api):
    url = "/api/wishes/import/?mapping=shoplist"
    answer = api.post(url, b"Wish,Shop\na cake,x\n", content_type="text/csv", status=201)
    assert answer.json["columns"] == {"Wish": "name"}


def test_add_proxy_header(app, user):
    Client(app, {"X-Wisher": user.username}).get(PRODUCTS, status=401)


def test_add_authenticator(app, user):
    proxied = {"REMOTE_ADDR": "127.0.0.1"}
    client = Client(app, {"X-Wisher": user.username})
    client.get(PRODUCTS, extra_environ=proxied)


def test_add_sign_in_link(app):
    page = Client(app).get("/admin/login/")
    assert page.html.find("a", string="Through the door")["href"].endswith("/wishes-door/")


@pytest.fixture
def guest():
    """Return a client of an application that lets guests in."""
    return Client(make_test_app(NOWHERE, (GATE,)), {"X-Guest": "yes"})


def test_set_identify(guest):
    assert guest.get("/door/").json == {"id": 7, "is_page": False}
    Client(guest.app).get("/door/", status=401)
    assert "the way in which callers are identified: " in stopped(GATE, "shoptrack_auth")


def test_set_browser_pages(guest):
    assert guest.get("/desk/").json == {"id": 7, "is_page": True}


# All of them.


def test_every_directive_is_called_and_has_a_test():
    trees = [ast.parse(file.read_text()) for file in Path(__file__).with_name(NAME).glob("*.py")]
    called = {
        node.func.attr
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("config.")
    }
    names = {directive.__name__ for directive in DIRECTIVES}
    assert names <= called
    assert names <= {name.removeprefix("test_") for name in globals()}


BROUGHT = {
    "administration": ["wishes"],
    "administration_actions": ["wishes.fulfil"],
    "administration_columns": ["wishes.length"],
    "administration_pages": ["wish-page"],
    "administration_panels": ["wish-panel"],
    "administration_row_panels": ["wishes.next"],
    "authenticators": ["wisher"],
    "body_sizes": ["/api/count-of-wishes/"],
    "commands": ["wishes"],
    "deploy_checks": ["every_directive.limit"],
    "errors": ["products: HintIsKept"],
    "extension_fields": ["products: hint"],
    "extensions": ["products: ProductHint"],
    "filters": ["products: has_hint"],
    "health_checks": ["shop of wishes"],
    "jobs": ["every_directive.fulfil"],
    "mappings": ["wishes: shoplist"],
    "migrations": ["every_directive"],
    "permissions": ["wishes:add", "wishes:change", "wishes:count", "wishes:delete", "wishes:view"],
    "proxy_headers": ["X-Wisher"],
    "requirements": ["shoptrack_auth"],
    "resources": ["wishes"],
    "services": ["/api/count-of-wishes/"],
    "settings": ["SHOPTRACK_WISH_LIMIT"],
    "sign-in_links": ["wishes:door"],
    "unit_factors": ["every_directive.extension.find_factor"],
    "validators": ["products: every_directive.extension.check_hints"],
    "warnings": ["products: every_directive.extension.find_short_hints"],
}


def test_the_list_of_plugins_has_every_contribution(app, api):
    assert list_plugins(api)["every"]["brought"] == BROUGHT
    printed = run(app, "plugins").partition("\nevery: Everything\n")[2].partition("\n\n")[0]
    assert printed.split("\n") == [
        f"  {kind.replace('_', ' ')}: {', '.join(names)}" for kind, names in BROUGHT.items()
    ]


def test_a_command_reads_the_tables(app, api):
    wish(api)
    assert run(app, "wishes") == "a cake\n"
