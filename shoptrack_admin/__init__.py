"""The administration: pages for the household's data and its users."""


def includeme(config):
    """Set up the administration."""
    config.add_migrations("admin", "shoptrack_admin:revisions")
    config.require_plugin("shoptrack_auth", "which knows the users")
    config.include(".translation")
    config.include(".languages")
    config.include(".templating")
    config.include(".pages")
    config.include(".assets")
    config.include(".guard")
    config.include(".forms")
    config.include(".form_keys")
    config.include(".menu")
    config.include(".messages")
    config.include(".layout")
    config.include(".error_pages")
    config.include(".sign_in")
    config.include(".account")
    config.include(".tokens")
    config.include(".password_link")
    config.include(".overview")
    config.include(".purchases")
    config.include(".rows")
    config.include(".imports")
    config.include(".users")
    config.include(".history")
