"""Unit prices in SQL. They stay fractions, of a record's price and its quantity in thousandths.

A database would round a quotient, each in its own way; what is rounded has an order no more, nor a
median. So it is asked for the two whole numbers, and to put records in order it divides as one does on
paper: to so many places that any two quotients that differ do so in the places that are there.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, cast, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from shoptrack.records.models import ShoppingRecord

# Prices have 10 digits, quantities in thousandths too: two quotients that differ do so by 10^-20 or
# more, and each step's product fits in 64 bits.
STEPS = (10**9, 10**8, 10**8)

is_said: ColumnElement[bool] = and_(ShoppingRecord.price > 0, ShoppingRecord.quantity > 0)
"""Whether a record says what something costs: a refund, a discount or a gift does not."""


class thousandths(FunctionElement[int]):  # noqa: N801 - it reads as the function that it is
    """Return a column of decimals in thousandths, as whole numbers."""

    type = BigInteger()
    inherit_cache = True


@compiles(thousandths, "sqlite")
def _on_sqlite(element: thousandths, compiler: Any, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(thousandths, "postgresql")
def _on_postgresql(element: thousandths, compiler: Any, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} * 1000 AS BIGINT)"


def by_unit_price(price: Any, quantity: Any) -> Iterator[ColumnElement[int]]:
    """Yield what prices above zero are ordered by, the lowest unit price first.

    :param quantity: in thousandths
    """
    rest: ColumnElement[int] = cast(price, BigInteger)
    for step in STEPS:
        scaled = rest * literal(step, BigInteger)
        yield scaled // quantity
        rest = scaled % quantity


def unit_price(price: int, quantity: int) -> Fraction:
    """Return what one unit cost.

    :param quantity: in thousandths
    """
    return Fraction(price * 1000, quantity)
