"""The resources of the catalog, described."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from shoptrack.catalog.models import Category, Manufacturer, Origin, Product, Store, Unit
from shoptrack.catalog.unit_factors import find_factors, refuse_other_units
from shoptrack.i18n.translation import _
from shoptrack.resources.fields import Reference, Text
from shoptrack.resources.resource import Resource
from shoptrack.resources.visibility import SHOW_ALL, Hidden

__all__ = [
    "CategoryResource",
    "ManufacturerResource",
    "OriginResource",
    "ProductResource",
    "StoreResource",
    "UnitResource",
]


class CategoryResource(Resource):
    """Kinds of products, as in meat or dairy."""

    model = Category
    path = "categories"
    verbose_name = _("category")
    verbose_name_plural = _("categories")
    fields = (Text("name", verbose_name=_("name"), max_length=50, unique=True, example="Meat"),)


class UnitResource(Resource):
    """What quantities count: g, ml, pieces."""

    model = Unit
    path = "units"
    verbose_name = _("unit")
    verbose_name_plural = _("units")
    fields = (Text("name", verbose_name=_("name"), max_length=10, unique=True, example="g"),)

    @classmethod
    def find_factors(
        cls,
        db: Session,
        rows: Sequence[dict[str, Any]],
        kept: dict[str, Any],
        convert: Fraction | None,
        hidden: Hidden = SHOW_ALL,
    ) -> dict[int, Fraction]:
        """Return no factors: the products of a unit keep their quantities, so another unit is refused."""
        refuse_other_units(db, rows, kept, convert, hidden)
        return {}


class ManufacturerResource(Resource):
    """Who makes products."""

    model = Manufacturer
    path = "manufacturers"
    verbose_name = _("manufacturer")
    verbose_name_plural = _("manufacturers")
    fields = (
        Text("name", verbose_name=_("name"), max_length=100, unique=True, example="Yamato Foods"),
    )


class OriginResource(Resource):
    """Where products come from."""

    model = Origin
    path = "origins"
    verbose_name = _("origin")
    verbose_name_plural = _("origins")
    fields = (
        Text("name", verbose_name=_("name"), max_length=100, unique=True, example="Hokkaido"),
    )


class StoreResource(Resource):
    """Shops; a chain has several of one name."""

    model = Store
    path = "stores"
    verbose_name = _("store")
    verbose_name_plural = _("stores")
    fields = (
        Text("name", verbose_name=_("name"), max_length=100, example="Life"),
        Text("location", verbose_name=_("location"), max_length=100, example="Kyoto"),
    )
    natural_key = ("name", "location")

    @classmethod
    def label(cls, document: dict[str, Any]) -> str:
        """Return the name and the place: names repeat."""
        return f"{document['name']} ({document['location']})"


class ProductResource(Resource):
    """What is bought again and again."""

    model = Product
    path = "products"
    verbose_name = _("product")
    verbose_name_plural = _("products")
    fields = (
        Text("name", verbose_name=_("name"), max_length=100, example="Beef"),
        Reference("category", CategoryResource),
        Reference("unit", UnitResource),
        Reference("manufacturer", ManufacturerResource, required=False),
        Reference("origin", OriginResource, required=False),
    )
    # One name may come from several makers, and in several packs. The category only describes.
    natural_key = ("name", "unit", "manufacturer", "origin")
    bulk_fields = ("category", "manufacturer", "origin")  # another unit would change quantities

    @classmethod
    def label(cls, document: dict[str, Any]) -> str:
        """Return the name and, where it is known, who made it: names repeat."""
        maker = document["manufacturer"]
        name = document["name"]
        return f"{name} ({ManufacturerResource.label_of(maker)})" if maker else name

    @classmethod
    def find_factors(
        cls,
        db: Session,
        rows: Sequence[dict[str, Any]],
        kept: dict[str, Any],
        convert: Fraction | None,
        hidden: Hidden = SHOW_ALL,
    ) -> dict[int, Fraction]:
        """Return the factors of the products that have another unit than the kept one."""
        return find_factors(db, rows, kept, convert, hidden)
