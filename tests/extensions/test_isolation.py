"""What plugins add belongs to the applications that enable them, and the plugins' order does not matter."""

import pytest

from shoptrack.openapi import ApiSpec
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources import Repository
from shoptrack.testing import make_test_app

from . import extras, notes

pytestmark = pytest.mark.database("sqlite")

ADDED = ["note", "tax_rate", "seen_at", "tax", "rating", "is_gift"]


def get_names(app, path="shopping-records"):
    return [field.name for field in Repository.of(app.registry, path).resource.fields]


def test_other_applications_of_the_process_do_not_have_it(database):
    extended = make_test_app(database.url, (notes.__name__, extras.__name__))
    plain = make_test_app(database.url)
    own = [field.name for field in ShoppingRecordResource.fields]
    assert get_names(plain) == own
    assert get_names(extended) == own + ADDED
    parameters = Repository.of(plain.registry, "shopping-records").parameters
    assert {"note", "is_refund"}.isdisjoint(parameters.names)
    assert "is_refund" not in parameters.filters
    assert ShoppingRecordResource.extensions == ()


def test_plugins_are_enabled_in_any_order(database):
    names = [notes.__name__, extras.__name__]
    for plugins in (names, names[::-1]):
        app = make_test_app(database.url, plugins)
        assert sorted(get_names(app)) == sorted(get_names(make_test_app(database.url)) + ADDED)
        assert get_names(app, "products")[-2:] == ["purchases", "enough"]


def test_documents_that_are_described_nested_are_without_it(database):
    app = make_test_app(database.url, (extras.__name__,))
    schemas = app.registry[ApiSpec].openapi["components"]["schemas"]
    assert "purchases" in schemas["ExtendedProduct"]["properties"]
    assert "purchases" not in schemas["Product"]["properties"]
    product = schemas["ExtendedShoppingRecord"]["properties"]["product"]
    assert "ExtendedProduct" not in str(product)
    request = schemas["ExtendedShoppingRecordRequest"]
    assert "is_gift" in request["properties"]
    assert "is_gift" not in request["required"]
