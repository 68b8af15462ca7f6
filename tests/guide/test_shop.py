"""The settings of the plugin, and the checks that depend on them."""

import socket
from types import SimpleNamespace

import pytest
from webtest import TestApp

from shoptrack.settings import ConfigurationError
from shoptrack_wishlist.settings import WishSettings
from shoptrack_wishlist.shop import check_shop_key

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def port():
    """Return the port of a shop that accepts connections."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_settings_have_types(build_app):
    app = build_app(shoptrack__wish_rooms="kitchen, hall", shoptrack__wish_shop_port="8443")
    settings = WishSettings.of(app.registry)
    assert (settings.rooms, settings.shop_port) == (("kitchen", "hall"), 8443)


def test_a_wrong_value_prevents_startup(build_app):
    with pytest.raises(ConfigurationError) as stopped:
        build_app(shoptrack__wish_shop_port="0")
    assert "SHOPTRACK_WISH_SHOP_PORT" in str(stopped.value)
    assert "a port, 1 to 65535" in str(stopped.value)


def test_a_shop_that_is_not_there_is_not_ready(build_app, port):
    shop = {"shoptrack__wish_shop_host": "127.0.0.1"}
    TestApp(build_app(shoptrack__wish_shop_port=str(port), **shop)).get("/readyz", status=200)
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = str(server.getsockname()[1])
    response = TestApp(build_app(shoptrack__wish_shop_port=closed, **shop)).get(
        "/readyz", status=503
    )
    assert "wishlist shop" in response.text


@pytest.mark.parametrize(("key", "is_problem"), [("test", True), ("a-real-one", False)])
def test_a_key_for_tests_is_a_problem(build_app, key, is_problem):
    registry = build_app(shoptrack__wish_shop_key=key).registry
    problem = check_shop_key(SimpleNamespace(registry=registry))
    assert bool(problem) is is_problem
