"""A price history: its statement, and the rows of the report."""

from collections.abc import Sequence
from fractions import Fraction
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
from shoptrack.catalog.resources import StoreResource
from shoptrack.records.models import ShoppingRecord
from shoptrack.records.unit_prices import format_fraction, unit_price_condition
from shoptrack.resources import Condition, Hidden, HiddenRow
from shoptrack_reports.granularities import Months
from shoptrack_reports.price_statistics import (
    get_last,
    get_last_date,
    get_lowest,
    get_median,
    select_price_statistics,
)
from shoptrack_reports.units.models import UnitFactor

STORE, MONTH = "store", "month"


def make_statement(group: str, clauses: Sequence[Condition]) -> Select:
    """Return the statement of a product's prices by store or by month.

    It takes ``id``, and ``per``: the folded name of the unit of the requested amount. There is a row for each store or
    month, one for a product without prices, and none for an unknown product.

    :param clauses: conditions on records
    """
    rows = (ShoppingRecord.product_id == bindparam("id", type_=BigInteger), *clauses)
    prices = select_price_statistics([_group_column(group)], rows)
    per = _select_unit_factor()
    statement = (
        select(
            Product.name.label("product"),
            Unit.name.label("unit"),
            UnitFactor.base,
            UnitFactor.factor,
            per.c.base.label("per_base"),
            per.c.factor.label("per_factor"),
            _count_records(*rows, ShoppingRecord.quantity <= 0).label("no_quantity"),
            _count_records(*rows, ShoppingRecord.quantity > 0, not_(unit_price_condition)).label(
                "no_price"
            ),
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


def _group_column(group: str) -> Label[int]:
    """Return the store, or the number of the month."""
    if group == STORE:
        return ShoppingRecord.store_id.label("part")
    return Months().make_number_column(ShoppingRecord.purchase_date).label("part")


def _select_unit_factor() -> Subquery:
    """Select the household's conversion factor of the requested unit."""
    return (
        select(UnitFactor.base, UnitFactor.factor)
        .join(Unit, Unit.id == UnitFactor.unit_id)
        .where(Unit.name_folded == bindparam("per", type_=String()))
        .order_by(Unit.id)
        .limit(1)
        .subquery("per")
    )


def _count_records(*clauses: Condition) -> Any:
    return select(func.count()).select_from(ShoppingRecord).where(*clauses).scalar_subquery()


def make_price_rows(
    group: str, units: Fraction, rows: Sequence[Any], hidden: Hidden
) -> list[dict[str, Any]]:
    """Return the prices by store, the cheapest first, or by month in their order.

    :param units: how many of the product's unit the prices are for
    :param rows: of the statement, each with a store or a month
    :param hidden: view permissions that the caller lacks
    """
    medians = {row.part: get_median(row) for row in rows}
    cheapest = min(medians.values(), default=None)
    order = {part: (medians[part], part) if group == STORE else part for part in medians}
    return [
        {
            group: _make_store(row, hidden) if group == STORE else Months().format_number(row.part),
            "n": row.n,
            "min": format_fraction(get_lowest(row) * units),
            "median": format_fraction(medians[row.part] * units),
            "last": format_fraction(get_last(row) * units),
            "last_date": get_last_date(row),
            "cheapest": medians[row.part] == cheapest,
        }
        for row in sorted(rows, key=lambda row: order[row.part])
    ]


def _make_store(row: Any, hidden: Hidden) -> dict[str, Any]:
    if StoreResource.permission("view") in hidden:
        return HiddenRow(id=row.part)
    return {"id": row.part, "name": row.store, "location": row.location}
