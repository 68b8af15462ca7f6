"""The schema of the report of the cheapest stores."""

from typing import Any

from shoptrack.resources import ID, JSONSchema, Schema
from shoptrack.rest import allow_null, object_schema
from shoptrack_reports.schemas import AMOUNT, ReadOnlyField, make_component_reference
from shoptrack_reports.units.amounts import QUANTITY

IDS: JSONSchema = {"type": "array", "items": ID}
ITEMS: JSONSchema = {
    "type": "array",
    "items": object_schema(
        product_id=ID,
        cost=AMOUNT,
        unit_price=AMOUNT,
        last_date={"type": "string", "format": "date"},
    ),
}
PRODUCT = object_schema(
    id=ID,
    name={"type": "string"},
    unit={"type": "string"},
    quantity=allow_null(QUANTITY.get_response_schema()),
)
STORE: dict[str, Any] = {"store": make_component_reference("Store"), "total": AMOUNT}
ONE = object_schema(**STORE, missing=IDS, items=ITEMS)
TWO = object_schema(
    total=AMOUNT,
    missing=IDS,
    stores={"type": "array", "items": object_schema(**STORE, items=ITEMS)},
)

LIFE = {"id": 3, "name": "Life", "location": "Kyoto"}
AEON = {"id": 5, "name": "Aeon", "location": "Kyoto"}


def _item(id: int, cost: str, unit_price: str) -> dict[str, Any]:
    return {
        "product_id": id,
        "cost": cost,
        "unit_price": unit_price,
        "last_date": "2025-04-12",
    }


MILK, RICE = _item(7, "214.000000", "0.214000"), _item(9, "2480.000000", "496.000000")
CHEAPEST_STORES = Schema(
    "CheapestStores",
    (
        ReadOnlyField(
            "products",
            {"type": "array", "items": PRODUCT},
            description="The shopping list. Without the parameter `quantity`, it is that of the newest purchase; "
            "null if there is none.",
            example=[
                {"id": 7, "name": "Milk", "unit": "ml", "quantity": "1000.000"},
                {"id": 9, "name": "Rice", "unit": "kg", "quantity": "5.000"},
            ],
        ),
        ReadOnlyField(
            "stores",
            {"type": "array", "items": object_schema(**STORE, missing=IDS)},
            description="All stores with any of the products, by number of missing products, then by total.",
            example=[
                {"store": LIFE, "total": "2694.000000", "missing": []},
                {"store": AEON, "total": "2380.000000", "missing": [7]},
            ],
        ),
        ReadOnlyField(
            "best",
            allow_null(ONE),
            description="The first of these stores, with the cost of each product.",
            example={"store": LIFE, "total": "2694.000000", "missing": [], "items": [MILK, RICE]},
        ),
        ReadOnlyField(
            "split",
            allow_null(TWO),
            description="The cheapest of those pairs of stores that together lack the fewest products, and what to "
            "buy in each. Null if one store alone is as good.",
            example={
                "total": "2594.000000",
                "missing": [],
                "stores": [
                    {"store": LIFE, "total": "214.000000", "items": [MILK]},
                    {
                        "store": AEON,
                        "total": "2380.000000",
                        "items": [_item(9, "2380.000000", "476.000000")],
                    },
                ],
            },
        ),
    ),
)
