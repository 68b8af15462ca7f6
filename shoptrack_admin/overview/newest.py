"""The overview's panel of what was bought last."""

from sqlalchemy import select

from shoptrack.catalog.models import Product, Store, Unit
from shoptrack.records.models import ShoppingRecord
from shoptrack_admin.panels import Panel, add_panel

MOST = 8

_records = (
    select(
        ShoppingRecord.id,
        ShoppingRecord.purchase_date,
        ShoppingRecord.quantity,
        ShoppingRecord.price,
        Product.name.label("product"),
        Unit.name.label("unit"),
        Store.name.label("store"),
    )
    .join(Product, Product.id == ShoppingRecord.product_id)
    .join(Unit, Unit.id == Product.unit_id)
    .join(Store, Store.id == ShoppingRecord.store_id)
    .order_by(ShoppingRecord.purchase_date.desc(), ShoppingRecord.id.desc())
    .limit(MOST)
)


def read(request) -> dict | None:
    """Return the newest records, by the day on which something was bought."""
    records = list(request.reader.execute(_records))
    return {"records": records} if records else None


def includeme(config):
    """Show the panel to whoever may see shopping records."""
    template = "shoptrack_admin:templates/panels/newest.jinja2"
    add_panel(config, Panel("newest", template, read, "shopping-records:view", order=10))
