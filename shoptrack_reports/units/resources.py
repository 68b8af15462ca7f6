"""The resource of what a household says of its units, described."""

from decimal import Decimal as Number
from typing import Any

from shoptrack.catalog.resources import UnitResource
from shoptrack.resources.fields import Decimal, Field, InvalidValue, JSONSchema, Reference
from shoptrack.resources.resource import Resource
from shoptrack_reports.translation import _
from shoptrack_reports.units.known import BASES
from shoptrack_reports.units.models import UnitFactor


class BaseUnit(Field):
    """One of the units that the others are counted in."""

    def make_example(self) -> str:
        """Return the first."""
        return BASES[0]

    def get_response_schema(self) -> JSONSchema:
        """Return all of them."""
        return {"type": "string", "enum": list(BASES)}

    def parse(self, value: Any) -> str:
        """Take its name, exactly."""
        if value not in BASES:
            raise InvalidValue(_("Choose one of ${bases}.", bases=", ".join(BASES)))
        return value


class Factor(Decimal):
    """A number above zero."""

    def parse(self, value: Any) -> Number:
        """Take a number, or text that reads as one."""
        number = super().parse(value)
        if number <= 0:
            raise InvalidValue(_("Ensure this value is greater than 0."))
        return number


class UnitFactorResource(Resource):
    """How many of a base unit one unit is, where its name does not say it or says it wrongly."""

    model = UnitFactor
    path = "unit-factors"
    verbose_name = _("unit factor")
    verbose_name_plural = _("unit factors")
    fields = (
        Reference("unit", UnitResource, unique=True),
        BaseUnit(
            "base",
            verbose_name=_("base unit"),
            description="What the unit is counted in: grams, millilitres or pieces.",
        ),
        Factor(
            "factor",
            verbose_name=_("factor"),
            max_digits=10,
            decimal_places=3,
            description="How many of the base unit one unit is: 1000 for a kilogram, in grams.",
            example="1000.000",
        ),
    )

    @classmethod
    def label(cls, document: dict[str, Any]) -> str:
        """Return it as an equation."""
        return (
            f"{UnitResource.label_of(document['unit'])} = {document['factor']} {document['base']}"
        )
