"""The household's spending, by periods and by dimensions of its records."""


def includeme(config):
    """Serve ``/api/reports/spending/``."""
    config.include(".views")
