"""Factors between units: products with different units are merged only if their quantities can be converted.

The core knows no factors. Packages add functions that know some, by ``config.add_unit_factors``.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from shoptrack.db.sessions import get_registry
from shoptrack.errors import Conflict, ValidationError
from shoptrack.i18n.translation import _
from shoptrack.resources.conversions import format_factor
from shoptrack.resources.visibility import Hidden

Document = dict[str, Any]
FindFactor = Callable[[Connection, int, int], Fraction | None]


class UnitFactors(list[FindFactor]):
    """The functions of one application that know factors between units."""

    @classmethod
    def of(cls, registry: Any) -> "UnitFactors":
        """Return the application's."""
        return registry.setdefault(cls, cls())

    def find(self, connection: Connection, unit: int, other: int) -> Fraction | None:
        """Return how many of another unit one of a unit is, ``None`` if no package knows it."""
        for find_factor in self:
            factor = find_factor(connection, unit, other)
            if factor is not None:
                return factor
        return None


class DifferentUnits(Conflict):
    """Products with different units cannot be merged without a factor.

    :param names: of the units of the products that are to be deleted
    :param kept: the name of the kept product's unit
    """

    code = "different_units"

    def __init__(self, names: Sequence[str], kept: str):
        super().__init__(
            _(
                "These products have different units: ${units} and ${kept}. Give a conversion factor (convert): how "
                "many ${kept} one of the other unit is.",
                units=", ".join(names),
                kept=kept,
            )
        )


class UnitsOfDifferentSize(Conflict):
    """Units of different sizes cannot be merged: the quantities of their products would become wrong."""

    code = "different_units"

    def __init__(self, name: str, kept: str, factor: Fraction):
        super().__init__(
            _(
                "One ${unit} is ${factor} ${kept}, so quantities would become wrong. Merge the products of these units "
                "instead, or correct the unit factor.",
                unit=name,
                factor=format_factor(factor),
                kept=kept,
            )
        )


def find_factors(
    db: Session,
    products: Sequence[Document],
    kept: Document,
    convert: Fraction | None,
    hidden: Hidden,
) -> dict[int, Fraction]:
    """Return the factors of the products with another unit than the kept one, by the products' ids.

    :param convert: the factor that the user gave, for all of them
    :raises DifferentUnits: no factor is known
    :raises ValidationError: all products have the same unit, or a factor was given for several units
    """
    unit = kept["unit"]
    others = [product for product in products if product["unit"]["id"] != unit["id"]]
    names = {product["unit"]["id"]: _get_name(product["unit"], hidden) for product in others}
    if convert is not None:
        if not others:
            raise ValidationError({"convert": [_("All these products have the same unit.")]})
        if len(names) > 1:
            message = _(
                "These products have several units: ${units}. Merge those with one unit at a time.",
                units=", ".join(names.values()),
            )
            raise ValidationError({"convert": [message]})
        return {product["id"]: convert for product in others}
    known = UnitFactors.of(get_registry(db))
    factors = {id: known.find(db.connection(), id, unit["id"]) for id in names}
    unknown = [names[id] for id, factor in factors.items() if factor is None]
    if unknown:
        raise DifferentUnits(unknown, _get_name(unit, hidden))
    return {product["id"]: factors[product["unit"]["id"]] for product in others}  # type: ignore[misc]


def refuse_other_units(
    db: Session,
    units: Sequence[Document],
    kept: Document,
    convert: Fraction | None,
    hidden: Hidden,
) -> None:
    """Refuse to merge units of which one is known to be several of the other.

    :param convert: the factor that the user gave
    :raises UnitsOfDifferentSize: a factor other than 1 is known
    :raises ValidationError: the user gave a factor
    """
    if convert is not None:
        message = _("Units cannot be converted. Merge the products of these units instead.")
        raise ValidationError({"convert": [message]})
    known = UnitFactors.of(get_registry(db))
    for unit in units:
        factor = known.find(db.connection(), unit["id"], kept["id"])
        if factor is not None and factor != 1:
            name, kept_name = _get_name(unit, hidden), _get_name(kept, hidden)
            raise UnitsOfDifferentSize(name, kept_name, factor)


def _get_name(unit: Document, hidden: Hidden) -> str:
    return _("unit ${id}", id=unit["id"]) if "units:view" in hidden else unit["name"]
