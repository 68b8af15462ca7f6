"""The history: an unchangeable log of each action, its actor, time and source, with the previous values.

The core records changes of resources' rows. For other actions, such as signing in, a plugin calls `record`.
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
    """Permissions of the history."""

    VIEW_HISTORY = "history:view"


def includeme(config):
    """Record the changes of rows."""
    config.add_permissions(HistoryPermission, restricted=True)
    config.include(".subscribers")
