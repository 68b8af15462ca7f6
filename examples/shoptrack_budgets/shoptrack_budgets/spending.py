"""What was spent of each budget. Free of HTTP, so that the API and the administration share it."""

from dataclasses import dataclass
from datetime import date

from shoptrack.catalog.models import Category, Product
from shoptrack.records.models import ShoppingRecord
from sqlalchemy import BigInteger, Connection, Select, bindparam, cast, func, select

from shoptrack_budgets.models import Budget
from shoptrack_budgets.months import last_day


@dataclass(frozen=True)
class Spent:
    """A budget, and what was spent of it. Amounts are in the currency's smallest unit."""

    budget_id: int
    category_id: int
    category: str
    limit: int
    spent: int

    @property
    def left(self) -> int:
        """Return what may still be spent."""
        return max(self.limit - self.spent, 0)

    @property
    def over(self) -> int:
        """Return by how much the limit was passed."""
        return max(self.spent - self.limit, 0)


def check(connection: Connection, month: date) -> list[Spent]:
    """Return the budgets of a month with what was spent, by one statement.

    :param month: its first day
    :returns: in the order of the categories' names
    """
    days = {"first": month, "last": last_day(month)}
    return [Spent(*row) for row in connection.execute(STATEMENT, days)]


def _statement() -> Select:
    """Return the statement; the database adds up, so that no record leaves it.

    Records are summed by product first: there are few products and many records, and a database
    then looks up the category of each product once.
    """
    by_product = (
        select(ShoppingRecord.product_id, func.sum(ShoppingRecord.price).label("price"))
        .where(ShoppingRecord.purchase_date.between(bindparam("first"), bindparam("last")))
        .group_by(ShoppingRecord.product_id)
        .subquery()
    )
    by_category = (
        select(Product.category_id, func.sum(by_product.c.price).label("price"))
        .join(by_product, by_product.c.product_id == Product.id)
        .group_by(Product.category_id)
        .subquery()
    )
    return (
        select(
            Budget.id,
            Category.id,
            Category.name,
            Budget.amount,
            # PostgreSQL adds up sums as decimals.
            cast(func.coalesce(by_category.c.price, 0), BigInteger),
        )
        .join(Category, Category.id == Budget.category_id)
        .outerjoin(by_category, by_category.c.category_id == Budget.category_id)
        .where(Budget.month == bindparam("first"))
        .order_by(Category.name_folded, Category.id)
    )


STATEMENT = _statement()  # made once, not for each request
