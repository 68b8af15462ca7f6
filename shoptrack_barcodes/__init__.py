"""Barcodes: several for each product, by which clients find it."""

from shoptrack_barcodes.extension import ProductBarcodes
from shoptrack_barcodes.resources import BarcodeResource


def includeme(config):
    """Set up barcodes: migrations, translations, their resource, and their place in products."""
    config.add_migrations("barcodes", "shoptrack_barcodes:revisions")
    config.add_translation_dirs("shoptrack_barcodes:locale")
    config.add_resource(BarcodeResource)
    config.extend_resource("products", ProductBarcodes)
    config.include(".product_codes")
    config.include(".views")
