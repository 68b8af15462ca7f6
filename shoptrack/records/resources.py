"""The resource of shopping records, described."""

from typing import Any

from shoptrack.catalog.resources import ProductResource, StoreResource
from shoptrack.i18n.translation import _
from shoptrack.records.models import ShoppingRecord
from shoptrack.resources.fields import Date, Decimal, Money, Reference
from shoptrack.resources.resource import Resource

__all__ = ["ShoppingRecordResource"]


class ShoppingRecordResource(Resource):
    """Lines of receipts. ``price`` is what the whole line cost, not the price of one unit."""

    model = ShoppingRecord
    path = "shopping-records"
    verbose_name = _("shopping record")
    verbose_name_plural = _("shopping records")
    fields = (
        Money(
            "price",
            verbose_name=_("price"),
            description="What the whole line cost, in the smallest unit of the household's currency: yen "
            "by default, cents for euros. It is not the price of one unit: that is `price / quantity`. "
            "Negative for refunds and discounts.",
            example=1000,
        ),
        Date(
            "purchase_date",
            verbose_name=_("purchase date"),
            description="A calendar day, without a time zone.",
        ),
        Reference("store", StoreResource),
        Decimal(
            "quantity",
            verbose_name=_("quantity"),
            max_digits=10,
            decimal_places=3,
            measured_by="product",
            description="How much was bought, in the product's unit. Text, so that nobody rounds it.",
            example="500.000",
        ),
        Reference("product", ProductResource),
    )
    has_equal_rows = True  # who buys two coffees in a day has two records
    kept_fields = bulk_fields = ("store", "purchase_date")  # a receipt has them once
    default_order = ("purchase_date", "id")

    @classmethod
    def label(cls, document: dict[str, Any]) -> str:
        """Return the day, the product and the store."""
        product = ProductResource.label_of(document["product"])
        store = StoreResource.label_of(document["store"])
        return f"{document['purchase_date']} {product}, {store}"
