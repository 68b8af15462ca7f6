"""What a later release may bring while this one serves: a column that may be empty."""


def includeme(config):
    """Bring the revision."""
    config.add_migrations("next_release", "next_release:revisions")
