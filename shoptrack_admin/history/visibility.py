"""The parts of history entries that a user may view."""

from typing import Any

from sqlalchemy import Row, select

from shoptrack.resources import Hidden, ServedResources
from shoptrack.rest import find_hidden
from shoptrack_admin.translation import _
from shoptrack_auth.accounts import GroupResource, UserResource
from shoptrack_auth.models import User
from shoptrack_auth.permissions import AuthPermission

# Users and groups, which are not resources: noun, route of the page, and permission.
NON_RESOURCES = {
    UserResource.path: (_("user"), "admin:user", AuthPermission.VIEW_USERS),
    GroupResource.path: (_("group"), "admin:group", AuthPermission.VIEW_GROUPS),
}


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
        self._request = request
        self._superusers: frozenset[int] | None = None
        if request.identity.is_superuser or UserResource.path in self._others:
            self._superusers = frozenset()

    @property
    def hidden_paths(self) -> list[str]:
        """Return the paths of rows whose labels may reveal data that the user may not view."""
        return [*self._others, *(path for path, hidden in self._hidden.items() if hidden)]

    def load(self) -> "Visibility":
        """Read what is needed after the request."""
        self._get_superusers()
        return self

    def filter(self, entry: Row) -> tuple[str, dict[str, list[Any]]]:
        """Return an entry's label and its changes, without data that the user may not view."""
        if noun := self._others.get(entry.path):
            return make_unnamed(noun, entry.row_id), {}
        if entry.path == UserResource.path and "email" in entry.changes:
            return entry.label, {
                name: pair
                for name, pair in entry.changes.items()
                if name != "email" or entry.row_id not in self._get_superusers()
            }
        hidden = self._hidden.get(entry.path)
        if not hidden:
            return entry.label, entry.changes
        resource = self._resources[entry.path]
        label = make_unnamed(resource.noun(), entry.row_id)
        if resource.permission("view") in hidden:
            return label, {}
        fields = {field.name: field for field in resource.fields}
        return label, {
            name: [_as_seen(fields.get(name), value, hidden) for value in pair]
            for name, pair in entry.changes.items()
        }

    def _get_superusers(self) -> frozenset[int]:
        """Return the other superusers, whose addresses are private, unless the user may view them."""
        if self._superusers is None:
            own = self._request.identity.id
            others = select(User.id).where(User.is_superuser, User.id != own)
            self._superusers = frozenset(self._request.reader.scalars(others))
        return self._superusers


def make_unnamed(noun: str, id: int | None) -> str:
    """Return a row's noun and id, in place of its label."""
    return noun if id is None else f"{noun} {id}"


def _as_seen(field: Any, value: Any, hidden: Hidden) -> Any:
    """Return a stored value; of a row whose label is hidden, its noun and its id."""
    if field is None or field.resource is None or not isinstance(value, dict):
        return value
    if field.resource.view_permissions().isdisjoint(hidden):
        return value
    return {"id": value["id"], "label": make_unnamed(str(field.resource.noun()), value["id"])}
