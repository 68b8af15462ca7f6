"""History entries in pages."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Row

from shoptrack.history import (
    Action,
    ActionSource,
    GroupAction,
    Parts,
    find_undoable,
    get_merged_ids,
    read_parts,
)
from shoptrack.resources import Field, ServedResources
from shoptrack_admin.history.values import FieldChange, make_change
from shoptrack_admin.history.visibility import NON_RESOURCES, Visibility
from shoptrack_admin.translation import _, translate_for_request
from shoptrack_admin.users.change_view import LABELS
from shoptrack_auth import events
from shoptrack_auth.history import AUTH_ACTIONS

MAX_PARTS = 20  # of an entry, beside it; a page of its own has all
ACTION_LABELS = {
    Action.ADDED: _("added"),
    Action.CHANGED: _("changed"),
    Action.DELETED: _("deleted"),
    GroupAction.MERGED: _("merged"),
    GroupAction.UNDONE: _("undone"),
    AUTH_ACTIONS[events.SignedIn]: _("signed in"),
    AUTH_ACTIONS[events.SignedOut]: _("signed out"),
    AUTH_ACTIONS[events.SessionEnded]: _("session ended"),
    AUTH_ACTIONS[events.PasswordChanged]: _("password changed"),
    AUTH_ACTIONS[events.TokenCreated]: _("token created"),
    AUTH_ACTIONS[events.TokenRevoked]: _("token revoked"),
    AUTH_ACTIONS[events.AuthenticationFailed]: _("failed to sign in"),
}
SOURCE_LABELS = {
    ActionSource.API: _("API"),
    ActionSource.ADMINISTRATION: _("administration"),
    ActionSource.COMMAND: _("command"),
    ActionSource.JOB: _("job"),
}
MERGED = _("merged rows")
FIELD_LABELS: dict[str, str] = {**LABELS, "name": _("Name")}  # of users and groups
# Actions on rows that have to exist, or not, for an undo.
NEEDS_ROW = {Action.ADDED: True, Action.CHANGED: True, Action.DELETED: False}


class EntryDetails(NamedTuple):
    """An entry for display.

    :param kind: the noun of the row
    :param label: the row's label at that time; its noun and its id if parts of the label are hidden
    :param href: the row's URL, if the row exists and the user may view it
    :param can_undo: whether the user may try to undo the action
    :param parts: the first changes that belong to the action
    :param part_count: how many there are; above ``MAX_COUNTED``, more than that
    """

    entry: Row
    action: str
    way: str
    kind: str
    label: str
    href: str | None
    changes: list[FieldChange]
    can_undo: bool = False
    parts: Sequence["EntryDetails"] = ()
    part_count: int = 0

    @property
    def has_more(self) -> bool:
        """Return whether there are more parts than these."""
        return self.part_count > len(self.parts)


def make_page_details(
    request, entries: Sequence[Row], visibility: Visibility, *, max_parts: int = MAX_PARTS
) -> list[EntryDetails]:
    """Return the entries of a page, by three or four statements."""
    parts = read_parts(request.reader, entries, max_parts)
    undoable = find_undoable(request.reader, request.registry, entries, request.has_permission)
    return [
        make_entry_details(request, entry, visibility, parts)._replace(
            can_undo=entry.id in undoable and _is_undo_possible(entry),
            parts=[
                make_entry_details(request, part, visibility, parts)._replace(
                    part_count=part.part_count
                )
                for part in parts.first.get(entry.id, ())
            ],
            part_count=entry.part_count,
        )
        for entry in entries
    ]


def make_entry_details(
    request, entry: Row, visibility: Visibility, parts: Parts | None = None
) -> EntryDetails:
    """Return an entry in the language of the request's page, without its parts.

    :param parts: of the page, which know the labels of merged rows
    """
    noun, labels = _describe_kind(request, entry.path)
    fields = get_fields(request.registry, entry.path)
    label, visible = visibility.filter(entry)
    changes = [
        make_change(
            request,
            translate_for_request(request, labels.get(name, make_words(name))),
            fields.get(name),
            pair,
        )
        for name, pair in visible.items()
    ]
    if merged := get_merged_ids(entry):
        found = parts.merged.get(entry.id, ()) if parts else ()
        names = {part.row_id: visibility.filter(part)[0] for part in found}
        text = ", ".join(str(names.get(id, id)) for id in merged)
        changes = [FieldChange(translate_for_request(request, MERGED), None, text)]
    return EntryDetails(
        entry,
        translate_for_request(request, ACTION_LABELS.get(entry.action, entry.action)),
        translate_for_request(request, SOURCE_LABELS.get(entry.way, entry.way)),
        translate_for_request(request, noun),
        translate_for_request(request, label),
        get_row_href(request, entry.path, entry.row_id, entry),
        [change for change in changes if change.before or change.after],
    )


def get_row_href(request, path: str, id: int | None, entry: Row | None) -> str | None:
    """Return a row's URL, ``None`` if the row does not exist, or if the user may not view it.

    :param entry: of the row, ``None`` if there is none
    """
    resource = ServedResources.of(request.registry).get(path)
    if resource is not None:
        route, permission = f"admin:{path}:row", resource.permission("view")
    elif path in NON_RESOURCES:
        _noun, route, permission = NON_RESOURCES[path]
    else:
        return None
    if id is None or not _is_there(entry) or not request.has_permission(permission):
        return None
    return request.route_path(route, id=id)


def get_fields(registry, path: str) -> dict[str, Field]:
    """Return the fields of a kind of row by name; none of a kind that is no resource."""
    resource = ServedResources.of(registry).get(path)
    return {field.name: field for field in resource.fields} if resource else {}


def make_words(name: str) -> str:
    """Return the name of a field or of a kind of row in words, if no enabled plugin has a better one."""
    return name.replace("_", " ").replace("-", " ")


def _is_undo_possible(entry: Row) -> bool:
    """Return whether the row exists, or does not, as an undo needs it."""
    return entry.action not in NEEDS_ROW or NEEDS_ROW[entry.action] == _is_there(entry)


def _is_there(entry: Row | None) -> bool:
    """Return whether the entry's row exists, as far as the history knows."""
    return entry is None or entry.last_action != Action.DELETED


def _describe_kind(request, path: str) -> tuple[str, dict[str, str]]:
    """Return a kind's noun, and the labels of its fields."""
    resource = ServedResources.of(request.registry).get(path)
    if resource:
        return resource.noun(), {field.name: field.verbose_name for field in resource.fields}
    return NON_RESOURCES[path][0] if path in NON_RESOURCES else make_words(path), FIELD_LABELS
