"""Amounts that prices are given for, such as 100g, and how many of a product's unit they are."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal as Number
from fractions import Fraction

from shoptrack.db.folding import fold
from shoptrack.resources.fields import Decimal, InvalidValue
from shoptrack_reports.units.known import KNOWN

QUANTITY = Decimal("quantity", max_digits=10, decimal_places=3)
PATTERN = r"([0-9.]*)\s*([^0-9\s.+-].{0,29})"
EXAMPLES = {"g": "100g or 1kg", "ml": "100ml or 1L", "piece": "1piece or 1個"}


@dataclass(frozen=True)
class Measure:
    """A unit, and what it is counted in as far as that is known.

    :param base: the base unit that the household names, ``None`` where it says nothing
    :param factor: how many of it the household's unit is
    """

    name: str
    base: str | None = None
    factor: Number | None = None

    @property
    def counted_in(self) -> tuple[str, Fraction] | None:
        """Return the base unit and how many of it this unit is, by the household or by its name."""
        if self.base is not None and self.factor is not None:
            return self.base, Fraction(self.factor)
        known = KNOWN.get(fold(self.name))
        return known and (known[0], Fraction(known[1]))


@dataclass(frozen=True)
class Amount:
    """So many of a unit."""

    quantity: Number
    unit: str

    @classmethod
    def parse(cls, text: str) -> "Amount":
        """Read ``100g``, ``1.5 kg`` or ``kg``, which is one.

        :raises InvalidValue: it is none
        """
        match = re.fullmatch(PATTERN, unicodedata.normalize("NFKC", text).strip())
        if not match or "\0" in text:
            raise InvalidValue("Must be a number and a unit, as in 100g, 1kg, 100ml, 1L or 1piece.")
        quantity = QUANTITY.parse(match[1] or "1")
        if not quantity:
            raise InvalidValue("Must be more than nothing, as in 100g.")
        return cls(quantity, match[2])

    def in_units(self, unit: Measure, own: Measure) -> Fraction:
        """Return how many of a product's unit this amount is.

        :param unit: the product's
        :param own: this amount's unit, with what the household says of it
        :raises InvalidValue: one is not counted in what the other is; the sentence says what would do
        """
        quantity = Fraction(self.quantity)
        if fold(self.unit) == fold(unit.name):
            return quantity
        mine, products = own.counted_in, unit.counted_in
        if products is None:
            raise InvalidValue(
                f"Nobody has said how much 1 {unit.name} is, the unit of this product: add it at "
                f"/api/unit-factors/, or ask for prices per {unit.name}."
            )
        if mine is None or mine[0] != products[0]:
            raise InvalidValue(
                f"This product is counted in {unit.name}, which cannot be compared to "
                f"{self.unit}. Ask for prices per {unit.name}, or as in {EXAMPLES[products[0]]}."
            )
        return quantity * mine[1] / products[1]
