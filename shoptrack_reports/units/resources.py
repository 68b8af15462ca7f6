"""The resource of the household's conversion factors."""

from decimal import Decimal as Number
from typing import Any

from shoptrack.catalog.resources import UnitResource
from shoptrack.resources import Decimal, Field, InvalidValue, JSONSchema, Reference, Resource
from shoptrack_reports.translation import _
from shoptrack_reports.units.models import UnitFactor
from shoptrack_reports.units.standard_units import BASE_UNITS


class BaseUnit(Field):
    """The name of a base unit."""

    lookups = ()  # three rows need no filter

    def make_example(self) -> str:
        """Return the first base unit."""
        return BASE_UNITS[0]

    def get_response_schema(self) -> JSONSchema:
        """Return an enumeration of the base units."""
        return {"type": "string", "enum": list(BASE_UNITS)}

    def parse(self, value: Any) -> str:
        """Accept the exact name of a base unit."""
        if value not in BASE_UNITS:
            raise InvalidValue(_("Choose one of ${bases}.", bases=", ".join(BASE_UNITS)))
        return value


class Factor(Decimal):
    """A number greater than 0."""

    def parse(self, value: Any) -> Number:
        """Accept a number or a numeric string."""
        number = super().parse(value)
        if number <= 0:
            raise InvalidValue(_("Ensure this value is greater than 0."))
        return number


class UnitFactorResource(Resource):
    """The conversion factor of a unit that has no standard one, or another one."""

    model = UnitFactor
    path = "unit-factors"
    verbose_name = _("unit factor")
    verbose_name_plural = _("unit factors")
    fields = (
        Reference("unit", UnitResource, unique=True),
        BaseUnit(
            "base",
            verbose_name=_("base unit"),
            description="Grams, millilitres or pieces.",
        ),
        Factor(
            "factor",
            verbose_name=_("factor"),
            max_digits=10,
            decimal_places=3,
            description="How many of the base unit one unit is: 1000 for a kilogram in grams.",
            example="1000.000",
        ),
    )

    @classmethod
    def label(cls, document: dict[str, Any]) -> str:
        """Return the factor as an equation."""
        return (
            f"{UnitResource.label_of(document['unit'])} = {document['factor']} {document['base']}"
        )
