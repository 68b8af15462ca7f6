"""The schemas of a price history."""

from typing import Any

from shoptrack.resources import ID, JSONSchema, Schema
from shoptrack.rest import object_schema
from shoptrack_reports.schemas import AMOUNT, ReadOnlyField, make_component_reference
from shoptrack_reports.units.amounts import QUANTITY

COUNT: JSONSchema = {"type": "integer", "minimum": 0}
DATE: JSONSchema = {"type": "string", "format": "date"}
MONTH_TEXT: JSONSchema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"}
PRICE_EXAMPLE = {
    "n": 5,
    "min": "198.000000",
    "median": "214.500000",
    "last": "228.000000",
    "last_date": "2025-04-12",
    "cheapest": True,
}
STORE_EXAMPLE = {"store": {"id": 3, "name": "Life", "location": "Kyoto"}}
MONTH_EXAMPLE = {"month": "2025-04"}


def _make_schema(name: str, key: str, schema: JSONSchema, example: dict[str, Any]) -> Schema:
    row = object_schema(
        **{key: schema},
        n={**COUNT, "minimum": 1},
        min=AMOUNT,
        median=AMOUNT,
        last=AMOUNT,
        last_date=DATE,
        cheapest={"type": "boolean"},
    )
    return Schema(
        name,
        (
            ReadOnlyField(
                "product",
                object_schema(id=ID, name={"type": "string"}),
                example={"id": 7, "name": "Milk"},
            ),
            ReadOnlyField(
                "per",
                object_schema(quantity=QUANTITY.get_response_schema(), unit={"type": "string"}),
                description="The amount that the prices are for.",
                example={"quantity": "1.000", "unit": "L"},
            ),
            ReadOnlyField(
                "prices",
                {"type": "array", "items": row},
                description="`n` is the number of records; `cheapest` marks the lowest median.",
                example=[example | PRICE_EXAMPLE],
            ),
            ReadOnlyField(
                "left_out",
                object_schema(no_quantity=COUNT, no_price=COUNT),
                description="Records without a unit price, since their quantity or price is not greater than 0.",
                example={"no_quantity": 0, "no_price": 1},
            ),
        ),
    )


BY_STORE = _make_schema("PricesByStore", "store", make_component_reference("Store"), STORE_EXAMPLE)
BY_MONTH = _make_schema("PricesByMonth", "month", MONTH_TEXT, MONTH_EXAMPLE)
