"""The household's spending, by periods and by dimensions of its records."""


def includeme(config):
    """Serve ``/api/reports/spending/``, and add its panel to the administration's overview."""
    config.include(".views")
    config.include(".panel")
