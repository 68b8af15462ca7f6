"""An application with barcodes, and products that have some."""

import pytest
from sqlalchemy import select

from shoptrack.history import HistoryEntry

URL = "/api/barcodes/"
MILK, UPC, EAN8 = "4901234567894", "012345678905", "12345670"


@pytest.fixture(scope="session")
def plugins():
    return ("shoptrack_auth", "shoptrack_admin", "shoptrack_reports", "shoptrack_barcodes")


@pytest.fixture
def add(api):
    """Return a function that gives a product a barcode by the API, and returns its document."""

    def add(product, code):
        return api.post_json(URL, {"product_id": product.id, "code": code}, status=201).json

    return add


@pytest.fixture
def history(database):
    """Return a function that reads the actions and labels of a resource's entries, the oldest first."""

    def history(path="barcodes"):
        entries = select(HistoryEntry.action, HistoryEntry.label).where(HistoryEntry.path == path)
        with database.read_engine.connect() as connection:
            return [tuple(row) for row in connection.execute(entries.order_by(HistoryEntry.id))]

    return history
