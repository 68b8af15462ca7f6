"""Deleting rows, after a look at what refers to them."""

from dataclasses import replace
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from sqlalchemy import Connection

from shoptrack.contributions import Contributions
from shoptrack.errors import Conflict, InUse, NotFound
from shoptrack.resources import reassignment, saving
from shoptrack.resources.fields import Reference, Refused, parse_id
from shoptrack.resources.referrers import usages, uses_of
from shoptrack.resources.visibility import find_hidden
from shoptrack_admin.rows.table import Table
from shoptrack_admin.rows.widgets import SEARCH, SEARCHED, Widget, reference
from shoptrack_admin.translation import _

REPLACEMENT = "replacement"


class DeleteOne:
    """The page that asks whether a row shall be deleted."""

    def __init__(self, table: Table):
        self.table = table
        self._replacement = Reference(
            REPLACEMENT, type(table.resource), verbose_name=_("replacement")
        )

    def ask(self, request) -> dict[str, Any]:
        """Show the row, and what refers to it."""
        return self._page(request, request.reader, self.table.read(request))

    def delete(self, request) -> Any:
        """Delete the row; whatever refers to it gets the replacement that was chosen."""
        row = self.table.locked(request)
        documents = self.table.documents_for(request)
        held = documents.held(request.db.connection(), row.id)
        sent, key = request.form, self._replacement.key
        if sent.get(SEARCH + key, "") != sent.get(SEARCHED + key, ""):
            return self._page(request, request.db.connection(), held)
        label = self.table.resource.label_of(documents.maker()(held))
        moved: dict[str, int] = {}
        try:
            target = parse_id(sent[key]) if sent.get(key) else None
            if target is None:
                saving.delete(request.db, self.table.documents, row, request)
            else:
                self.table.check_moving(request)
                moved = reassignment.merge(
                    request.db, self.table.resource, [row.id], target, request
                )
        except (Conflict, NotFound) as error:
            return self._refused(request, error.detail)
        except Refused as refused:
            return self._refused(request, refused.args[0])
        noun = self.table.resource.noun()
        request.messages.add(_("The ${noun} “${label}” was deleted.", noun=noun, label=label))
        tell_moved(request, moved)
        return HTTPSeeOther(self.table.path(request))

    def _refused(self, request, sentence: str) -> dict[str, Any]:
        request.response.status_int = 400
        page = self._page(request, request.reader, self.table.read(request))
        return page | {"errors": {"": [sentence]}}

    def _page(self, request, connection: Connection, row: Any) -> dict[str, Any]:
        document = self.table.documents_for(request).maker()(row)
        uses = uses_of(self.table.resource, request.registry)
        hidden = find_hidden(request, *(use.resource for use in uses))
        used = usages(connection, uses, document["id"], hidden=hidden)
        may_move = all(
            request.has_permission(usage.use.resource.permission("change")) for usage in used
        )
        return {
            "table": self.table,
            "errors": {},
            "id": document["id"],
            "label": self.table.resource.label_of(document),
            "usages": used,
            "replacement": (self._choice(request, document["id"]) if used and may_move else None),
        }

    def _choice(self, request, id: int) -> Widget:
        """Return the field with which another row is chosen."""
        widget = reference(request, self._replacement, request.form)
        if widget.found is None:
            return widget
        others = [choice for choice in widget.found.choices if choice.id != id]
        return replace(widget, found=widget.found._replace(choices=others))


class DeleteMany:
    """The page that asks whether the rows that were chosen from a list shall be deleted."""

    def __init__(self, table: Table):
        self.table = table

    def ask(self, request) -> dict[str, Any]:
        """Show the rows."""
        return self._page(request, self.table.chosen(request, request.GET))

    def delete(self, request) -> Any:
        """Delete all of them, or none."""
        ids = self.table.chosen(request, request.form)
        rows = [saving.find(request.db, self.table.resource, id) for id in ids]
        for row in filter(None, rows):
            id = row.id
            try:
                saving.delete(request.db, self.table.documents, row, request)
            except InUse as error:
                request.response.status_int = 400
                label = labels(request, self.table, [id]).get(id)
                said = _(
                    "Nothing was deleted, because “${label}” is in use. ${reason}",
                    label=label or id,
                    reason=error.detail,
                )
                return self._page(request, ids) | {"errors": {"": [said]}}
        count = sum(row is not None for row in rows)
        request.messages.add(_("Rows that were deleted: ${count}.", count=count))
        return HTTPSeeOther(self.table.path(request))

    def _page(self, request, ids: list[int]) -> dict[str, Any]:
        return {"table": self.table, "errors": {}, "rows": labels(request, self.table, ids)}


def labels(request, table: Table, ids: list[int]) -> dict[int, str]:
    """Return what the rows with these ids are called, of those that are there."""
    model, documents = table.resource.model, table.documents_for(request)
    make = documents.maker()
    statement = documents.where(model.id.in_(ids)).order_by(model.id)
    rows = [make(row) for row in request.reader.execute(statement)]
    return {document["id"]: table.resource.label_of(document) for document in rows}


def tell_moved(request, moved: dict[str, int]) -> None:
    """Say how many rows refer to another one now, as far as the user may view them."""
    resources = Contributions.of(request.registry).resources
    hidden = find_hidden(request, *(resources[path] for path in moved))
    for path, count in moved.items():
        if resources[path].permission("view") not in hidden:
            said = _(
                "Changed with it: ${rows} (${count}).", rows=resources[path].plural(), count=count
            )
            request.messages.add(said)
