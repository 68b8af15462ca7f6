"""Deleting several rows, or one whose referrers may be reassigned."""

from dataclasses import replace
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from sqlalchemy import Connection

from shoptrack.errors import Conflict, InUse, ItemErrors, ItemsInUse, NotFound
from shoptrack.resources import InvalidValue, Reference, Repository, StoredRow, parse_id
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.rows.selection import (
    OUTDATED,
    Selection,
    make_item_messages,
    make_row_messages,
    read_selection,
    show_selection,
)
from shoptrack_admin.rows.widgets import SEARCH, SEARCHED_BEFORE, Widget, make_reference_widget
from shoptrack_admin.translation import _

REPLACEMENT = "replacement"


class DeleteView:
    """The confirmation page for the deletion of a row."""

    def __init__(self, admin: ResourceAdmin):
        self.admin = admin
        self._replacement = Reference(
            REPLACEMENT, type(admin.resource), verbose_name=_("replacement")
        )

    def show_confirmation(self, request) -> dict[str, Any]:
        """Show the row and its referrers."""
        return self._show(request, request.reader, self.admin.get_row(request))

    def delete(self, request) -> Any:
        """Delete the row; reassign its referrers to the chosen replacement."""
        admin, form, key = self.admin, request.form, self._replacement.key
        row = admin.get_row_for_update(request)
        seen = row.hiding(admin.get_hidden(request))
        if form.get(SEARCH + key, "") != form.get(SEARCHED_BEFORE + key, ""):
            return self._show(request, request.db.connection(), seen)
        label = admin.resource.label_of(seen.document)
        reassigned: dict[str, int] = {}
        try:
            target = parse_id(form[key]) if form.get(key) else None
            if target is None:
                admin.repository.delete(request.db, row)
            else:
                admin.check_can_reassign(request)
                reassigned = admin.repository.merge(request.db, target, [row.id])
        except (Conflict, NotFound) as error:
            return self._show_error(request, error.detail)
        except InvalidValue as error:
            return self._show_error(request, error.args[0])
        noun = admin.resource.noun()
        request.messages.add(_("The ${noun} “${label}” was deleted.", noun=noun, label=label))
        add_reassigned_messages(request, reassigned)
        return HTTPSeeOther(admin.get_list_path(request))

    def _show_error(self, request, message: str) -> dict[str, Any]:
        request.response.status_int = 400
        page = self._show(request, request.reader, self.admin.get_row(request))
        return page | {"errors": {"": [message]}}

    def _show(self, request, connection: Connection, row: StoredRow) -> dict[str, Any]:
        repository = self.admin.repository
        others = (field.resource for field in repository.referring_fields)
        hidden = repository.get_hidden(request.identity, *others)
        found = repository.find_referrers(connection, row.id, hidden)
        referrers = [one for one in found if not one.referring.is_owned]
        can_reassign = all(
            request.has_permission(one.referring.resource.permission("change")) for one in found
        )
        return {
            "admin": self.admin,
            "errors": {},
            "id": row.id,
            "label": self.admin.resource.label_of(row.document),
            "referrers": referrers,
            "owned": [one for one in found if one.referring.is_owned],
            "replacement": (
                self._make_choice(request, row.id) if referrers and can_reassign else None
            ),
        }

    def _make_choice(self, request, id: int) -> Widget:
        """Return the input to choose another row."""
        widget = make_reference_widget(request, self._replacement, request.form)
        if widget.choice_list is None:
            return widget
        others = [choice for choice in widget.choice_list.choices if choice.id != id]
        return replace(widget, choice_list=widget.choice_list._replace(choices=others))


class BulkDeleteView:
    """The confirmation page for the deletion of the rows that were selected in a list."""

    def __init__(self, admin: ResourceAdmin):
        self.admin = admin

    def show_confirmation(self, request) -> dict[str, Any]:
        """Show the rows."""
        return show_selection(request, self.admin, read_selection(request, self.admin, request.GET))

    def delete(self, request) -> Any:
        """Delete all of them, or none."""
        admin = self.admin
        selection = read_selection(request, admin, request.form)
        if selection.is_outdated(request.form):
            return show_selection(request, admin, selection, [OUTDATED])
        if selection.query is None:
            # A row that is gone already is no reason to keep the others.
            connection = request.db.connection()
            rows = admin.repository.get_many(connection, selection.ids)
            selection = Selection([row["id"] for row in rows])
        for ids in selection.make_batches():
            try:
                admin.repository.delete_many(request.db, ids)
            except ItemsInUse as error:
                noun = admin.resource.noun()
                reasons = {
                    ids[int(number)]: InUse(noun, counts, has_more=not counts).detail
                    for number, counts in error.items.items()
                }
                messages = make_row_messages(request, admin, reasons, _write_in_use)
            except ItemErrors as error:
                messages = make_item_messages(request, admin, ids, error)
            except Conflict as error:
                messages = [error.detail]
            else:
                continue
            return show_selection(request, admin, selection, messages)
        count = request.number_format.format_number(len(selection.ids))
        request.messages.add(_("Deleted rows: ${count}.", count=count))
        return HTTPSeeOther(admin.get_list_path(request))


def _write_in_use(label: str, reason: str) -> str:
    return _(
        "Nothing was deleted, because “${label}” is in use. ${reason}", label=label, reason=reason
    )


def add_reassigned_messages(request, counts: dict[str, int]) -> None:
    """Add messages with the numbers of reassigned rows, as far as the user may view them."""
    for path, count in counts.items():
        repository = Repository.of(request.registry, path)
        resource = repository.resource
        if resource.permission("view") not in repository.get_hidden(request.identity):
            message = _("Also changed: ${rows} (${count}).", rows=resource.plural(), count=count)
            request.messages.add(message)
