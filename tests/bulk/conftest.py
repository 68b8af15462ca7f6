"""Clients, and bodies of several rows."""

import pytest

URL = "/api/shopping-records/bulk/"


@pytest.fixture
def body(make):
    """Return a function that makes the body of a record."""
    store, product = make.store().id, make.product().id

    def body(**values):
        return {
            **{"price": 100, "purchase_date": "2025-04-01", "quantity": "1.000"},
            **{"store_id": store, "product_id": product},
            **values,
        }

    return body
