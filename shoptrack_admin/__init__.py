"""The administration: pages on which a household looks after its data and its users."""

from pyramid.events import ApplicationCreated

from shoptrack.settings import ConfigurationError
from shoptrack_admin.settings import AdminSettings
from shoptrack_auth.settings import AuthSettings


def includeme(config):
    """Plug the administration into ShopTrack."""
    config.add_settings_table(AdminSettings)
    config.add_subscriber(check_plugins, ApplicationCreated)
    config.include(".translation")
    config.include(".languages")
    config.include(".templating")
    config.include(".assets")
    config.include(".guard")
    config.include(".forms")
    config.include(".menu")
    config.include(".messages")
    config.include(".frame")
    config.include(".error_pages")
    config.include(".sign_in")
    config.include(".account")
    config.include(".password_link")
    config.include(".panels")
    config.include(".index")
    config.include(".spending")
    config.include(".newest")
    config.include(".failures")
    config.include(".rows")
    config.include(".users")
    config.include(".history")


def check_plugins(event) -> None:
    """Stop the start where nobody could ever sign in.

    :raises ConfigurationError: the plugin that knows the users is not switched on
    """
    if AuthSettings not in event.app.registry:
        raise ConfigurationError(
            "The plugin shoptrack_admin needs shoptrack_auth, which knows the users. Name both in "
            "shoptrack.plugins or SHOPTRACK_PLUGINS."
        )
