"""The message catalogue of this package."""

from shoptrack.i18n import MessageFactory

_ = MessageFactory("shoptrack_barcodes")
