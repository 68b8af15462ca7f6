"""The overview, the administration's first page: what is there, and panels of what goes on."""


def includeme(config):
    """Serve the page, and show the plugin's own panels on it."""
    config.include(".index")
    config.include(".newest")
    config.include(".failures")
