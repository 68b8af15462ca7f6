"""What is unlikely about a shopping record: its unit price, its date, and an equal record on the same day."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, cast, func, select

from shoptrack.db.calendar_days import get_today
from shoptrack.i18n.translation import _
from shoptrack.records.models import ShoppingRecord
from shoptrack.records.unit_prices import (
    format_fraction,
    make_unit_price_order,
    thousandths,
    unit_price,
    unit_price_condition,
)
from shoptrack.resources.row_warnings import WHOLE_ROW, CheckedRow, CheckedRows

MIN_OTHERS = 3  # records of a product whose median says something
MAX_RATIO = 3  # of a unit price to the median, and of the median to a unit price
MAX_AGE_YEARS = 5
EQUAL_KEYS = ("purchase_date", "store_id", "product_id", "price", "quantity")


def find_unlikely_records(checked: CheckedRows) -> None:
    """Find the warnings about shopping records, by two statements."""
    _compare_dates(checked)
    _compare_unit_prices(checked)
    _find_equal_records(checked)


def _compare_dates(checked: CheckedRows) -> None:
    today = get_today(checked.registry)
    oldest = _subtract_years(today, MAX_AGE_YEARS)
    for row in checked.rows:
        day = row.values["purchase_date"]
        if day > today:
            detail = _("This date is in the future.")
            row.add_warning("purchase_date", "date_in_future", detail, today=today.isoformat())
        elif day < oldest:
            detail = _("This date is more than ${years} years ago.", years=MAX_AGE_YEARS)
            row.add_warning("purchase_date", "date_long_ago", detail, today=today.isoformat())


def _subtract_years(day: date, years: int) -> date:
    """Return the day some years earlier; February 28 for a February 29 that did not exist."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


# Unit prices


