"""Merging duplicates: one row stays, and the referrers of the others are reassigned to it."""

from functools import cached_property
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import Conflict, NotFound, ValidationError
from shoptrack.resources import InvalidValue, parse_id
from shoptrack.rest import read_factor
from shoptrack_admin.rows.delete_views import add_reassigned_messages
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.rows.selection import read_selection
from shoptrack_admin.translation import _

CONVERT = "convert"  # the input of the factor
MAX_ROWS = 20  # per merge: the referrers of each are counted


class MergeView:
    """The page that asks which of the selected rows to keep."""

    def __init__(self, admin: ResourceAdmin):
        self.admin = admin

    @cached_property
    def _is_converted(self) -> bool:
        """Return whether references to these rows have values that can be converted."""
        return any(
            field.measured_by == referring.field.name
            for referring in self.admin.repository.referring_fields
            for field in referring.resource.fields
        )

    def show_form(self, request) -> Any:
        """Show the rows, and the numbers of their referrers."""
        self.admin.check_can_reassign(request)
        return self._show(request, self._get_selected_ids(request, request.GET))

    def merge(self, request) -> Any:
        """Merge the rows into the chosen one."""
        self.admin.check_can_reassign(request)
        ids = self._get_selected_ids(request, request.form)
        try:
            keep = parse_id(request.form.get("keep", ""))
        except InvalidValue:
            return self._show_error(request, ids, _("Choose the row to keep."))
        try:
            convert = read_factor(request.form.get(CONVERT, ""), request.number_format)
            counts = self.admin.repository.merge(request.db, keep, ids, convert)
        except (Conflict, NotFound) as error:
            return self._show_error(request, ids, error.detail)
        except InvalidValue as error:
            return self._show_error(request, ids, error.args[0], CONVERT)
        except ValidationError as invalid:
            name, messages = next(iter(invalid.errors.items()))
            return self._show_error(request, ids, messages[0], name)
        request.messages.add(_("The rows were merged."))
        add_reassigned_messages(request, counts)
        return HTTPSeeOther(self.admin.get_linked_path(request, "row", id=keep))

    def _get_selected_ids(self, request, params) -> list[int]:
        """Return the ids of the rows to merge.

        :raises HTTPSeeOther: too few or too many rows
        """
        ids = read_selection(request, self.admin, params).ids
        if not 2 <= len(ids) <= MAX_ROWS:
            message = _("Choose 2 to ${most} rows to merge.", most=MAX_ROWS)
            request.messages.add(message, "warning")
            raise HTTPSeeOther(self.admin.get_list_path(request))
        return ids

    def _show_error(
        self, request, ids: list[int], message: str, name: str = "keep"
    ) -> dict[str, Any]:
        request.response.status_int = 400
        shown = name if self._is_converted and name == CONVERT else "keep"
        return self._show(request, ids) | {"errors": {shown: [message]}}

    def _show(self, request, ids: list[int]) -> dict[str, Any]:
        repository = self.admin.repository
        others = (field.resource for field in repository.referring_fields)
        hidden = repository.get_hidden(request.identity, *others)
        counts = {id: repository.count_referrers(request.reader, id, hidden) for id in ids}
        return {
            "admin": self.admin,
            "errors": {},
            "convert": request.form.get(CONVERT, "") if self._is_converted else None,
            "keep": request.form.get("keep"),
            "rows": self.admin.get_labels(request, ids),
            "used": {id: sum(by_path.values()) for id, (by_path, _more) in counts.items()},
            "more": {id: has_more for id, (_by_path, has_more) in counts.items()},
        }
