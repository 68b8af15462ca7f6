"""The tables of what can be bought, and where."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.db import Base
from shoptrack.db.folding import folded_column

__all__ = ["Category", "Manufacturer", "Origin", "Product", "Store", "Unit"]


class Category(Base):
    """A kind of product, as in meat or dairy."""

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50), unique=True)
    name_folded: Mapped[str] = folded_column("name")


class Unit(Base):
    """What a product's quantity counts: g, ml, pieces."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(10), unique=True)
    name_folded: Mapped[str] = folded_column("name")


class Manufacturer(Base):
    """Who made a product."""

    __tablename__ = "manufacturers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    name_folded: Mapped[str] = folded_column("name")


class Origin(Base):
    """Where a product comes from, as in Hokkaido."""

    __tablename__ = "origins"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    name_folded: Mapped[str] = folded_column("name")


class Store(Base):
    """A shop. Chains have many of one name, so that names repeat."""

    __tablename__ = "stores"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    name_folded: Mapped[str] = folded_column("name")
    location: Mapped[str] = mapped_column(String(100))
    location_folded: Mapped[str] = folded_column("location")


class Product(Base):
    """Something that is bought again and again. One name may come from several makers."""

    __tablename__ = "products"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    name_folded: Mapped[str] = folded_column("name")
    category_id: Mapped[int] = mapped_column(ForeignKey(Category.id), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    manufacturer_id: Mapped[int | None] = mapped_column(ForeignKey(Manufacturer.id), index=True)
    origin_id: Mapped[int | None] = mapped_column(ForeignKey(Origin.id), index=True)
