"""Adding a row, and changing one, by the same rules as the API."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import Forbidden, Invalid
from shoptrack.resources import saving
from shoptrack.resources.serializers import Document
from shoptrack_admin.rows.cells import cell
from shoptrack_admin.rows.table import Table
from shoptrack_admin.rows.widgets import body_of, is_searching, values_of, widgets
from shoptrack_admin.translation import _

CHANGED_MEANWHILE = _(
    "Somebody else changed this meanwhile, so nothing was saved. What is different now is shown "
    "below. Save again to have it your way."
)


class Editing:
    """The form of a row."""

    def __init__(self, table: Table):
        self.table = table

    def ask_new(self, request) -> dict[str, Any]:
        """Show an empty form; the address may fill fields in."""
        return self._form(request, request.GET)

    def ask(self, request) -> dict[str, Any]:
        """Show a row, in a form for who may change it."""
        row = self.table.read(request)
        documents = self.table.documents_for(request)
        document = documents.maker()(row)
        values = values_of(self.table, document) | {"version": documents.tag(row)}
        return self._form(request, values, document=document)

    def add(self, request) -> Any:
        """Add a row."""
        if is_searching(self.table, request.form):
            return self._form(request, request.form)
        try:
            body = body_of(self.table, request.form)
            row = saving.create(request.db, self.table.documents, body, request)
        except Invalid as invalid:
            return self._form(request, request.form, invalid.errors)
        document = self.table.documents_for(request).maker()(row)
        return self._saved(
            request, document, _("The ${noun} “${label}” was added.", **self._named(document))
        )

    def change(self, request) -> Any:
        """Change a row, unless somebody else has changed it meanwhile.

        :raises Forbidden: the user may not view it, and so has not seen this form
        """
        if not self.table.may(request, "view"):
            raise Forbidden
        row = self.table.locked(request)
        documents = self.table.documents_for(request)
        held = documents.held(request.db.connection(), row.id)
        before = documents.maker()(held)
        if is_searching(self.table, request.form):
            return self._form(request, request.form, document=before)
        tag = documents.tag(held)
        if request.form.get("version", "") != tag:
            values = dict(request.form) | {"version": tag}
            return self._form(
                request, values, {"": [CHANGED_MEANWHILE]}, document=before, theirs=True
            )
        body = body_of(self.table, request.form)
        try:
            changed = saving.update(
                request.db, self.table.documents, row, body, partial=False, request=request
            )
        except Invalid as invalid:
            return self._form(request, request.form, invalid.errors, document=before)
        document = documents.maker()(changed)
        return self._saved(
            request, document, _("The ${noun} “${label}” was saved.", **self._named(document))
        )

    def _named(self, document: Document) -> dict[str, str]:
        resource = self.table.resource
        return {"noun": resource.noun(), "label": resource.label_of(document)}

    def _saved(self, request, document: Document, said: str) -> HTTPSeeOther:
        request.messages.add(said)
        if "add-another" in request.form:
            return HTTPSeeOther(self.table.path(request, "add"))
        if "continue" in request.form:
            return HTTPSeeOther(self.table.path(request, "row", id=document["id"]))
        if not self.table.may(request, "view"):
            return HTTPSeeOther(request.route_path("admin:index"))
        return HTTPSeeOther(self.table.path(request))

    def _form(
        self,
        request,
        values: Any,
        errors: dict[str, list[str]] | None = None,
        *,
        document: Document | None = None,
        theirs: bool = False,
    ) -> dict[str, Any]:
        """Return what the template shows.

        :param values: what stands in the fields
        :param document: the row as it is stored
        :param theirs: whether to show what is stored beside what was sent
        """
        if errors:
            request.response.status_int = 400
        resource = self.table.resource
        stored = document and {
            field.key: cell(request, self.table, field, document) for field in resource.fields
        }
        differs = []
        if theirs and document:
            kept = values_of(self.table, document)
            differs = [key for key, text in kept.items() if values.get(key, "") != text]
        return {
            "table": self.table,
            "errors": errors or {},
            "widgets": widgets(request, self.table, values),
            "labels": {field.key: field.verbose_name for field in resource.fields},
            "version": values.get("version", ""),
            "id": document and document["id"],
            "label": document and resource.label_of(document),
            "stored": stored,
            "differs": differs,
            "may": {
                "save": self.table.may(request, "change" if document else "add"),
                "add": self.table.may(request, "add"),
                "delete": self.table.may(request, "delete"),
            },
        }
