"""Comparable units: how many grams, millilitres or pieces one unit is.

``standard_units.py`` has the common units; a household adds its own at ``/api/unit-factors/``.
"""

from shoptrack_reports.units.factors import find_unit_factor
from shoptrack_reports.units.resources import UnitFactorResource


def includeme(config):
    """Serve ``/api/unit-factors/``, and convert quantities when products are merged."""
    config.add_resource(UnitFactorResource)
    config.add_unit_factors(find_unit_factor)
