"""What a form of receipts offers: the last store of the user, and the last purchase of each product."""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Select, bindparam, func, select
from sqlalchemy.orm import aliased

from shoptrack.catalog.models import Product, Unit
from shoptrack.catalog.resources import ProductResource, UnitResource
from shoptrack.history import Action, HistoryEntry
from shoptrack.records.models import ShoppingRecord
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources import InvalidValue, parse_id
from shoptrack.rest import find_hidden
from shoptrack_admin.translation import _, translate_for_request

MAX_PRODUCTS = 200  # of one request


class LastPurchase(NamedTuple):
    """A product, and how it was bought last: in the same store if it was ever bought there.

    :param unit: of the quantity, empty if the user may not view it
    :param quantity: as text for an input, empty if it is unknown
    :param price: as text for an input, empty if the product was not bought in the same store
    :param text: the sentence about the last purchase in the same store
    """

    unit: str = ""
    quantity: str = ""
    price: str = ""
    text: str = ""


_UNIT_PERMISSIONS = {one.permission("view") for one in (ProductResource, UnitResource)}


def _select_last_purchases() -> Select:
    """Return the statement of products with their last record in a store, or else in any store.

    Refunds and gifts are left out: nobody buys for their price again.
    """
    earlier = aliased(ShoppingRecord)
    of_product = (
        select(earlier.id)
        .where(earlier.product_id == Product.id, earlier.price > 0, earlier.quantity > 0)
        .order_by(earlier.purchase_date.desc(), earlier.id.desc())
        .limit(1)
    )
    # Ids in a request may exceed the column's type.
    store_id = bindparam("store_id", type_=BigInteger)
    in_store = of_product.where(earlier.store_id == store_id)
    last = func.coalesce(in_store.scalar_subquery(), of_product.scalar_subquery())
    ids = bindparam("ids", type_=BigInteger, expanding=True)
    return (
        select(
            Product.id,
            Unit.name.label("unit"),
            ShoppingRecord.quantity,
            ShoppingRecord.price,
            ShoppingRecord.purchase_date,
            ShoppingRecord.store_id,
        )
        .join(Unit, Unit.id == Product.unit_id)
        .outerjoin(ShoppingRecord, ShoppingRecord.id == last)
        .where(Product.id.in_(ids))
    )


_last_purchases = _select_last_purchases()


def find_last_store(request) -> int | None:
    """Return the store of the last record that the user added, by one statement."""
    user = request.identity
    statement = (
        select(ShoppingRecord.store_id)
        .join(HistoryEntry, HistoryEntry.row_id == ShoppingRecord.id)
        .where(
            HistoryEntry.username == user.username,  # which has the index
            HistoryEntry.user_id == user.id,
            HistoryEntry.path == ShoppingRecordResource.path,
            HistoryEntry.action == Action.ADDED,
        )
        .order_by(HistoryEntry.id.desc())
        .limit(1)
    )
    return request.reader.scalar(statement)


def find_last_purchases(
    request, store_id: int | None, product_ids: Collection[int]
) -> dict[int, LastPurchase]:
    """Return the last purchases of products by their ids, by one statement, as far as the user may view them.

    :param store_id: the store of the receipt, ``None`` as long as it is unknown
    """
    hidden = find_hidden(request, ShoppingRecordResource)
    has_unit = hidden.isdisjoint(_UNIT_PERMISSIONS)
    has_record = ShoppingRecordResource.permission("view") not in hidden
    if not product_ids or not (has_unit or has_record):
        return {}
    values = {"store_id": store_id, "ids": sorted(product_ids)}
    rows = request.reader.execute(_last_purchases, values)
    return {row.id: _make(request, row, store_id, has_unit, has_record) for row in rows}


def _make(
    request, row: Any, store_id: int | None, has_unit: bool, has_record: bool
) -> LastPurchase:
    unit, numbers = row.unit if has_unit else "", request.number_format
    if not has_record or row.store_id is None:
        return LastPurchase(unit)
    quantity = numbers.write_number(row.quantity.normalize())
    if row.store_id != store_id:
        return LastPurchase(unit, quantity)
    text = _(
        "Last time ${amount} for ${quantity}, on ${day}.",
        amount=numbers.format_amount(row.price),
        quantity=f"{numbers.format_number(row.quantity)} {unit}".strip(),
        day=row.purchase_date.isoformat(),
    )
    price = numbers.write_amount(row.price)
    return LastPurchase(unit, quantity, price, translate_for_request(request, text))


def show_last_purchases(request) -> Any:
    """Respond with the last purchases of the URL's products in its store, as JSON by the products' ids."""
    ids = [id for text in request.GET.getall("product_id") if (id := read_id(text)) is not None]
    found = find_last_purchases(
        request, read_id(request.GET.get("store_id", "")), ids[:MAX_PRODUCTS]
    )
    response = request.response
    response.content_type = "application/json"
    response.json_body = {str(id): one._asdict() for id, one in found.items()}
    return response


def read_id(text: str) -> int | None:
    """Return the id in a text, ``None`` for anything else."""
    try:
        return parse_id(text)
    except InvalidValue:
        return None
