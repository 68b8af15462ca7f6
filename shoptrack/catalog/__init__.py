"""What can be bought, and where: categories, units, manufacturers, origins, stores, products."""

from shoptrack.catalog import resources


def includeme(config):
    """Serve the six resources, and propose duplicates."""
    config.include(".duplicate_views")
    config.add_resource(resources.CategoryResource)
    config.add_resource(resources.UnitResource)
    config.add_resource(resources.ManufacturerResource)
    config.add_resource(resources.OriginResource)
    config.add_resource(resources.StoreResource)
    config.add_resource(resources.ProductResource)
