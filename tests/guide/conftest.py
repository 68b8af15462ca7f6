"""An application with the plugin that the guide quotes."""

import sys
from datetime import date
from pathlib import Path

import pytest

from shoptrack.cli import Environment

sys.path.insert(0, str(Path(__file__).parent))  # the plugin is imported as if it were installed


@pytest.fixture(scope="session")
def plugins():
    """Enable the plugin, with those that it requires."""
    return ("shoptrack_auth", "shoptrack_admin", "shoptrack_wishlist")


@pytest.fixture(scope="session")
def settings():
    """Require permissions."""
    return {"shoptrack.api_permissions": "model"}


@pytest.fixture
def credentials(superuser, auth_headers):
    """Return the headers of a user with all permissions."""
    return auth_headers(superuser)


@pytest.fixture
def wish(make):
    """Return a wish for tea until the end of November 2026."""
    from shoptrack_wishlist.models import Wish

    product = make.product(name="Tea")
    return make.row(Wish, product_id=product.id, reason="for guests", wanted_by=date(2026, 11, 30))


@pytest.fixture
def environment(app):
    """Return the environment of a command, with the application of the test."""
    environment = Environment(None)
    environment.registry = app.registry
    return environment
