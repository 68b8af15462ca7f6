"""Files of records, and their import."""

from urllib.parse import urlencode

import pytest

from shoptrack.testing import Client

URL = "/api/shopping-records/import/"
HEADER = (
    "purchase_date,store_name,store_location,product_name,"
    "product_category_name,product_unit_name,quantity,price\r\n"
)
LINE = "2025-04-01,Life,Kyoto,Milk,Dairy,ml,1000,250\r\n"


class Importer:
    """Imports files by a client."""

    def __init__(self, client: Client, headers=None):
        self._client = client
        self.headers = headers

    def __call__(self, text: str | bytes, status=None, url=URL, headers=None, **options):
        """Import a file, and return the response."""
        body = text if isinstance(text, bytes) else text.encode()
        query = {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in options.items()
        }
        address = f"{url}?{urlencode(query)}" if query else url
        return self._client.post(
            address, body, content_type="text/csv", status=status, headers=headers
        )

    def get_faults(self, text: str | bytes, **options) -> list[tuple[int, str | None, str]]:
        """Return the faults of a file, of which nothing is stored."""
        answer = self(text, status=400, **options).json
        return [(fault["line"], fault["column"], fault["message"]) for fault in answer["faults"]]

    def get_records(self) -> list[dict]:
        """Return all records."""
        return self._client.get("/api/shopping-records/?ordering=id").json


@pytest.fixture
def importer(api, credentials) -> Importer:
    """Return the importer of a user with all permissions."""
    return Importer(api, credentials)
