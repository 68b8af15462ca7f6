"""What was bought: one record a line of a receipt."""

from shoptrack.records.resources import ShoppingRecordResource


def includeme(config):
    """Serve the records."""
    config.add_resource(ShoppingRecordResource)
    config.add_admin(
        ShoppingRecordResource.path,
        columns=("purchase_date", "product", "store", "quantity", "price"),
        ordering="-purchase_date,-id",
    )
