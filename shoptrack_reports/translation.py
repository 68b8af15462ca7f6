"""The catalogue of this package's sentences."""

from shoptrack.i18n.translation import MessageFactory

_ = MessageFactory("shoptrack_reports")
