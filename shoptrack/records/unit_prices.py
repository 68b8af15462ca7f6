"""Unit prices in SQL, as fractions of a record's price and its quantity in thousandths.

Databases round quotients differently, and rounded values have neither an exact order nor an exact median. So statements
return two whole numbers, and sort by long division, to as many digits as distinguish any two quotients.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, cast, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from shoptrack.records.models import ShoppingRecord

__all__ = [
    "format_fraction",
    "make_unit_price_order",
    "thousandths",
    "unit_price",
    "unit_price_condition",
]

# Prices and quantities in thousandths have 10 digits: different quotients differ by 10^-20 or more.
# Each step's product fits in 64 bits.
DIVISION_STEPS = (10**9, 10**8, 10**8)

unit_price_condition: ColumnElement[bool] = and_(
    ShoppingRecord.price > 0, ShoppingRecord.quantity > 0
)
"""Whether a record says what something costs: a refund, a discount or a gift does not."""


class thousandths(FunctionElement[int]):  # noqa: N801 - it reads as the function that it is
    """A column of decimals in thousandths, as whole numbers."""

    type = BigInteger()
    inherit_cache = True


@compiles(thousandths, "sqlite")
def _on_sqlite(element: thousandths, compiler: Any, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(thousandths, "postgresql")
def _on_postgresql(element: thousandths, compiler: Any, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} * 1000 AS BIGINT)"


def make_unit_price_order(price: Any, quantity: Any) -> Iterator[ColumnElement[int]]:
    """Yield the sort keys of prices above zero, the lowest unit price first.

    :param quantity: in thousandths
    """
    rest: ColumnElement[int] = cast(price, BigInteger)
    for step in DIVISION_STEPS:
        scaled = rest * literal(step, BigInteger)
        yield scaled // quantity
        rest = scaled % quantity


def unit_price(price: int, quantity: int) -> Fraction:
    """Return the price of one unit.

    :param quantity: in thousandths
    """
    return Fraction(price * 1000, quantity)


def format_fraction(amount: Fraction, places: int = 6) -> str:
    """Format an amount of at least 0 with this number of decimals, rounded half to even."""
    whole, rest = divmod(round(amount * 10**places), 10**places)
    return f"{whole}.{rest:0{places}}"
