"""A plugin for ShopTrack: products that the household means to buy."""

from shoptrack.events import RowAdded
from shoptrack_wishlist.events import tick_off
from shoptrack_wishlist.permissions import WishPermission
from shoptrack_wishlist.resources import WishResource


def includeme(config):
    """Plug the wishlist into ShopTrack."""
    config.require_plugin("shoptrack_auth", "which knows who votes")
    config.require_plugin("shoptrack_admin", "whose pages it adds to")
    config.add_migrations("wishlist", "shoptrack_wishlist:revisions", after=["auth"])
    config.add_permissions(WishPermission)
    config.include(".shop")
    config.include(".votes")
    config.include(".purchases")
    config.include(".lists")
    config.add_resource(WishResource)
    config.add_subscriber(tick_off, RowAdded)
    config.include(".administration")
