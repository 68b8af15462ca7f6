"""The cheapest stores for a shopping list: the best one, and the best pair."""


def includeme(config):
    """Serve ``/api/reports/cheapest-stores/``."""
    config.include(".views")
