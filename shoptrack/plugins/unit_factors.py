"""The directive for factors between units."""

from shoptrack.catalog.unit_factors import FindFactor, UnitFactors
from shoptrack.plugins.actions import add_action


def add_unit_factors(config, find_factor: FindFactor) -> None:
    """Tell how many of another unit one of a unit is: ``find_factor(connection, unit_id, other_id)``.

    ::

        def find_factor(connection, unit_id, other_id):
            if {unit_id, other_id} <= get_spoon_ids(connection):
                return Fraction(3)

        config.add_unit_factors(find_factor)

    When products with different units are merged, the quantities of their shopping records are multiplied by the
    factor. The function returns an exact number greater than 0, or ``None`` if it does not know the units. Where
    several packages know a factor, the one that was enabled first decides. The same function twice is a configuration
    conflict.
    """

    def register():
        UnitFactors.of(config.registry).append(find_factor)

    name = f"{find_factor.__module__}.{getattr(find_factor, '__qualname__', find_factor)}"
    add_action(config, "unit factors", name, register, find_factor)