class MiddlePrices:
    """The unit prices in the middle of a product's stored records, from which each record's median of others follows.

    :param count: records with a unit price
    :param groups: rows of ``_select_middle_groups``
    """

    def __init__(self, count: int, groups: Sequence[Any]):
        self.count = count
        self._groups = groups

    def get_median_of_others(self, own: Fraction | None) -> tuple[Fraction, int] | None:
        """Return the median and its number of records, ``None`` if these are too few.

        :param own: the unit price of a stored record, which is left out; ``None`` leaves nothing out
        """
        others = self.count if own is None else self.count - 1
        if others < MIN_OTHERS:
            return None
        lower, upper = (
            self._get_other(place, own) for place in ((others + 1) // 2, others // 2 + 1)
        )
        return (lower + upper) / 2, others

    def _get_other(self, place: int, own: Fraction | None) -> Fraction:
        """Return the unit price at a place, counted from 1, of the sorted ones without ``own``."""
        price = self._get(place)
        return price if own is None or own > price else self._get(place + 1)

    def _get(self, place: int) -> Fraction:
        group = next(group for group in self._groups if group.upto >= place)
        return unit_price(group.price, group.quantity)


def _compare_unit_prices(checked: CheckedRows) -> None:
    priced = [row for row in checked.rows if _get_unit_price(row) is not None]
    middle = _read_middle_prices(checked, {row.values["product_id"] for row in priced})
    for row in priced:
        own, prices = _get_unit_price(row), middle.get(row.values["product_id"])
        found = prices and prices.get_median_of_others(None if row.id is None else own)
        if not found or own is None:
            continue
        median, others = found
        if own > median * MAX_RATIO or own * MAX_RATIO < median:
            row.add_warning(
                "price",
                "price_outlier",
                _(
                    "The unit price is ${ratio} times the usual one. Check the price and the quantity.",
                    ratio=format_fraction(own / median, 2),
                ),
                unit_price=format_fraction(own),
                median=format_fraction(median),
                ratio=format_fraction(own / median, 2),
                records=others,
            )


def _get_unit_price(row: CheckedRow) -> Fraction | None:
    """Return the unit price of a row, ``None`` of one that does not say what something costs."""
    price, quantity = row.values["price"], row.values["quantity"]
    return unit_price(price, _to_thousandths(quantity)) if price > 0 and quantity > 0 else None


def _to_thousandths(quantity: Decimal) -> int:
    return int(quantity.scaleb(3))


def _read_middle_prices(checked: CheckedRows, products: set[int]) -> dict[int, MiddlePrices]:
    """Return the unit prices in the middle, by product."""
    if not products:
        return {}
    groups: dict[int, list[Any]] = {}
    for group in checked.connection.execute(_select_middle_groups(products)):
        groups.setdefault(group.product_id, []).append(group)
    return {product: MiddlePrices(found[0].n, found) for product, found in groups.items()}


def _select_middle_groups(products: set[int]) -> Any:
    """Return the statement of those equal prices and quantities of each product that are in the middle, in order.

    Places are counted from 1. Of ``n`` records, the median needs those at ``(n + 1) // 2`` and ``n // 2 + 1``. Without
    one of them it needs ``n // 2`` and ``(n + 1) // 2``, or the next ones.
    """
    product, price, quantity = (
        ShoppingRecord.product_id,
        ShoppingRecord.price,
        ShoppingRecord.quantity,
    )
    equal = (
        select(product, price, thousandths(quantity).label("quantity"), func.count().label("count"))
        .where(product.in_(sorted(products)), unit_price_condition)
        .group_by(product, price, quantity)
        .cte("equal_prices")
    )
    order = (*make_unit_price_order(equal.c.price, equal.c.quantity), equal.c.price)
    upto = func.sum(equal.c.count).over(
        partition_by=equal.c.product_id, order_by=order, rows=(None, 0)
    )
    n = func.sum(equal.c.count).over(partition_by=equal.c.product_id)
    ranked = select(
        *equal.c, cast(upto, BigInteger).label("upto"), cast(n, BigInteger).label("n")
    ).cte("ranked_prices")
    before = ranked.c.upto - ranked.c.count
    return (
        select(ranked)
        .where(ranked.c.upto >= ranked.c.n // 2, before < ranked.c.n // 2 + 2)
        .order_by(ranked.c.product_id, ranked.c.upto)
    )


# Equal records


def _find_equal_records(checked: CheckedRows) -> None:
    stored = _read_equal_records(checked)
    unstored: dict[tuple[Any, ...], int] = {}
    for row in checked.rows:
        if row.id is None:
            unstored[_get_equal_key(row)] = unstored.get(_get_equal_key(row), 0) + 1
    for row in checked.rows:
        key = _get_equal_key(row)
        count, first, last = stored.get(key, (0, None, None))
        others = count + unstored.get(key, 0) - 1
        if others > 0:
            detail = _("There is an equal record on the same day. Was it entered twice?")
            other = last if first == row.id else first
            row.add_warning(WHOLE_ROW, "equal_record", detail, records=others, record_id=other)


def _get_equal_key(row: CheckedRow) -> tuple[Any, ...]:
    values = tuple(row.values[key] for key in EQUAL_KEYS)
    return (*values[:-1], _to_thousandths(values[-1]))


def _read_equal_records(
    checked: CheckedRows,
) -> dict[tuple[Any, ...], tuple[int, int, int]]:
    """Return the count, the first and the last id of equal records, by their values."""
    days = sorted({row.values["purchase_date"] for row in checked.rows})
    products = sorted({row.values["product_id"] for row in checked.rows})
    *columns, quantity = (getattr(ShoppingRecord, key) for key in EQUAL_KEYS)
    id = ShoppingRecord.id
    # More than is asked for, by the index of a product's days; the few others are left out below.
    statement = (
        select(*columns, thousandths(quantity), func.count(), func.min(id), func.max(id))
        .where(ShoppingRecord.product_id.in_(products), ShoppingRecord.purchase_date.in_(days))
        .group_by(*columns, quantity)
    )
    return {
        tuple(values): (count, first, last)
        for *values, count, first, last in checked.connection.execute(statement)
    }
