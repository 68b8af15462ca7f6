"""The overview's panel of the latest changes."""

from shoptrack.history import Action, HistoryEntry, HistoryPermission, select_entries
from shoptrack.plugins import AdminPanel
from shoptrack_admin.history.entries import Visibility, make_entry_details

MAX_ENTRIES = 8


def load_panel(request) -> dict | None:
    """Return the latest changes."""
    latest = select_entries(HistoryEntry.action.in_(list(Action))).limit(MAX_ENTRIES)
    visibility = Visibility(request)
    found = [
        make_entry_details(request, entry, visibility) for entry in request.reader.execute(latest)
    ]
    return {"entries": found} if found else None


def includeme(config):
    """Show the panel to users who may view the history."""
    template = "shoptrack_admin:templates/panels/history.jinja2"
    config.add_admin_panel(
        AdminPanel("history", template, load_panel, HistoryPermission.VIEW_HISTORY, order=20)
    )
