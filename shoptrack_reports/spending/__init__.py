"""What the household spends: by time, and by whatever its records refer to."""


def includeme(config):
    """Serve the report."""
    config.include(".views")
