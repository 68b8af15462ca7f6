"""Adding and changing a row, by the same rules as the API."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import Forbidden, ValidationError
from shoptrack.resources import Document, StoredRow
from shoptrack_admin.panels import render_panels
from shoptrack_admin.rows.cells import CellMaker
from shoptrack_admin.rows.owned_rows import RETURN_TO, find_owned_rows
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.rows.widgets import (
    find_different,
    find_questions,
    get_confirmed,
    get_default_values,
    get_form_values,
    is_searching,
    make_body,
    make_widgets,
)
from shoptrack_admin.translation import _

EDIT_CONFLICT = _(
    "Not saved: someone else has made changes since you opened this page. They are shown below. "
    "Save again to overwrite them."
)

AS_CHOICE = (
    "as-choice"  # a form field: the new row is chosen in another form, in whose dialog this one is
)


class EditViews:
    """The form of a row."""

    def __init__(self, admin: ResourceAdmin):
        self.admin = admin

    def show_add_form(self, request) -> dict[str, Any]:
        """Show a form with the defaults, or with initial values from the URL."""
        return self._show(request, get_default_values(request, self.admin) | dict(request.GET))

    def show_form(self, request) -> dict[str, Any]:
        """Show a row, as a form if the user may change it, and what plugins know about it."""
        row = self.admin.get_row(request)
        values = get_form_values(request, self.admin, row.document) | {"version": row.etag}
        shown = self._show(request, values, document=row.document)
        shown["panels"] = render_panels(request, self.admin.panels, row.document)
        shown["duplicates"] = self.admin.get_duplicates_path(request, shown["label"])
        return shown

    def add(self, request) -> Any:
        """Add a row."""
        if is_searching(self.admin, request.form):
            return self._show(request, request.form)
        body = make_body(request, self.admin, request.form)
        if questions := find_questions(request, self.admin, body, {}):
            return self._show(request, request.form, questions, with_questions=True)
        try:
            row = self.admin.repository.create(request.db, body)
        except ValidationError as invalid:
            return self._show(request, request.form, invalid.errors)
        document = row.hiding(self.admin.get_hidden(request)).document
        message = _("The ${noun} “${label}” was added.", **self._get_names(document))
        return self._redirect(request, row, document, message)

    def change(self, request) -> Any:
        """Change a row, unless someone else has changed it since the form was opened.

        :raises Forbidden: the user may not view the row, and so has not seen this form
        """
        if not self.admin.is_allowed(request, "view"):
            raise Forbidden
        row = self.admin.get_row_for_update(request)
        seen = row.hiding(self.admin.get_hidden(request))
        before = seen.document
        if is_searching(self.admin, request.form):
            return self._show(request, request.form, document=before)
        if request.form.get("version", "") != seen.etag:
            values = dict(request.form) | {"version": seen.etag}
            return self._show(
                request, values, {"": [EDIT_CONFLICT]}, document=before, with_stored=True
            )
        body = make_body(request, self.admin, request.form)
        if questions := find_questions(
            request, self.admin, body, get_form_values(request, self.admin, before)
        ):
            return self._show(
                request, request.form, questions, document=before, with_questions=True
            )
        try:
            row = self.admin.repository.update(request.db, row, body)
        except ValidationError as invalid:
            return self._show(request, request.form, invalid.errors, document=before)
        document = row.hiding(self.admin.get_hidden(request)).document
        message = _("The ${noun} “${label}” was saved.", **self._get_names(document))
        return self._redirect(request, row, document, message)

    def _get_names(self, document: Document) -> dict[str, str]:
        resource = self.admin.resource
        return {"noun": resource.noun(), "label": resource.label_of(document)}

    def _redirect(self, request, row: StoredRow, document: Document, message: str) -> HTTPSeeOther:
        """Redirect to the page of the pressed button, which shows what is unlikely about the row."""
        request.messages.add(message)
        for warning in self.admin.repository.find_warnings(
            request.db, [row], request.has_permission
        ):
            request.messages.add(warning.detail, "warning")
        if AS_CHOICE in request.form:
            return HTTPSeeOther(self.admin.path(request, "choices", _query={"id": row.id}))
        if "add-another" in request.form:
            return HTTPSeeOther(self._get_next_form_path(request, document))
        if "continue" in request.form:
            return HTTPSeeOther(self.admin.get_linked_path(request, "row", id=document["id"]))
        for field in self.admin.resource.references():
            if field.is_owner and field.name == request.form.get(RETURN_TO):
                name, id = f"admin:{field.resource.path}:row", document[field.name]["id"]
                return HTTPSeeOther(request.route_path(name, id=id))
        if not self.admin.is_allowed(request, "view"):
            return HTTPSeeOther(request.route_path("admin:index"))
        return HTTPSeeOther(self.admin.get_list_path(request))

    def _get_next_form_path(self, request, document: Document) -> str:
        """Return the path of the form for the next row, with the values that it keeps."""
        values = get_form_values(request, self.admin, document)
        fields = (self.admin.resource.find_fields(name) for name in self.admin.resource.kept_fields)
        kept = {field.key: values[field.key] for (field,) in fields}
        return self.admin.get_linked_path(request, "add", _query=kept)

    def _show(
        self,
        request,
        values: Any,
        errors: dict[str, list[str]] | None = None,
        *,
        document: Document | None = None,
        with_stored: bool = False,
        with_questions: bool = False,
    ) -> dict[str, Any]:
        """Return the template's values.

        :param values: of the inputs
        :param document: the stored row
        :param with_stored: whether to show the stored values beside the sent ones
        :param with_questions: whether sending the form again confirms its values
        """
        if errors:
            request.response.status_int = 400
        resource = self.admin.resource
        may_save = self.admin.is_allowed(request, "change" if document else "add")
        cells = CellMaker(request, self.admin)
        stored = document and {field.key: cells.make(field, document) for field in resource.fields}
        differs = []
        if with_stored and document:
            current = get_form_values(request, self.admin, document)
            differs = find_different(request, self.admin, values, current)
        return {
            "admin": self.admin,
            "errors": errors or {},
            "confirmed": get_confirmed(
                resource, values, errors if with_questions and errors else ()
            ),
            "with_questions": with_questions,
            "widgets": make_widgets(request, self.admin, values) if may_save else [],
            "read_only": [field for field in resource.fields if field.read_only]
            if document
            else [],
            "labels": {field.key: field.verbose_name for field in resource.fields},
            "version": values.get("version", ""),
            "return_to": values.get(RETURN_TO, ""),
            "panels": [],
            "duplicates": None,
            "owned_rows": find_owned_rows(request, self.admin, document["id"]) if document else [],
            "id": document and document["id"],
            "label": document and resource.label_of(document),
            "stored": stored,
            "differs": differs,
            "may": {
                "save": may_save,
                "add": self.admin.is_allowed(request, "add"),
                "delete": self.admin.is_allowed(request, "delete"),
            },
        }
