"""The overview, the administration's first page: numbers of rows, and panels."""


def includeme(config):
    """Serve the page, and show the plugin's own panels on it."""
    config.include(".index")
    config.include(".first_steps")
    config.include(".failures")
