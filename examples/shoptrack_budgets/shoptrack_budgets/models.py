"""The table of budgets."""

from datetime import date

from shoptrack.catalog.models import Category
from shoptrack.db import Base
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column


class Budget(Base):
    """How much the household means to spend on a category in a month."""

    __tablename__ = "shoptrack_budgets_budgets"

    id: Mapped[int] = mapped_column(primary_key=True)
    # A category that has budgets cannot be deleted: the foreign key says so, whoever tries.
    category_id: Mapped[int] = mapped_column(ForeignKey(Category.id))
    # The month's first day. As a day it is ordered and compared like the days of records are.
    month: Mapped[date]
    amount: Mapped[int]  # in the currency's smallest unit (yen), as prices are

    __table_args__ = (
        # It also finds the budgets of a category, which are counted before one is deleted.
        UniqueConstraint("category_id", "month"),
        # the orders of lists; the first finds the budgets of a month, too
        Index(None, "month", "id"),
        Index(None, "amount", "id"),
        Base.__table_args__,
    )
