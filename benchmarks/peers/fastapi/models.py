"""Models of ShopTrack's tables."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, DateTime, ForeignKey, Numeric
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator


class Quantity(TypeDecorator[Decimal]):
    """A decimal(10, 3), which the SQLite file keeps as an integer of thousandths."""

    impl = Numeric(10, 3)
    cache_ok = True

    def load_dialect_impl(self, dialect):
        """Choose the column's type."""
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else self.impl)

    def process_bind_param(self, value, dialect):
        """Return what is stored for a decimal."""
        return int(value.scaleb(3)) if dialect.name == "sqlite" else value

    def process_result_value(self, value, dialect):
        """Return the decimal of what is stored."""
        return Decimal(value).scaleb(-3) if dialect.name == "sqlite" else value


class Base(DeclarativeBase):
    """The base of the models."""


class User(Base):
    """Somebody who may sign in."""

    __tablename__ = "shoptrack_auth_users"

    id: Mapped[int] = mapped_column(primary_key=True)
    username_key: Mapped[str]
    password: Mapped[str]
    password_version: Mapped[int]
    is_active: Mapped[bool]
    last_login_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SignIn(Base):
    """One sign-in."""

    __tablename__ = "shoptrack_auth_sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    password_version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    last_used_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    address: Mapped[str]
    device: Mapped[str]
    sid: Mapped[str]


class Category(Base):
    """A kind of product."""

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Unit(Base):
    """What a quantity counts."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Manufacturer(Base):
    """Who made a product."""

    __tablename__ = "manufacturers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Origin(Base):
    """Where a product comes from."""

    __tablename__ = "origins"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Store(Base):
    """A shop."""

    __tablename__ = "stores"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    location: Mapped[str]


class Product(Base):
    """Something that is bought."""

    __tablename__ = "products"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    category_id: Mapped[int] = mapped_column(ForeignKey(Category.id))
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    manufacturer_id: Mapped[int | None] = mapped_column(ForeignKey(Manufacturer.id))
    origin_id: Mapped[int | None] = mapped_column(ForeignKey(Origin.id))
    category: Mapped[Category] = relationship()
    unit: Mapped[Unit] = relationship()
    manufacturer: Mapped[Manufacturer | None] = relationship()
    origin: Mapped[Origin | None] = relationship()


class ShoppingRecord(Base):
    """One line of a receipt."""

    __tablename__ = "shopping_records"

    id: Mapped[int] = mapped_column(primary_key=True)
    price: Mapped[int]
    purchase_date: Mapped[date]
    store_id: Mapped[int] = mapped_column(ForeignKey(Store.id))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    store: Mapped[Store] = relationship()
    product: Mapped[Product] = relationship()
