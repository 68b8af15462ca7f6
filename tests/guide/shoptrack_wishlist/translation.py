"""The catalogue of the wishlist."""

from shoptrack.i18n import MessageFactory

_ = MessageFactory("shoptrack_wishlist")
