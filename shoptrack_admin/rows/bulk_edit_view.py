"""Giving several rows the same values at once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import Conflict, Forbidden, ItemErrors
from shoptrack.resources import Field, StoredRow
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.rows.selection import (
    OUTDATED,
    Selection,
    make_item_messages,
    read_selection,
    show_selection,
)
from shoptrack_admin.rows.widgets import (
    find_questions,
    get_confirmed,
    is_searching,
    make_widget,
    read_text,
)
from shoptrack_admin.translation import _

CLEAR = "clear-"  # begins the names of checkboxes that remove a value
MAX_WARNINGS = 5


class BulkEditView:
    """The page with the selected rows, and inputs for those values that all of them get."""

    def __init__(self, admin: ResourceAdmin):
        self.admin = admin
        names = admin.resource.bulk_fields
        self._fields = [field for field in admin.resource.fields if field.name in names]

    def show_form(self, request) -> dict[str, Any]:
        """Show the rows and the inputs, which are empty.

        :raises Forbidden: the user may not view the rows
        """
        if not self.admin.is_allowed(request, "view"):
            raise Forbidden
        return self._show(request, read_selection(request, self.admin, request.GET))

    def change(self, request) -> Any:
        """Change all of the rows, or none.

        :raises Forbidden: the user may not view the rows
        """
        if not self.admin.is_allowed(request, "view"):
            raise Forbidden
        admin, form = self.admin, request.form
        selection = read_selection(request, admin, form)
        if is_searching(admin, form):
            return self._show(request, selection)
        if selection.is_outdated(form):
            return self._show(request, selection, {"": [OUTDATED]})
        body = self._make_body(request)
        if not body:
            return self._show(request, selection, {"": [_("Enter at least one value.")]})
        _values, errors = admin.resource.schema.load(dict(body), is_partial=True)
        if errors:
            return self._show(request, selection, errors)
        if questions := find_questions(request, admin, body, {}):
            return self._show(request, selection, questions, with_questions=True)
        rows: list[StoredRow] = []
        for ids in selection.make_batches():
            try:
                bodies = [{"id": id, **body} for id in ids]
                rows += admin.repository.update_many(request.db, bodies)
            except ItemErrors as error:
                return self._show(request, selection, self._get_errors(request, ids, error))
            except Conflict as error:
                return self._show(request, selection, {"": [error.detail]})
        self._add_messages(request, rows, body)
        return HTTPSeeOther(admin.get_list_path(request))

    def _make_body(self, request) -> dict[str, Any]:
        """Return the values that all rows get. An empty input changes nothing."""
        body = {}
        for field in self._fields:
            text = request.form.get(field.key, "")
            if text.strip():
                body[field.key] = read_text(request, field, text)
            elif not field.required and CLEAR + field.key in request.form:
                body[field.key] = None
        return body

    def _get_errors(
        self, request, ids: Sequence[int], error: ItemErrors
    ) -> Mapping[str, list[str]]:
        """Return the errors by field, if they are those of every row. Otherwise, name the rows."""
        found = list(error.items.values())
        if len(found) == len(ids) and all(one == found[0] for one in found):
            return found[0]
        return {"": make_item_messages(request, self.admin, ids, error)}

    def _add_messages(self, request, rows: Sequence[StoredRow], body: Mapping[str, Any]) -> None:
        """Add the number of rows, and the warnings about the values that they got."""
        write = request.number_format.format_number
        request.messages.add(_("Changed rows: ${count}.", count=write(len(rows))))
        keys = {field.key for field in self.admin.resource.fields}
        warnings = self.admin.repository.find_warnings(request.db, rows, request.has_permission)
        counts = Counter(one.detail for one in warnings if one.key in body or one.key not in keys)
        for detail, count in counts.most_common(MAX_WARNINGS):
            message = _("Rows: ${count}. ${warning}", count=write(count), warning=detail)
            request.messages.add(message, "warning")

    def _show(
        self,
        request,
        selection: Selection,
        errors: Mapping[str, list[str]] | None = None,
        *,
        with_questions: bool = False,
    ) -> dict[str, Any]:
        form = request.form
        page = show_selection(request, self.admin, selection)
        if errors:
            request.response.status_int = 400
        asked = errors if with_questions and errors else ()
        return page | {
            "errors": errors or {},
            "labels": {field.key: field.verbose_name for field in self._fields},
            "widgets": [
                make_widget(request, _make_optional(field), form) for field in self._fields
            ],
            "clearable": {field.key for field in self._fields if not field.required},
            "cleared": {field.key for field in self._fields if CLEAR + field.key in form},
            "confirmed": get_confirmed(self.admin.resource, form, asked),
            "with_questions": with_questions,
        }


def _make_optional(field: Field) -> Field:
    """Return the field as that of an input which may stay empty."""
    optional = copy(field)
    optional.required = False
    return optional
