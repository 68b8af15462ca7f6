"""The price history of a product, by store or by month."""


def includeme(config):
    """Serve ``/api/products/{id}/prices/``."""
    config.include(".views")
