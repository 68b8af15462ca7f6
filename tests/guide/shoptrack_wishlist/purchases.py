"""Buying a wish: ``/api/wishes/{id}/purchase/``."""

from shoptrack.errors import Forbidden, NotFound, ValidationError
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources import ID, ROW_ID, Repository
from shoptrack.rest import (
    Parameter,
    ResponseDescription,
    Service,
    describe_view,
    find_hidden,
    make_not_found,
    parse_path_id,
    read_body,
)
from shoptrack_wishlist.permissions import WishPermission
from shoptrack_wishlist.resources import WishResource


@describe_view(
    path=[Parameter("id", ID, "The wish's id.", required=True)],
    body={"type": "object"},
    responses=[
        ResponseDescription(201, "The record.", ShoppingRecordResource),
        ResponseDescription(201, "Its ID, for those who may not view it.", ROW_ID, if_hidden=True),
        ValidationError,
        NotFound,
    ],
)
def buy(request):
    """Record the purchase of a wish. The body is a shopping record without its product."""
    if not request.has_permission(ShoppingRecordResource.permission("add")):
        raise Forbidden
    wishes = Repository.of(request.registry, WishResource)
    records = Repository.of(request.registry, ShoppingRecordResource)
    wish = wishes.get(request.reader, parse_path_id(request, WishResource))
    if wish is None:
        raise make_not_found(WishResource)
    values = {**read_body(request), "product_id": wish.document["product"]["id"]}
    bought = records.create(request.db, values)
    request.response.status_int = 201
    return bought.hiding(find_hidden(request, ShoppingRecordResource)).document


def includeme(config):
    """Serve purchases."""
    service = Service("wishes:purchase", "/api/wishes/{id}/purchase/", description="Buy a wish.")
    service.add_view("POST", buy, permission=WishPermission.BUY_WISHES)
    config.add_service(service)
