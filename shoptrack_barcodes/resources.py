"""The resource of barcodes."""

from typing import Any

from shoptrack.catalog.resources import ProductResource
from shoptrack.resources import Reference, Resource
from shoptrack_barcodes.fields import Code
from shoptrack_barcodes.models import Barcode
from shoptrack_barcodes.translation import _


class BarcodeResource(Resource):
    """Barcodes of products."""

    model = Barcode
    path = "barcodes"
    verbose_name = _("barcode")
    verbose_name_plural = _("barcodes")
    fields = (
        Reference("product", ProductResource, is_owner=True),
        Code(
            "code",
            verbose_name=_("code"),
            description="EAN-13 (JAN), EAN-8 or UPC-A. Spaces, dashes and width do not matter.",
        ),
    )

    @classmethod
    def label(cls, document: dict[str, Any]) -> str:
        """Return the code, and what has it."""
        return f"{document['code']} ({ProductResource.label_of(document['product'])})"
