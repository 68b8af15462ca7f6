"""Actions that packages add for selected rows of a list."""

import logging
from collections.abc import Sequence
from typing import Any

from pyramid.httpexceptions import HTTPException, HTTPSeeOther

from shoptrack.errors import Conflict, DomainError, ValidationError
from shoptrack.plugins import AdminAction
from shoptrack.web import convert_to_domain_error
from shoptrack_admin.plugin_failures import is_of_request
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.rows.selection import OUTDATED, Selection, read_selection, show_selection
from shoptrack_admin.translation import _

FAILED = _("The action failed, so nothing was changed. See the server log for details.")

MAX_ACTION_ROWS = 1000  # that match a filter; an action may take several statements for each

log = logging.getLogger(__name__)


class ActionView:
    """The page that asks for confirmation of an action on the selected rows."""

    def __init__(self, admin: ResourceAdmin, action: AdminAction):
        self._admin = admin
        self._action = action

    def show_confirmation(self, request) -> dict[str, Any]:
        """Show the rows."""
        return self._show(request, self._read_selection(request, request.GET))

    def run(self, request) -> Any:
        """Run the action in the request's transaction, and redirect to the list.

        If the action fails, the transaction is rolled back, and the page shows the error.
        """
        selection = self._read_selection(request, request.form)
        if selection.is_outdated(request.form):
            return self._show_errors(request, selection, 400, [OUTDATED])
        try:
            message = self._action.run(request, selection.ids)
            if "db" in request.__dict__:
                request.db.flush()
            request.messages.add(message)
        except (Conflict, ValidationError) as error:
            return self._show_errors(request, selection, error.status, get_messages(error))
        except (DomainError, HTTPException):
            raise
        except Exception as error:
            # A database that is busy or cannot be reached is not the action's failure.
            is_expected = convert_to_domain_error(request, error).status != 500
            if is_expected or is_of_request(request, error):
                raise
            log.error("The action %r failed", self._action.name, exc_info=error)
            return self._show_errors(request, selection, 500, [FAILED])
        return HTTPSeeOther(self._admin.get_list_path(request))

    def _read_selection(self, request, params: Any) -> Selection:
        return read_selection(request, self._admin, params, limit=MAX_ACTION_ROWS)

    def _show_errors(
        self, request, selection: Selection, status: int, messages: list[str]
    ) -> dict[str, Any]:
        page = self._show(request, selection, messages)
        request.response.status_int = status
        return page

    def _show(self, request, selection: Selection, messages: Sequence[str] = ()) -> dict[str, Any]:
        page = show_selection(request, self._admin, selection, messages)
        return page | {"action": self._action}


def get_messages(error: Conflict | ValidationError) -> list[str]:
    """Return the messages of an error with which an action refuses to run."""
    if isinstance(error, ValidationError):
        return [message for messages in error.errors.values() for message in messages]
    return [error.detail]
