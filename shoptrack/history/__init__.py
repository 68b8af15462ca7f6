"""The history: who did what, when, from where, and what was there before. Nobody can change it.

Changes of resources' rows are recorded by the core. For anything else, such as signing in, a plugin calls `record`.
"""

from enum import StrEnum

from shoptrack.history.models import Action, ActionSource, HistoryEntry, delete_entries
from shoptrack.history.queries import Filters, select_entries
from shoptrack.history.subscribers import record

__all__ = [
    "Action",
    "ActionSource",
    "Filters",
    "HistoryEntry",
    "HistoryPermission",
    "delete_entries",
    "record",
    "select_entries",
]


class HistoryPermission(StrEnum):
    """What one may do with the history."""

    VIEW_HISTORY = "history:view"


def includeme(config):
    """Record what happens to rows."""
    config.add_permissions(HistoryPermission, restricted=True)
    config.include(".subscribers")
