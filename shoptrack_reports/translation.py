"""The catalogue of this package's sentences."""

from shoptrack.i18n.translation import Messages

_ = Messages("shoptrack_reports")
