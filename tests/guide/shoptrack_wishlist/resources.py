"""The resource of wishes."""

from shoptrack.catalog.resources import ProductResource
from shoptrack.resources import Date, Reference, Resource, Text
from shoptrack_wishlist.fields import Tags
from shoptrack_wishlist.models import Wish
from shoptrack_wishlist.translation import _


class WishResource(Resource):
    """A product that the household means to buy."""

    model = Wish
    path = "wishes"
    verbose_name = _("wish")
    verbose_name_plural = _("wishes")
    fields = (
        Reference("product", ProductResource),
        Text("reason", max_length=200),
        Date("wanted_by", required=False),
        Tags("tags", default=[]),
    )
    default_order = ("id",)
