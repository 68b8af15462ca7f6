"""The check for ``shoptrack check --deploy``."""

from shoptrack.plugins import Deployment
from shoptrack.settings import Settings

from shoptrack_proxy_auth.settings import ProxyAuthSettings


def check_trusted_proxies(deployment: Deployment) -> str | None:
    """Return that no proxy is trusted, with which the plugin signs nobody in."""
    if Settings.of(deployment.registry).trusted_proxies:
        return None
    header = ProxyAuthSettings.of(deployment.registry).header
    return (
        f"No proxy is trusted, so {header} is always ignored and signs nobody in. "
        "Name the address of your proxy in SHOPTRACK_TRUSTED_PROXIES."
    )
