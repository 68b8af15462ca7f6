"""The table of what was bought."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.catalog.models import Product, Store
from shoptrack.db import Base, Thousandths

__all__ = ["ShoppingRecord"]


class ShoppingRecord(Base):
    """One line of a receipt: a product bought in a store on a day."""

    __tablename__ = "shopping_records"

    id: Mapped[int] = mapped_column(primary_key=True)
    price: Mapped[int]  # the whole line, in the currency's smallest unit (yen)
    purchase_date: Mapped[date]  # a calendar day, no time zone
    store_id: Mapped[int] = mapped_column(ForeignKey(Store.id))
    quantity: Mapped[Decimal] = mapped_column(Thousandths)  # in the product's unit
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))

    __table_args__ = (
        # the orders of lists
        Index(None, "purchase_date", "id"),
        Index(None, "price", "id"),
        Index(None, "quantity", "id"),
        # the days of one product and of one store; their foreign keys are looked up by these too
        Index(None, "product_id", "purchase_date", "id"),
        Index(None, "store_id", "purchase_date", "id"),
        Base.__table_args__,
    )
