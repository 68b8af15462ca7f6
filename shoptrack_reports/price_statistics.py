"""Statistics of unit prices by group: count, lowest, median and newest.

Records of equal price and quantity are counted first, since most purchases recur. Only these few price groups are
sorted.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import CTE, BigInteger, Label, Subquery, and_, cast, func, literal, select

from shoptrack.db import day_number
from shoptrack.records.models import ShoppingRecord
from shoptrack.records.unit_prices import (
    make_unit_price_order,
    thousandths,
    unit_price,
    unit_price_condition,
)
from shoptrack.resources import Condition

# A record's moment is one number, its day and then its id: the greatest of a group is its newest.
MOMENTS_PER_DAY = 2**40


def select_price_statistics(groups: Sequence[Label[Any]], rows: Sequence[Condition]) -> Subquery:
    """Return a row for each group: ``n``, and the prices and quantities of some records.

    ``min_…`` has the lowest unit price. ``lower_…`` and ``upper_…`` are the two in the middle, equal for an odd ``n``.
    ``last_…`` is the newest record, whose moment is ``newest``.

    :param groups: labelled columns to group by
    :param rows: conditions on records
    """
    price_groups = _price_groups(groups, rows)
    names = [part.name for part in groups]
    totals = (
        select(
            *(price_groups.c[name] for name in names),
            cast(func.sum(price_groups.c.count), BigInteger).label("n"),
            func.max(price_groups.c.newest).label("newest"),
        )
        .group_by(*(price_groups.c[name] for name in names))
        .cte("totals")
    )
    ranked_groups = _ranked_groups(price_groups, names)
    n, upto, before = totals.c.n, ranked_groups.c.upto, ranked_groups.c.upto - ranked_groups.c.count
    selected = {
        "min": before == 0,
        "lower": _contains((n + 1) // 2, before, upto),
        "upper": _contains(n // 2 + 1, before, upto),
        "last": ranked_groups.c.newest == totals.c.newest,
    }
    columns = [
        func.max(column).filter(which).label(f"{name}_{column.key}")
        for name, which in selected.items()
        for column in (ranked_groups.c.price, ranked_groups.c.quantity)
    ]
    return (
        select(*totals.c, *columns)
        .join(ranked_groups, and_(*(ranked_groups.c[name] == totals.c[name] for name in names)))
        .group_by(*totals.c)
        .subquery("prices")
    )


def _price_groups(groups: Sequence[Label[Any]], rows: Sequence[Condition]) -> CTE:
    """Select the prices and quantities of each group, with their counts and newest moments."""
    price, quantity = ShoppingRecord.price, ShoppingRecord.quantity
    moment = day_number(ShoppingRecord.purchase_date) * literal(MOMENTS_PER_DAY, BigInteger)
    return (
        select(
            *groups,
            price,
            thousandths(quantity).label("quantity"),
            func.count().label("count"),
            func.max(moment + ShoppingRecord.id).label("newest"),
        )
        .where(*rows, unit_price_condition)
        .group_by(*(part.element for part in groups), price, quantity)
        .cte("price_groups")
    )


def _ranked_groups(price_groups: CTE, names: Sequence[str]) -> CTE:
    """Select the price groups, each with the number of records that are as cheap or cheaper."""
    order = (
        *make_unit_price_order(price_groups.c.price, price_groups.c.quantity),
        price_groups.c.price,
    )
    upto = func.sum(price_groups.c.count).over(
        partition_by=[price_groups.c[name] for name in names], order_by=order, rows=(None, 0)
    )
    return select(*price_groups.c, cast(upto, BigInteger).label("upto")).cte("ranked_groups")


def _contains(place: Any, before: Any, upto: Any) -> Any:
    return and_(before < place, place <= upto)


def get_lowest(row: Any) -> Fraction:
    """Return the lowest unit price of a group."""
    return unit_price(row.min_price, row.min_quantity)


def get_median(row: Any) -> Fraction:
    """Return the median unit price of a group, half-way between the two in the middle."""
    lower = unit_price(row.lower_price, row.lower_quantity)
    return (lower + unit_price(row.upper_price, row.upper_quantity)) / 2


def get_last(row: Any) -> Fraction:
    """Return the newest unit price of a group."""
    return unit_price(row.last_price, row.last_quantity)


def get_last_date(row: Any) -> date:
    """Return the day of a group's newest record."""
    return date.fromordinal(row.newest // MOMENTS_PER_DAY + 1)
