"""What the report of the cheapest stores looks like."""

from typing import Any

from shoptrack.resources.fields import ID, JSONSchema
from shoptrack.resources.schema import Schema
from shoptrack.rest.description import allow_null, object_schema
from shoptrack_reports.documents import Member, refers_to
from shoptrack_reports.exact import AMOUNT
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
STORE: dict[str, Any] = {"store": refers_to("Store"), "total": AMOUNT}
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
        Member(
            "products",
            {"type": "array", "items": PRODUCT},
            description="The shopping list. Where `quantity` was not sent, it is what was bought the last time; "
            "null of what never was.",
            example=[
                {"id": 7, "name": "Milk", "unit": "ml", "quantity": "1000.000"},
                {"id": 9, "name": "Rice", "unit": "kg", "quantity": "5.000"},
            ],
        ),
        Member(
            "stores",
            {"type": "array", "items": object_schema(**STORE, missing=IDS)},
            description="All stores that have any of it: those that lack the fewest products first, of these the "
            "cheapest.",
            example=[
                {"store": LIFE, "total": "2694.000000", "missing": []},
                {"store": AEON, "total": "2380.000000", "missing": [7]},
            ],
        ),
        Member(
            "best",
            allow_null(ONE),
            description="The first of these, and what each product costs there.",
            example={"store": LIFE, "total": "2694.000000", "missing": [], "items": [MILK, RICE]},
        ),
        Member(
            "split",
            allow_null(TWO),
            description="The two stores that together lack the fewest products, of these the cheapest, and what to "
            "buy where. Null where one store is as good alone.",
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
