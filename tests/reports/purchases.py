"""What both reports of prices are tested with: many purchases, and numbers rounded by other means than theirs."""

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

from sqlalchemy import insert

from shoptrack.records.models import ShoppingRecord


def in_places(exact: Fraction) -> str:
    """Return a number with six places, half to even."""
    with localcontext(prec=60):
        quotient = Decimal(exact.numerator) / Decimal(exact.denominator)
        return str(quotient.quantize(Decimal("0.000001"), ROUND_HALF_EVEN))


def fill(make, database, products, records: int, first: date) -> None:
    """Record purchases of products in turn, one on each day, in up to twenty new stores."""
    stores = [make.store().id for _ in range(min(records, 20))]
    rows = [
        {
            "product_id": products[n % len(products)].id,
            "store_id": stores[n % len(stores)],
            "price": 100 + n % 7,
            "quantity": Decimal(1000),
            "purchase_date": first + timedelta(days=n),
        }
        for n in range(records)
    ]
    with database.engine.begin() as connection:
        connection.execute(insert(ShoppingRecord), rows)
