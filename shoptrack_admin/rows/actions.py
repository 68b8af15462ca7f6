"""What a package lets people do to rows that they chose from a list."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.plugins.administration import AdminAction
from shoptrack_admin.rows.deleting import labels
from shoptrack_admin.rows.table import Table


class Action:
    """The page that asks whether it shall be done to the chosen rows."""

    def __init__(self, table: Table, action: AdminAction):
        self._table = table
        self._action = action

    def ask(self, request) -> dict[str, Any]:
        """Show the rows."""
        ids = self._table.chosen(request, request.GET)
        rows = labels(request, self._table, ids)
        return {"table": self._table, "rows": rows, "action": self._action}

    def run(self, request) -> HTTPSeeOther:
        """Carry the action out in the request's transaction, and lead back to the list."""
        ids = self._table.chosen(request, request.form)
        request.messages.add(self._action.run(request, ids))
        return HTTPSeeOther(self._table.path(request))
