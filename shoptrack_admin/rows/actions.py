"""What a package lets people do to rows that they chose from a list."""

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.administration import AdminAction
from shoptrack_admin.rows.table import Table


class RunAction:
    """Does it, and leads back to the list."""

    def __init__(self, table: Table, action: AdminAction):
        self._table = table
        self._action = action

    def __call__(self, request) -> HTTPSeeOther:
        """Carry the action out in the request's transaction."""
        ids = self._table.chosen(request, request.form)
        request.messages.add(self._action.run(request, ids))
        return HTTPSeeOther(self._table.path(request))
