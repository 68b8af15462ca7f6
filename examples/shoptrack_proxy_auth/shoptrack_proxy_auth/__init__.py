"""A plugin for ShopTrack: the proxy in front of it signs users in, and sends their names."""

from shoptrack.rest import SecurityScheme

from shoptrack_proxy_auth.authenticator import authenticate
from shoptrack_proxy_auth.checks import check_trusted_proxies
from shoptrack_proxy_auth.settings import ProxyAuthSettings


def includeme(config):
    """Plug the proxy's header into ShopTrack."""
    config.require_plugin("shoptrack_auth", "which knows the users")
    config.add_translation_dirs("shoptrack_proxy_auth:locale")
    settings = config.add_settings_table(ProxyAuthSettings)
    config.add_proxy_header(settings.header)
    scheme = SecurityScheme(
        "proxyAuth",
        {
            "type": "apiKey",
            "in": "header",
            "name": settings.header,
            "description": "The proxy sends this header, when you are signed in there.",
        },
    )
    config.add_authenticator(
        "proxy_auth",
        authenticate,
        scheme=scheme,
        with_pages=True,
        sign_out_url=settings.sign_out_url,
    )
    config.add_deploy_check("proxy_auth.trusted_proxies", check_trusted_proxies)
