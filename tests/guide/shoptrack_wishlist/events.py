"""What happens to wishes when something is bought."""

import logging

from sqlalchemy import select

from shoptrack.db import get_registry
from shoptrack.records.models import ShoppingRecord
from shoptrack.resources import Repository
from shoptrack_wishlist.models import Wish
from shoptrack_wishlist.resources import WishResource

log = logging.getLogger(__name__)


def tick_off(event):
    """Delete the wishes for a product that was bought."""
    if event.resource.model is not ShoppingRecord:
        return
    product = event.after["product"]
    wishes = Repository.of(get_registry(event.db), WishResource)
    for id in event.db.scalars(select(Wish.id).where(Wish.product_id == product["id"])).all():
        if wish := wishes.lock(event.db, id):
            wishes.delete(event.db, wish)
            event.after_commit(lambda: log.info("%s is wished for no more", product["name"]))
