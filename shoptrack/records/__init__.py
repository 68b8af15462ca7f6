"""What was bought: one record a line of a receipt."""

from shoptrack.records.resources import ShoppingRecordResource


def includeme(config):
    """Serve the records."""
    config.add_resource(ShoppingRecordResource)
