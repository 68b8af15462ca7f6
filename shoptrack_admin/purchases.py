"""Panels of the latest purchases: on the overview, and on the pages of products and stores."""

from functools import partial
from typing import Any

from sqlalchemy import bindparam, select

from shoptrack.catalog.models import Product, Store, Unit
from shoptrack.catalog.resources import ProductResource, StoreResource, UnitResource
from shoptrack.plugins import AdminPanel, AdminRowPanel
from shoptrack.records.models import ShoppingRecord
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources import Hidden
from shoptrack.rest import find_hidden

MAX_ROWS = 8
REFERENCES = {"product": ProductResource, "store": StoreResource}
TEMPLATE = "shoptrack_admin:templates/panels/purchases.jinja2"

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
_records_of = {
    name: _records.where(getattr(ShoppingRecord, f"{name}_id") == bindparam("id"))
    for name in REFERENCES
}


def load_newest(request) -> dict[str, Any] | None:
    """Return the newest records of all, by purchase date."""
    return _load(request, _records, {})


def load_of_row(name: str, request, document) -> dict[str, Any] | None:
    """Return the newest records of a product or of a store, and the list of all of them.

    :param name: of the reference to the row
    """
    panel = _load(request, _records_of[name], {"id": document["id"]})
    if panel is None:
        return None
    path = request.route_path(f"admin:{ShoppingRecordResource.path}")
    shown = [other for other in REFERENCES if other != name]
    return panel | {"references": shown, "all": f"{path}?{name}_id={document['id']}"}


def _load(request, statement: Any, values: dict[str, Any]) -> dict[str, Any] | None:
    hidden = find_hidden(request, ProductResource, UnitResource, StoreResource)
    records = [row._asdict() for row in request.reader.execute(statement, values)]
    for record in records:
        record["href"] = _get_path(request, ShoppingRecordResource, record["id"])
        if hidden:
            _hide(record, hidden)
        record["hrefs"] = {
            name: _get_path(request, resource, record[f"{name}_id"])
            for name, resource in REFERENCES.items()
            if resource.permission("view") not in hidden
        }
    if not records:
        return None
    return {"records": records, "references": [*REFERENCES], "all": None}


def _hide(record: dict[str, Any], hidden: Hidden) -> None:
    """Replace names that the user may not view by ids, and omit the unit."""
    for name, resource in REFERENCES.items():
        if resource.permission("view") in hidden:
            record[name] = f"{resource.noun()} {record[f'{name}_id']}"
    if {ProductResource.permission("view"), UnitResource.permission("view")} & hidden:
        record["unit"] = ""


def _get_path(request, resource: Any, id: int) -> str:
    return request.route_path(f"admin:{resource.path}:row", id=id)


def includeme(config):
    """Show the panels to users who may view shopping records."""
    permission = ShoppingRecordResource.permission("view")
    newest = AdminPanel("newest", TEMPLATE, load_newest, permission, order=10, staff_only=False)
    config.add_admin_panel(newest)
    for name, resource in REFERENCES.items():
        load = partial(load_of_row, name)
        panel = AdminRowPanel("purchases", TEMPLATE, load, permission, order=50, staff_only=False)
        config.add_admin_row_panel(resource.path, panel)
