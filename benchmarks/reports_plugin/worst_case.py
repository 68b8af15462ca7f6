"""The worst case: all records are of one product."""

from sqlalchemy import update

from benchmarks.dataset import Dataset
from shoptrack.records.models import ShoppingRecord

PRODUCT = 1
CASES = ("their prices repeat", "no two of their prices are alike")


def make(dataset: Dataset, case: str) -> None:
    """Make the records of a database be so; it cannot be put back."""
    with dataset.engine.begin() as connection:
        # Refunds and discounts stay what they are: reports of prices leave them out.
        bought = update(ShoppingRecord).where(ShoppingRecord.price > 0)
        connection.execute(bought.values(product_id=PRODUCT))
        if case == CASES[1]:
            connection.execute(bought.values(price=ShoppingRecord.id))
    dataset.tidy()
