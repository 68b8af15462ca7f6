"""Units that can be compared: how many grams, millilitres or pieces each one is.

``known.py`` has the common ones by name; a household says what its own are in ``/api/unit-factors/``.
"""

from shoptrack_reports.units.resources import UnitFactorResource


def includeme(config):
    """Serve what a household says of its units."""
    config.add_resource(UnitFactorResource)
