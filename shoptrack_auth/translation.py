"""The catalogue of this plugin's sentences."""

from shoptrack.i18n.translation import Messages

DOMAIN = "shoptrack_auth"
_ = Messages(DOMAIN)
