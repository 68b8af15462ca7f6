"""The catalogue of this package's sentences."""

from shoptrack.i18n import MessageFactory

_ = MessageFactory("shoptrack_proxy_auth")
