"""The translation catalogue of this plugin."""

from shoptrack.i18n import MessageFactory

DOMAIN = "shoptrack_auth"
_ = MessageFactory(DOMAIN)
