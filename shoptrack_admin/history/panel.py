"""The overview's panel of the latest changes."""

from shoptrack.history import HistoryPermission, read_latest
from shoptrack.plugins import AdminPanel
from shoptrack_admin.history.entries import make_entry_details
from shoptrack_admin.history.visibility import Visibility

MAX_ENTRIES = 8


def load_panel(request) -> dict | None:
    """Return the latest changes."""
    visibility = Visibility(request)
    latest = read_latest(request.reader, MAX_ENTRIES)
    found = [make_entry_details(request, entry, visibility) for entry in latest]
    return {"entries": found} if found else None


def includeme(config):
    """Show the panel to users who may view the history."""
    template = "shoptrack_admin:templates/panels/history.jinja2"
    config.add_admin_panel(
        AdminPanel("history", template, load_panel, HistoryPermission.VIEW_HISTORY, order=20)
    )
