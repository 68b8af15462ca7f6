"""What records say of prices, part by part: how many there are, the lowest, the median and the newest.

Lines of one price and one quantity are counted first, since most purchases are like others; only these
few kinds of lines are put in order.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import CTE, BigInteger, Label, Subquery, and_, cast, func, literal, select

from shoptrack.db.calendar_days import day_number
from shoptrack.records.models import ShoppingRecord
from shoptrack.resources.conditions import Condition
from shoptrack_reports.unit_prices import by_unit_price, is_said, thousandths, unit_price

# A record's moment is its day and then its id, in one number: the greatest of a part is its newest.
OF_A_DAY = 2**40


def prices_by(parts: Sequence[Label[Any]], rows: Sequence[Condition]) -> Subquery:
    """Return a row for each part: ``n``, and the price and the quantity of some records.

    They are ``min_…``, of the lowest unit price; ``lower_…`` and ``upper_…``, of the two in the middle,
    which are one if ``n`` is odd; and ``last_…``, of the newest record, whose moment is ``newest``.

    :param parts: what records are told apart by, each with a name
    :param rows: what they must meet
    """
    kinds = _kinds(parts, rows)
    names = [part.name for part in parts]
    totals = (
        select(
            *(kinds.c[name] for name in names),
            cast(func.sum(kinds.c.count), BigInteger).label("n"),
            func.max(kinds.c.newest).label("newest"),
        )
        .group_by(*(kinds.c[name] for name in names))
        .cte("totals")
    )
    placed = _placed(kinds, names)
    n, upto, before = totals.c.n, placed.c.upto, placed.c.upto - placed.c.count
    wanted = {
        "min": before == 0,
        "lower": _holds((n + 1) // 2, before, upto),
        "upper": _holds(n // 2 + 1, before, upto),
        "last": placed.c.newest == totals.c.newest,
    }
    columns = [
        func.max(column).filter(which).label(f"{name}_{column.key}")
        for name, which in wanted.items()
        for column in (placed.c.price, placed.c.quantity)
    ]
    return (
        select(*totals.c, *columns)
        .join(placed, and_(*(placed.c[name] == totals.c[name] for name in names)))
        .group_by(*totals.c)
        .subquery("prices")
    )


def _kinds(parts: Sequence[Label[Any]], rows: Sequence[Condition]) -> CTE:
    """Return the prices and quantities that occur in each part, how often, and when most lately."""
    price, quantity = ShoppingRecord.price, ShoppingRecord.quantity
    moment = day_number(ShoppingRecord.purchase_date) * literal(OF_A_DAY, BigInteger)
    return (
        select(
            *parts,
            price,
            thousandths(quantity).label("quantity"),
            func.count().label("count"),
            func.max(moment + ShoppingRecord.id).label("newest"),
        )
        .where(*rows, is_said)
        .group_by(*(part.element for part in parts), price, quantity)
        .cte("kinds")
    )


def _placed(kinds: CTE, names: Sequence[str]) -> CTE:
    """Return the kinds, and how many records of their part cost as much as they or less."""
    order = (*by_unit_price(kinds.c.price, kinds.c.quantity), kinds.c.price)
    upto = func.sum(kinds.c.count).over(
        partition_by=[kinds.c[name] for name in names], order_by=order, rows=(None, 0)
    )
    return select(*kinds.c, cast(upto, BigInteger).label("upto")).cte("placed")


def _holds(place: Any, before: Any, upto: Any) -> Any:
    return and_(before < place, place <= upto)


def lowest(row: Any) -> Fraction:
    """Return the lowest unit price of a part."""
    return unit_price(row.min_price, row.min_quantity)


def median(row: Any) -> Fraction:
    """Return the price in the middle of a part, or what lies half-way between the two that are there."""
    lower = unit_price(row.lower_price, row.lower_quantity)
    return (lower + unit_price(row.upper_price, row.upper_quantity)) / 2


def last(row: Any) -> Fraction:
    """Return the newest unit price of a part."""
    return unit_price(row.last_price, row.last_quantity)


def last_date(row: Any) -> date:
    """Return the day of a part's newest record."""
    return date.fromordinal(row.newest // OF_A_DAY + 1)
