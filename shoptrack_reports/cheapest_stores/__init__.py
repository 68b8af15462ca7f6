"""Where a shopping list is cheapest: in one store, and split over two."""


def includeme(config):
    """Serve ``/api/reports/cheapest-stores/``."""
    config.include(".views")
