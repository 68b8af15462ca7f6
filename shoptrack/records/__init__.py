"""What was bought: one record a line of a receipt."""

from decimal import Decimal
from importlib.resources import files

from shoptrack.i18n import format_number
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.records.warnings import find_unlikely_records


def includeme(config):
    """Serve the records."""
    config.add_resource(ShoppingRecordResource)
    config.add_warnings(ShoppingRecordResource.path, find_unlikely_records)
    for name in ("zaim", "moneyforward"):
        file = files("shoptrack.records").joinpath(f"mappings/{name}.toml")
        config.add_csv_mapping(ShoppingRecordResource.path, name, file)
    config.add_admin(
        ShoppingRecordResource.path,
        columns=("purchase_date", "product", "store", "quantity", "price"),
        filters=(
            "purchase_date",
            "store",
            "product",
            "product__name",
            "product__category",
            "price",
        ),
        ordering="-purchase_date,-id",
        texts={
            "quantity": lambda record: (
                f"{format_number(Decimal(record['quantity']))} {record['product']['unit']['name']}"
            ),
        },
    )
