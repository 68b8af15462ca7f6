"""History entries in pages and files."""

from typing import Any, NamedTuple

from sqlalchemy import Row, select

from shoptrack.history import Action, ActionSource, GroupAction
from shoptrack.resources import Field, Hidden, ServedResources
from shoptrack.rest import find_hidden
from shoptrack_admin.translation import _, translate_for_request
from shoptrack_admin.users.change_view import LABELS
from shoptrack_auth import events
from shoptrack_auth.accounts import GroupResource, UserResource
from shoptrack_auth.history import AUTH_ACTIONS
from shoptrack_auth.models import User
from shoptrack_auth.permissions import AuthPermission

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
# Users and groups, which are not resources: noun, route of the page, and permission.
NON_RESOURCES = {
    UserResource.path: (_("user"), "admin:user", AuthPermission.VIEW_USERS),
    GroupResource.path: (_("group"), "admin:group", AuthPermission.VIEW_GROUPS),
}
GROUP_LABELS = {"merged": _("merged rows")}  # of the details of groups
FIELD_LABELS: dict[str, str] = {**LABELS, "name": _("Name")}


class FieldChange(NamedTuple):
    """A field of a document: its name, and its values before and after, ``None`` for an empty one."""

    name: str
    before: str | None
    after: str | None


class EntryDetails(NamedTuple):
    """An entry for display.

    :param kind: the noun of the row
    :param label: the row's label at that time; its noun and its id if parts of the label are hidden
    :param href: the row's URL, if the row exists and the user may view it
    :param can_undo: whether the user may try to undo the action
    """

    entry: Row
    action: str
    way: str
    kind: str
    label: str
    href: str | None
    changes: list[FieldChange]
    can_undo: bool = False


def make_entry_details(request, entry: Row, visibility: "Visibility") -> EntryDetails:
    """Return an entry in the language of the request's page."""
    noun, route, permission, members = _about(request, entry.path)
    fields = get_fields(request.registry, entry.path)
    label, kept = visibility.filter(entry)
    changes = [
        FieldChange(
            translate_for_request(request, members.get(name, name)),
            *(_format_of_field(request, fields.get(name), value) for value in pair),
        )
        for name, pair in kept.items()
    ]
    href = None
    if route and entry.row_id is not None and request.has_permission(permission):
        href = request.route_path(route, id=entry.row_id)
    return EntryDetails(
        entry,
        translate_for_request(request, ACTION_LABELS.get(entry.action, entry.action)),
        translate_for_request(request, SOURCE_LABELS.get(entry.way, entry.way)),
        translate_for_request(request, noun),
        label,
        href,
        [change for change in changes if change.before or change.after],
    )


class Visibility:
    """The parts of entries that a user may view, read once, because a file is sent after the request has ended."""

    def __init__(self, request):
        self._resources = ServedResources.of(request.registry)
        self._hidden = {
            path: find_hidden(request, resource) for path, resource in self._resources.items()
        }
        self._others = {
            path: noun
            for path, (noun, _route, permission) in NON_RESOURCES.items()
            if not request.has_permission(permission)
        }
        self._private: frozenset[int] = frozenset()
        if UserResource.path not in self._others and not request.identity.is_superuser:
            others = select(User.id).where(User.is_superuser, User.id != request.identity.id)
            self._private = frozenset(request.reader.scalars(others))

    @property
    def hidden_paths(self) -> list[str]:
        """Return the paths of rows whose labels may reveal data that the user may not view."""
        return [*self._others, *(path for path, hidden in self._hidden.items() if hidden)]

    def filter(self, entry: Row) -> tuple[str, dict[str, list[Any]]]:
        """Return an entry's label and its changes, without data that the user may not view."""
        if noun := self._others.get(entry.path):
            return _unnamed(noun, entry.row_id), {}
        if entry.path == UserResource.path and entry.row_id in self._private:
            return entry.label, {
                name: pair for name, pair in entry.changes.items() if name != "email"
            }
        hidden = self._hidden.get(entry.path)
        if not hidden:
            return entry.label, entry.changes
        resource = self._resources[entry.path]
        label = _unnamed(resource.noun(), entry.row_id)
        if resource.permission("view") in hidden:
            return label, {}
        fields = {field.name: field for field in resource.fields}
        return label, {
            name: [_as_seen(fields.get(name), value, hidden) for value in pair]
            for name, pair in entry.changes.items()
        }


def _as_seen(field: Any, value: Any, hidden: Hidden) -> Any:
    """Return a stored value; of a row whose label is hidden, its noun and its id."""
    if field is None or field.resource is None or not isinstance(value, dict):
        return value
    if field.resource.view_permissions().isdisjoint(hidden):
        return value
    return {"id": value["id"], "label": str(field.resource.noun())}


def _unnamed(noun: str, id: int | None) -> str:
    return noun if id is None else f"{noun} {id}"


def _about(request, path: str) -> tuple[str, str | None, str, dict[str, str]]:
    """Return a kind's noun, its page's route, the permission to view it, and the labels of its fields."""
    resource = ServedResources.of(request.registry).get(path)
    if resource:
        names = {field.name: field.verbose_name for field in resource.fields} | GROUP_LABELS
        return resource.noun(), f"admin:{path}:row", resource.permission("view"), names
    noun, route, permission = NON_RESOURCES.get(path, (path, None, ""))
    return noun, route, permission, FIELD_LABELS


def get_fields(registry, path: str) -> dict[str, Field]:
    """Return the fields of a kind of row by name; none of a kind that is no resource."""
    resource = ServedResources.of(registry).get(path)
    return {field.name: field for field in resource.fields} if resource else {}


def _format_of_field(request, field: Field | None, value: Any) -> str | None:
    if field is not None and value is not None:
        value = field.to_text(value, request.number_format)
    return format_value(request, value)


def format_value(request, value: Any) -> str | None:
    """Return a stored value as text, ``None`` for an empty one; of another row, its label at that time."""
    match value:
        case None:
            return None
        case bool():
            return translate_for_request(request, _("yes") if value else _("no"))
        case dict():
            return f"{value['label']} ({value['id']})"
        case list():
            return ", ".join(str(part) for part in value) or None
    return str(value) or None
