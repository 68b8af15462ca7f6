"""A second plugin: it extends shopping records too, and products by what is read for many of them at once."""

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.catalog.models import Product
from shoptrack.db import Base
from shoptrack.events import BeforeRowsDeleted
from shoptrack.records.models import ShoppingRecord
from shoptrack.resources import BatchComputed, Boolean, Extension, Integer


class RecordRating(Base):
    """How good a purchase was."""

    __tablename__ = "tests_record_ratings"

    id: Mapped[int] = mapped_column(
        ForeignKey("shopping_records.id", ondelete="CASCADE"), primary_key=True
    )
    rating: Mapped[int | None]
    is_gift: Mapped[bool]


class RecordRatings(Extension):
    """Ratings."""

    model = RecordRating
    fields = (
        Integer("rating", minimum=1, maximum=5, required=False),
        Boolean("is_gift", default=False),
    )


class ProductLimit(Base):
    """How much of a product is enough."""

    __tablename__ = "tests_product_limits"

    id: Mapped[int] = mapped_column(ForeignKey(Product.id, ondelete="CASCADE"), primary_key=True)
    enough: Mapped[int | None]


class ProductPhoto(Base):
    """A photo of a product. No resource describes it."""

    __tablename__ = "tests_product_photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))


def keep_protected(event):
    """Refuse the deletion of products of which 1000 are enough."""
    for change in event.changes:
        if change.old.get("enough") == 1000:
            change.add_error("enough", "This product is protected.")


def count_purchases(connection, ids):
    column = ShoppingRecord.product_id
    counts = select(column, func.count()).where(column.in_(ids)).group_by(column)
    return dict(connection.execute(counts).all())


class ProductPurchases(Extension):
    """How often a product was bought, and how often is enough."""

    model = ProductLimit
    fields = (
        BatchComputed(
            "purchases",
            count_purchases,
            {"type": "integer"},
            tables=["shopping_records"],
            missing=0,
            cell="number",
        ),
        Integer("enough", required=False),
    )


def includeme(config):
    config.extend_resource("shopping-records", RecordRatings)
    config.extend_resource("products", ProductPurchases)
    config.add_subscriber(keep_protected, BeforeRowsDeleted)
