"""The tables of barcodes."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.catalog.models import Product
from shoptrack.db import Base
from shoptrack_barcodes.codes import normalize_code


class Barcode(Base):
    """A barcode of a product. A product has several if its maker or its package changes."""

    __tablename__ = "shoptrack_barcodes_barcodes"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id, ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(13))  # with the digits that were entered
    # One code has several forms, and belongs to one product in all of them.
    normalized: Mapped[str] = mapped_column(
        String(13),
        default=lambda context: normalize_code(context.get_current_parameters()["code"]),
        unique=True,
    )


class ProductCodes(Base):
    """The codes of a product that has any, separated by commas, as `shoptrack_barcodes.product_codes` stores them.

    To read the barcodes themselves for each page took a third of the time of a list.
    """

    __tablename__ = "shoptrack_barcodes_products"

    id: Mapped[int] = mapped_column(ForeignKey(Product.id, ondelete="CASCADE"), primary_key=True)
    barcodes: Mapped[str] = mapped_column(Text)
    normalized: Mapped[str] = mapped_column(Text)
