"""What was bought: one record a line of a receipt."""

from decimal import Decimal
from importlib.resources import files

from shoptrack.i18n import format_money, format_number
from shoptrack.records.resources import ShoppingRecordResource


def includeme(config):
    """Serve the records."""
    config.add_resource(ShoppingRecordResource)
    for name in ("zaim", "moneyforward"):
        file = files("shoptrack.records").joinpath(f"mappings/{name}.toml")
        config.add_csv_mapping(ShoppingRecordResource.path, name, file)
    config.add_admin(
        ShoppingRecordResource.path,
        columns=("purchase_date", "product", "store", "quantity", "price"),
        ordering="-purchase_date,-id",
        texts={
            "price": lambda record: format_money(record["price"]),
            "quantity": lambda record: (
                f"{format_number(Decimal(record['quantity']))} {record['product']['unit']['name']}"
            ),
        },
    )
