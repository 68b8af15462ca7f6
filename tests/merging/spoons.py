"""A plugin that knows factors between units of spoons."""

from fractions import Fraction

from sqlalchemy import select

from shoptrack.catalog.models import Unit

MILLILITRES = {"teaspoon": 5, "tablespoon": 15}


def find_spoon_factor(connection, unit_id, other_id):
    """Return how many of another spoon one spoon is."""
    names = dict(connection.execute(select(Unit.id, Unit.name)).all())
    one, other = (MILLILITRES.get(names.get(id)) for id in (unit_id, other_id))
    return Fraction(one, other) if one and other else None


def includeme(config):
    """Convert spoons when products are merged."""
    config.add_unit_factors(find_spoon_factor)
