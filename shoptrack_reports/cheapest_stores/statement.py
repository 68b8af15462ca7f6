"""The one statement of the cheapest stores."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Select, bindparam, select

from shoptrack.catalog.models import Product, Store, Unit
from shoptrack.records.models import ShoppingRecord
from shoptrack.resources.conditions import Condition
from shoptrack_reports.price_parts import prices_by


def offers(clauses: Sequence[Condition]) -> Select:
    """Return the statement of what products cost in stores; it takes ``product_id__in``.

    There is a row for each product in each store where it was bought, and one for a product that was not.

    :param clauses: what records must meet
    """
    ids = bindparam("product_id__in", type_=BigInteger, expanding=True)
    parts = (ShoppingRecord.product_id.label("product"), ShoppingRecord.store_id.label("store"))
    prices = prices_by(parts, (ShoppingRecord.product_id.in_(ids), *clauses))
    return (
        select(
            Product.id,
            Product.name,
            Unit.name.label("unit"),
            Store.name.label("store_name"),
            Store.location,
            *prices.c,
        )
        .select_from(Product)
        .join(Unit, Unit.id == Product.unit_id)
        .outerjoin(prices, prices.c.product == Product.id)
        .outerjoin(Store, Store.id == prices.c.store)
        .where(Product.id.in_(ids))
    )
