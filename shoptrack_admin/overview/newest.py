"""The overview's panel of the latest purchases."""

from typing import Any

from sqlalchemy import select

from shoptrack.catalog.models import Product, Store, Unit
from shoptrack.catalog.resources import ProductResource, StoreResource, UnitResource
from shoptrack.plugins import AdminPanel
from shoptrack.records.models import ShoppingRecord
from shoptrack.resources import Hidden
from shoptrack.rest import find_hidden

MAX_ROWS = 8

_records = (
    select(
        ShoppingRecord.id,
        ShoppingRecord.purchase_date,
        ShoppingRecord.quantity,
        ShoppingRecord.price,
        ShoppingRecord.product_id,
        ShoppingRecord.store_id,
        Product.name.label("product"),
        Unit.name.label("unit"),
        Store.name.label("store"),
    )
    .join(Product, Product.id == ShoppingRecord.product_id)
    .join(Unit, Unit.id == Product.unit_id)
    .join(Store, Store.id == ShoppingRecord.store_id)
    .order_by(ShoppingRecord.purchase_date.desc(), ShoppingRecord.id.desc())
    .limit(MAX_ROWS)
)


def load_panel(request) -> dict | None:
    """Return the newest records, by purchase date."""
    hidden = find_hidden(request, ProductResource, UnitResource, StoreResource)
    records = [row._asdict() for row in request.reader.execute(_records)]
    if hidden:
        for record in records:
            _hide(record, hidden)
    return {"records": records} if records else None


def _hide(record: dict[str, Any], hidden: Hidden) -> None:
    """Replace names that the user may not view by ids, and omit the unit."""
    for name, resource in (("product", ProductResource), ("store", StoreResource)):
        if resource.permission("view") in hidden:
            record[name] = f"{resource.noun()} {record[f'{name}_id']}"
    if {ProductResource.permission("view"), UnitResource.permission("view")} & hidden:
        record["unit"] = ""


def includeme(config):
    """Show the panel to users who may view shopping records."""
    template = "shoptrack_admin:templates/panels/newest.jinja2"
    config.add_admin_panel(
        AdminPanel(
            "newest", template, load_panel, "shopping-records:view", order=10, staff_only=False
        )
    )
