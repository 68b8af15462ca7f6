from datetime import date
from importlib.util import find_spec

import pytest

# The plugin needs neither users nor the administration, and works with both: these tests run alike
# whichever is installed, and those of test_administration.py where there is one.
OTHERS = [name for name in ("shoptrack_auth", "shoptrack_admin") if find_spec(name)]

pytest_plugins = ["shoptrack.testing", *(f"{name}.testing" for name in OTHERS)]


@pytest.fixture(scope="session")
def plugins():
    return (*OTHERS, "shoptrack_budgets")


@pytest.fixture
def spend(make):
    """Return a function that makes a record: ``spend(category, 500, on="2026-11-30")``."""

    def spend(category, price, on):
        product = make.product(category_id=category.id)
        make.record(product_id=product.id, price=price, purchase_date=date.fromisoformat(on))

    return spend
