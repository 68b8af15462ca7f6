"""Finding a product by its barcode."""

from typing import Any

from sqlalchemy import bindparam, select

from shoptrack.errors import NotFound, ValidationError
from shoptrack.resources import Repository, Schema
from shoptrack.rest import (
    Header,
    Parameter,
    ResponseDescription,
    Service,
    describe_view,
    is_not_modified,
    make_not_modified,
)
from shoptrack_barcodes.codes import EXAMPLE, normalize_code
from shoptrack_barcodes.fields import Code
from shoptrack_barcodes.models import Barcode
from shoptrack_barcodes.translation import _

PATH = Schema("ProductByBarcodePath", [Code("code")])
CODE = Parameter("code", {"type": "string"}, f"The barcode, such as {EXAMPLE}.", required=True)
# What a product is with the barcodes that this plugin adds.
PRODUCT = {"$ref": "#/components/schemas/ExtendedProduct"}
ETAG = Header("ETag", "Changes with the product and with what it nests.")
STATEMENT = select(Barcode.product_id).where(Barcode.normalized == bindparam("normalized"))


@describe_view(
    summary="Find a product by a barcode",
    path=[CODE],
    responses=[
        ResponseDescription(200, "The product.", PRODUCT, [ETAG]),
        ResponseDescription(304, "The client has it already.", headers=[ETAG]),
        ValidationError,
        NotFound,
    ],
)
def find_product(request) -> Any:
    """Respond with the product that has a barcode, whichever form of the code is sent."""
    code = PATH.validate({"code": request.matchdict["code"]})["code"]
    products = Repository.of(request.registry, "products")
    id = request.reader.scalar(STATEMENT, {"normalized": normalize_code(code)})
    hidden = products.get_hidden(request.identity)
    row = None if id is None else products.get(request.reader, id, hidden)
    if row is None:
        raise NotFound(_("No product has the barcode ${code}.", code=code))
    if is_not_modified(request, row.etag, is_strong=True):
        return make_not_modified(request)
    return row.document


def includeme(config):
    """Serve it to whoever may view products."""
    service = Service(
        "products:by-barcode",
        # Names of other endpoints begin with small letters, as in /api/products/{id}/prices/.
        "/api/products/by-barcode/{code:[^/a-z][^/]*}/",
        description="The product with a barcode.",
    )
    service.add_view("GET", find_product, permission="products:view")
    config.add_service(service)
