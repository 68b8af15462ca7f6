"""Actions that packages add for selected rows of a list."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.plugins import AdminAction
from shoptrack_admin.rows.resource_admin import ResourceAdmin


class ActionView:
    """The page that asks for confirmation of an action on the selected rows."""

    def __init__(self, admin: ResourceAdmin, action: AdminAction):
        self._admin = admin
        self._action = action

    def show_confirmation(self, request) -> dict[str, Any]:
        """Show the rows."""
        ids = self._admin.get_selected_ids(request, request.GET)
        rows = self._admin.get_labels(request, ids)
        return {"admin": self._admin, "rows": rows, "action": self._action}

    def run(self, request) -> HTTPSeeOther:
        """Run the action in the request's transaction, and redirect to the list."""
        ids = self._admin.get_selected_ids(request, request.form)
        request.messages.add(self._action.run(request, ids))
        return HTTPSeeOther(self._admin.path(request))
