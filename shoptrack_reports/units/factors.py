"""Factors between two units, for merging products."""

from fractions import Fraction

from sqlalchemy import Connection, select

from shoptrack.catalog.models import Unit
from shoptrack_reports.units.amounts import UnitDefinition
from shoptrack_reports.units.models import UnitFactor


def find_unit_factor(connection: Connection, unit_id: int, other_id: int) -> Fraction | None:
    """Return how many of another unit one of a unit is, if both have the same base unit."""
    statement = (
        select(Unit.id, Unit.name, UnitFactor.base, UnitFactor.factor)
        .outerjoin(UnitFactor, UnitFactor.unit_id == Unit.id)
        .where(Unit.id.in_([unit_id, other_id]))
    )
    known = {
        id: UnitDefinition(name, base, factor)
        for id, name, base, factor in connection.execute(statement)
    }
    if not {unit_id, other_id} <= known.keys():
        return None
    one, other = (known[id].base_and_factor for id in (unit_id, other_id))
    if one is None or other is None or one[0] != other[0]:
        return None
    return one[1] / other[1]
