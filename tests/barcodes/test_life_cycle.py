"""The life of the plugin in one database: enabled, disabled, enabled again, backed up, restored, taken back."""

import pytest

from shoptrack.cli.backup import backup, restore
from shoptrack.cli.plugin_list import plugins as list_plugins
from shoptrack.testing import Client, RowFactory, make_test_app
from shoptrack.testing.application import IDENTITY_PLUGIN
from shoptrack.testing.identity import make_headers
from tests.core.test_life_cycle import Shop

from .conftest import MILK, UPC, URL

PLUGIN = "shoptrack_barcodes"
TABLES = {"shoptrack_barcodes_barcodes", "shoptrack_barcodes_products"}
PRODUCTS = "/api/products/"
VERBS = ("view", "add", "change", "delete")
ALL = [f"{path}:{verb}" for path in ("products", "barcodes") for verb in VERBS]


class Household(Shop):
    """A database, with applications that have the plugin or not."""

    def app(self, *plugins):
        if plugins not in self._apps:
            ini = {"pyramid.includes": IDENTITY_PLUGIN}
            self._apps[plugins] = make_test_app(self._url, plugins, **ini)
        return self._apps[plugins]

    def client(self, *plugins):
        return Client(self.app(*plugins), make_headers(1, ALL))


@pytest.fixture
def new_household(new_database):
    """Return a function that makes an empty database."""
    made = []

    def new_household():
        made.append(Household(new_database()))
        return made[-1]

    yield new_household
    for household in made:
        household.close()


@pytest.fixture
def household(new_household):
    """Make a database with two products that have barcodes."""
    household = new_household().migrated()
    make = RowFactory(household.database)
    ids = [make.product(name=name).id for name in ("Milk", "Tea")]
    household.migrated(PLUGIN)  # in a database that has rows already
    items = [{"product_id": id, "code": code} for id, code in zip(ids, (MILK, UPC), strict=True)]
    household.client(PLUGIN).post_json(f"{URL}bulk/", items, status=201)
    return household


def codes(client):
    return {one["name"]: one["barcodes"] for one in client.get(PRODUCTS).json}


def test_products_are_deleted_while_it_is_disabled(household):
    client = household.client()
    documents = client.get(f"{PRODUCTS}?ordering=id").json
    assert [one.get("barcodes") for one in documents] == [None, None]
    client.delete(f"{PRODUCTS}{documents[0]['id']}/", status=204)
    output = household.run(list_plugins).output
    assert all(table in output for table in TABLES), output
    assert codes(household.migrated(PLUGIN).client(PLUGIN)) == {"Tea": [UPC]}
    assert [len(household.rows(table)) for table in TABLES] == [1, 1]


def test_a_backup_has_them(household, new_household, tmp_path):
    file = str(tmp_path / "household.zip")
    done = household.run(backup, file, plugins=(PLUGIN,))
    assert done.exit_code == 0, done.output
    other = new_household()
    done = other.run(restore, file, "--unsigned", plugins=(PLUGIN,))
    assert done.exit_code == 0, done.output
    client = other.client(PLUGIN)
    assert codes(client) == {"Milk": [MILK], "Tea": [UPC]}
    assert client.get(f"{PRODUCTS}by-barcode/{MILK}/").json["name"] == "Milk"
    product = client.get(f"{PRODUCTS}?name=Tea").json[0]["id"]
    body = {"product_id": product, "code": "12345670"}
    client.post_json(URL, body, status=201)
    assert codes(client)["Tea"] == [UPC, "12345670"]


def test_what_is_taken_back_leaves_nothing(household):
    assert household.tables.keys() >= TABLES
    done = household.migrate("--plugin", "barcodes", "--down", "base", "--yes", plugins=(PLUGIN,))
    assert done.exit_code == 0, done.output
    assert not any("barcodes" in name for name in household.tables)
    assert len(household.client().get(PRODUCTS).json) == 2
