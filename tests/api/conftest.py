"""The seven resources, one at a time: what all of them do alike is tested on each."""

from collections.abc import Callable
from typing import Any

import pytest

from shoptrack.resources.resource import ServedResources
from shoptrack.testing import RowFactory

Body = dict[str, Any]

BODIES: dict[str, Callable[[RowFactory], Body]] = {
    "categories": lambda make: {"name": "Meat"},
    "units": lambda make: {"name": "g"},
    "manufacturers": lambda make: {"name": "Meiji"},
    "origins": lambda make: {"name": "Hokkaido"},
    "stores": lambda make: {"name": "Life", "location": "Kyoto"},
    "products": lambda make: {
        "name": "Beef",
        "category_id": make.category().id,
        "unit_id": make.unit().id,
        "manufacturer_id": make.manufacturer().id,
        "origin_id": make.origin().id,
    },
    "shopping-records": lambda make: {
        "price": 1200,
        "purchase_date": "2025-02-03",
        "store_id": make.store().id,
        "quantity": "1.500",
        "product_id": make.product().id,
    },
}
ROWS: dict[str, Callable[[RowFactory], Any]] = {
    "categories": RowFactory.category,
    "units": RowFactory.unit,
    "manufacturers": RowFactory.manufacturer,
    "origins": RowFactory.origin,
    "stores": RowFactory.store,
    "products": RowFactory.product,
    "shopping-records": RowFactory.record,
}


@pytest.fixture(params=BODIES)
def path(request) -> str:
    """Name a resource."""
    return request.param


@pytest.fixture
def url(path: str) -> str:
    """Return the address of the resource's list."""
    return f"/api/{path}/"


@pytest.fixture
def body(path: str, make: RowFactory) -> Body:
    """Return a body with every field of the resource, each with a value that is taken."""
    return BODIES[path](make)


@pytest.fixture
def row(path: str, make: RowFactory) -> Any:
    """Make a row of the resource that nothing refers to."""
    return ROWS[path](make)


@pytest.fixture
def item(url: str, row: Any) -> str:
    """Return the address of a row of the resource."""
    return f"{url}{row.id}/"


@pytest.fixture
def make_rows(path: str, make: RowFactory, app: Any) -> Callable[[int], list[int]]:
    """Return a function that makes many rows of the resource, and returns their ids."""
    model = ServedResources.of(app.registry)[path].model
    return lambda number: [row.id for row in make.rows(model, number)]
