"""The shop where wishes are bought: whether it can be reached, and whether its key is a real one."""

import socket

from shoptrack_wishlist.settings import WishSettings

TIMEOUT_SECONDS = 2


def reach_shop(registry):
    """Raise an error unless the shop accepts connections."""
    settings = WishSettings.of(registry)
    if settings.shop_host:
        address = (settings.shop_host, settings.shop_port)
        socket.create_connection(address, timeout=TIMEOUT_SECONDS).close()


def check_shop_key(deployment):
    """Return a problem of the shop's key, if there is one."""
    if WishSettings.of(deployment.registry).shop_key == "test":
        return "The key of the shop is for tests. Set SHOPTRACK_WISH_SHOP_KEY to your own."
    return None


def includeme(config):
    """Register the settings and the checks."""
    settings = config.add_settings_table(WishSettings)
    if settings.shop_host:
        config.add_health_check("wishlist shop", reach_shop)
    config.add_deploy_check("wishlist.shop_key", check_shop_key)
