"""The history: an unchangeable log of each action, its actor, time and source, with the previous values.

The core records changes of resources' rows. For other actions, such as signing in, a plugin calls `record`.
"""

import logging
from enum import StrEnum

from shoptrack.history.feed import restart_feed
from shoptrack.history.models import Action, ActionSource, GroupAction, HistoryEntry
from shoptrack.history.pages import (
    MAX_COUNTED,
    EntryPage,
    Parts,
    get_merged_ids,
    iterate_entries,
    read_entry,
    read_latest,
    read_page,
    read_parts,
    read_parts_page,
)
from shoptrack.history.purging import delete_entries, delete_old_entries
from shoptrack.history.queries import Filters, select_entries
from shoptrack.history.subscribers import record
from shoptrack.history.undoing import Undo, find_undoable, undo
from shoptrack.jobs import JobRun
from shoptrack.settings import Settings

__all__ = [
    "MAX_COUNTED",
    "Action",
    "ActionSource",
    "EntryPage",
    "Filters",
    "GroupAction",
    "HistoryEntry",
    "HistoryPermission",
    "Parts",
    "Undo",
    "delete_entries",
    "find_undoable",
    "get_merged_ids",
    "iterate_entries",
    "read_entry",
    "read_latest",
    "read_page",
    "read_parts",
    "read_parts_page",
    "record",
    "restart_feed",
    "select_entries",
    "undo",
]


log = logging.getLogger(__name__)


class HistoryPermission(StrEnum):
    """Permissions of the history."""

    VIEW_HISTORY = "history:view"


def includeme(config):
    """Record the changes of rows, serve them, and delete old entries if a setting says so."""
    config.add_permissions(HistoryPermission, restricted=True)
    config.include(".subscribers")
    config.include(".undo_view")
    config.include(".views")
    if Settings.of(config.registry).history_days is not None:
        config.add_job("history.purge", purge, at="03:45")


def purge(run: JobRun) -> None:
    """Delete the entries that are older than ``SHOPTRACK_HISTORY_DAYS``."""
    days = Settings.of(run.registry).history_days
    assert days is not None, "the job is registered with this setting only"
    with run.session() as db:
        log.info("Entries deleted: %d", delete_old_entries(db.connection(), days))
