"""Actions that packages add for selected rows of a list."""

import logging
from typing import Any

from pyramid.httpexceptions import HTTPException, HTTPSeeOther

from shoptrack.errors import Conflict, DomainError, ValidationError
from shoptrack.plugins import AdminAction
from shoptrack.web import convert_to_domain_error
from shoptrack_admin.plugin_failures import is_of_request
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.translation import _

FAILED = _("The action failed, so nothing was changed. See the server log for details.")

log = logging.getLogger(__name__)


class ActionView:
    """The page that asks for confirmation of an action on the selected rows."""

    def __init__(self, admin: ResourceAdmin, action: AdminAction):
        self._admin = admin
        self._action = action

    def show_confirmation(self, request) -> dict[str, Any]:
        """Show the rows."""
        return self._show(request, self._admin.get_selected_ids(request, request.GET))

    def run(self, request) -> Any:
        """Run the action in the request's transaction, and redirect to the list.

        If the action fails, the transaction is rolled back, and the page shows the error.
        """
        ids = self._admin.get_selected_ids(request, request.form)
        try:
            message = self._action.run(request, ids)
            if "db" in request.__dict__:
                request.db.flush()
            request.messages.add(message)
        except (Conflict, ValidationError) as error:
            return self._show_errors(request, ids, error.status, get_messages(error))
        except (DomainError, HTTPException):
            raise
        except Exception as error:
            # A database that is busy or cannot be reached is not the action's failure.
            is_expected = convert_to_domain_error(request, error).status != 500
            if is_expected or is_of_request(request, error):
                raise
            log.error("The action %r failed", self._action.name, exc_info=error)
            return self._show_errors(request, ids, 500, [FAILED])
        return HTTPSeeOther(self._admin.path(request))

    def _show_errors(
        self, request, ids: list[int], status: int, messages: list[str]
    ) -> dict[str, Any]:
        request.response.status_int = status
        return self._show(request, ids) | {"errors": {"": messages}}

    def _show(self, request, ids: list[int]) -> dict[str, Any]:
        rows = self._admin.get_labels(request, ids)
        return {"admin": self._admin, "errors": {}, "rows": rows, "action": self._action}


def get_messages(error: Conflict | ValidationError) -> list[str]:
    """Return the messages of an error with which an action refuses to run."""
    if isinstance(error, ValidationError):
        return [message for messages in error.errors.values() for message in messages]
    return [error.detail]
