"""Amounts such as 100g that prices are given for, and their conversion to a product's unit."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal as Number
from fractions import Fraction

from shoptrack.db import fold
from shoptrack.resources import Decimal, InvalidValue
from shoptrack_reports.units.standard_units import STANDARD_UNITS

QUANTITY = Decimal("quantity", max_digits=10, decimal_places=3)
PATTERN = r"([0-9.]*)\s*([^0-9\s.+-].{0,29})"
EXAMPLES = {"g": "100g or 1kg", "ml": "100ml or 1L", "piece": "1piece or 1個"}


@dataclass(frozen=True)
class UnitDefinition:
    """A unit, and the household's conversion factor if there is one.

    :param base: the household's base unit
    :param factor: how many of the base unit one unit is
    """

    name: str
    base: str | None = None
    factor: Number | None = None

    @property
    def base_and_factor(self) -> tuple[str, Fraction] | None:
        """Return the base unit and the conversion factor: the household's or the standard one."""
        if self.base is not None and self.factor is not None:
            return self.base, Fraction(self.factor)
        standard = STANDARD_UNITS.get(fold(self.name))
        return standard and (standard[0], Fraction(standard[1]))


@dataclass(frozen=True)
class Amount:
    """A quantity of a unit."""

    quantity: Number
    unit: str

    @classmethod
    def parse(cls, text: str) -> "Amount":
        """Parse ``100g``, ``1.5 kg`` or ``kg``, which is 1 kg.

        :raises InvalidValue: invalid amount
        """
        match = re.fullmatch(PATTERN, unicodedata.normalize("NFKC", text).strip())
        if not match or "\0" in text:
            raise InvalidValue("Must be a number and a unit, as in 100g, 1kg, 100ml, 1L or 1piece.")
        quantity = QUANTITY.parse(match[1] or "1")
        if not quantity:
            raise InvalidValue("Must be greater than 0, for example 100g.")
        return cls(quantity, match[2])

    def convert_to(self, unit: UnitDefinition, own: UnitDefinition) -> Fraction:
        """Return how many of a product's unit this amount is.

        :param unit: the product's unit
        :param own: this amount's unit
        :raises InvalidValue: the units have different base units, or one is unknown
        """
        quantity = Fraction(self.quantity)
        if fold(self.unit) == fold(unit.name):
            return quantity
        mine, products = own.base_and_factor, unit.base_and_factor
        if products is None:
            raise InvalidValue(
                f"The unit {unit.name} has no conversion factor. Add one at /api/unit-factors/, or "
                f"request prices per {unit.name}."
            )
        if mine is None or mine[0] != products[0]:
            raise InvalidValue(
                f"This product is counted in {unit.name}, which cannot be compared to "
                f"{self.unit}. Ask for prices per {unit.name}, or as in {EXAMPLES[products[0]]}."
            )
        return quantity * mine[1] / products[1]
