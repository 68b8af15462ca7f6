"""The overview's panel of what was done last."""

from shoptrack_admin.history import HistoryPermission
from shoptrack_admin.history.entries import Visibility, shown
from shoptrack_admin.history.filters import entries
from shoptrack_admin.history.models import Action, Entry
from shoptrack_admin.panels import Panel, add_panel

MOST = 8
ROWS = (Action.ADDED, Action.CHANGED, Action.DELETED)


def read(request) -> dict | None:
    """Return the latest changes."""
    latest = entries(Entry.action.in_(ROWS)).limit(MOST)
    visibility = Visibility(request)
    found = [shown(request, entry, visibility) for entry in request.reader.execute(latest)]
    return {"entries": found} if found else None


def includeme(config):
    """Show the panel to whoever may see the history."""
    template = "shoptrack_admin:templates/panels/history.jinja2"
    add_panel(config, Panel("history", template, read, HistoryPermission.VIEW_HISTORY, order=20))
