"""The catalogue of this plugin's sentences."""

from shoptrack.translation import Messages

DOMAIN = "shoptrack_auth"
_ = Messages(DOMAIN)
