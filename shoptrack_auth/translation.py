"""The catalogue of this plugin's sentences."""

from shoptrack.i18n.translation import MessageFactory

DOMAIN = "shoptrack_auth"
_ = MessageFactory(DOMAIN)
