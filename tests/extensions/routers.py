"""A fourth plugin: routers, whose passwords the history does not keep, and products with a place of their own."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.catalog.models import Product
from shoptrack.db import Base
from shoptrack.db.folding import folded_column
from shoptrack.resources import Extension, Resource, Text


class Router(Base):
    """A router of the household."""

    __tablename__ = "tests_routers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    name_folded: Mapped[str] = folded_column("name")
    wifi_password: Mapped[str | None] = mapped_column(String(50))
    wifi_password_folded: Mapped[str | None] = folded_column("wifi_password")


class RouterResource(Resource):
    """Routers."""

    model = Router
    path = "routers"
    fields = (
        Text("name", max_length=50),
        Text("wifi_password", max_length=50, required=False),
    )


class ProductPlace(Base):
    """Where a product is in the pantry."""

    __tablename__ = "tests_product_places"

    id: Mapped[int] = mapped_column(ForeignKey(Product.id, ondelete="CASCADE"), primary_key=True)
    place: Mapped[str | None] = mapped_column(String(20), unique=True)
    place_folded: Mapped[str | None] = folded_column("place")


class ProductPlaces(Extension):
    """No two products have one place."""

    model = ProductPlace
    fields = (Text("place", max_length=20, unique=True, required=False),)


def includeme(config):
    config.add_resource(RouterResource)
    config.extend_resource("products", ProductPlaces)
