"""The history: who did what, when, from where, and what was there before. Nobody can change it."""

from enum import StrEnum


class HistoryPermission(StrEnum):
    """What one may do with the history."""

    VIEW_HISTORY = "history:view"


def includeme(config):
    """Keep a history, and show it."""
    config.add_migrations("admin", "shoptrack_admin:revisions")
    config.add_permissions(HistoryPermission, restricted=True)
    config.include(".listening")
    config.include(".views")
    config.include(".panel")
