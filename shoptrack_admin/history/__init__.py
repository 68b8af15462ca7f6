"""The pages and the panel that show the history."""


def includeme(config):
    """Show the history to users with the permission."""
    config.include(".views")
    config.include(".undo_view")
    config.include(".panel")
