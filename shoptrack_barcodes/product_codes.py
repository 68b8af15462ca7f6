"""The codes of each product in one row, stored anew in the transaction of each change of barcodes."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from shoptrack.catalog.models import Product
from shoptrack.events import RowAdded, RowChanged, RowDeleted, RowEvent, RowEventBatch
from shoptrack_barcodes.models import Barcode, ProductCodes


def store_codes(db: Session, ids: Collection[int]) -> None:
    """Store the codes of products, in the order in which they were added."""
    # Two requests for one product at once store its codes one after the other, the second one all of them.
    locked = select(Product.id).where(Product.id.in_(ids)).order_by(Product.id)
    db.execute(locked.with_for_update(key_share=True)).all()
    rows = select(Barcode.product_id, Barcode.code, Barcode.normalized)
    rows = rows.where(Barcode.product_id.in_(ids)).order_by(Barcode.id)
    codes, normalized = defaultdict(list), defaultdict(list)
    for id, code, form in db.execute(rows):
        codes[id].append(code)
        normalized[id].append(form)
    db.execute(delete(ProductCodes).where(ProductCodes.id.in_(ids)))
    stored = [
        {"id": id, "barcodes": ",".join(own), "normalized": ",".join(normalized[id])}
        for id, own in codes.items()
    ]
    if stored:
        db.execute(insert(ProductCodes), stored)


def _update(db: Session, events: Iterable[RowEvent]) -> None:
    own = [event for event in events if event.resource.model is Barcode]
    parts = [part for event in own for part in (event.before, event.after)]
    products = {part["product"]["id"] for part in parts if "product" in part}
    # Where only codes have changed, the events do not have the products.
    changed = [event.id for event in own if isinstance(event, RowChanged)]
    if changed:
        products |= set(db.scalars(select(Barcode.product_id).where(Barcode.id.in_(changed))))
    if products:
        store_codes(db, products)


def update_one(event: RowEvent) -> None:
    """Store the codes of a product whose barcode has changed."""
    if not event.is_bulk:
        _update(event.db, [event])


def update_many(batch: RowEventBatch) -> None:
    """Store the codes of all products whose barcodes have changed at once."""
    _update(batch.db, batch.events)


def includeme(config):
    """Store codes whenever barcodes change."""
    for kind in (RowAdded, RowChanged, RowDeleted):
        config.add_subscriber(update_one, kind)
    config.add_subscriber(update_many, RowEventBatch)
