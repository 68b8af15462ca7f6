"""The one statement of a price history."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Label,
    Select,
    String,
    Subquery,
    bindparam,
    func,
    not_,
    select,
    true,
)

from shoptrack.catalog.models import Product, Store, Unit
from shoptrack.records.models import ShoppingRecord
from shoptrack.resources.conditions import Condition
from shoptrack_reports.cuts import Months
from shoptrack_reports.price_parts import prices_by
from shoptrack_reports.unit_prices import is_said
from shoptrack_reports.units.models import UnitFactor

STORE, MONTH = "store", "month"


def price_history(group: str, clauses: Sequence[Condition]) -> Select:
    """Return the statement of a product's prices by store or by month.

    It takes ``id``, and ``per``: the folded name of the unit that prices are wanted for. There is a row for
    each store or month, one where there is none, and none where there is no such product.

    :param clauses: what records must meet
    """
    rows = (ShoppingRecord.product_id == bindparam("id", type_=BigInteger), *clauses)
    prices = prices_by([_part(group)], rows)
    per = _said_of_unit()
    statement = (
        select(
            Product.name.label("product"),
            Unit.name.label("unit"),
            UnitFactor.base,
            UnitFactor.factor,
            per.c.base.label("per_base"),
            per.c.factor.label("per_factor"),
            _count(*rows, ShoppingRecord.quantity <= 0).label("no_quantity"),
            _count(*rows, ShoppingRecord.quantity > 0, not_(is_said)).label("no_price"),
            *prices.c,
        )
        .select_from(Product)
        .join(Unit, Unit.id == Product.unit_id)
        .outerjoin(UnitFactor, UnitFactor.unit_id == Unit.id)
        .outerjoin(per, true())
        .outerjoin(prices, true())
        .where(Product.id == bindparam("id", type_=BigInteger))
    )
    if group == STORE:
        statement = statement.add_columns(
            Store.name.label("store"), Store.location.label("location")
        ).outerjoin(Store, Store.id == prices.c.part)
    return statement


def _part(group: str) -> Label[int]:
    """Return the store, or the number of the month."""
    if group == STORE:
        return ShoppingRecord.store_id.label("part")
    return Months().column(ShoppingRecord.purchase_date).label("part")


def _said_of_unit() -> Subquery:
    """Return what the household says of the unit that prices are wanted for."""
    return (
        select(UnitFactor.base, UnitFactor.factor)
        .join(Unit, Unit.id == UnitFactor.unit_id)
        .where(Unit.name_folded == bindparam("per", type_=String()))
        .order_by(Unit.id)
        .limit(1)
        .subquery("per")
    )


def _count(*clauses: Condition) -> Any:
    return select(func.count()).select_from(ShoppingRecord).where(*clauses).scalar_subquery()
