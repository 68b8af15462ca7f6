"""The resource of shopping records, described."""

from typing import Any

from shoptrack.api.fields import Date, Decimal, Integer, Reference
from shoptrack.api.resource import Resource
from shoptrack.catalog.resources import ProductResource, StoreResource
from shoptrack.records.models import ShoppingRecord


class ShoppingRecordResource(Resource):
    """Lines of receipts. ``price`` is what the whole line cost, not the price of one unit."""

    model = ShoppingRecord
    path = "shopping-records"
    fields = (
        Integer("price"),
        Date("purchase_date"),
        Reference("store", StoreResource),
        Decimal("quantity", max_digits=10, decimal_places=3),
        Reference("product", ProductResource),
    )
    default_order = ("purchase_date", "id")

    @classmethod
    def label(cls, document: dict[str, Any]) -> str:
        """Return the day, the product and the store."""
        product = ProductResource.label(document["product"])
        store = StoreResource.label(document["store"])
        return f"{document['purchase_date']} {product}, {store}"
