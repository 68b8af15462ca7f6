"""Entries as pages and files show them."""

from typing import Any, NamedTuple

from sqlalchemy import Row

from shoptrack.contributions import Contributions
from shoptrack_admin.history.filters import ACTIONS, WAYS
from shoptrack_admin.translation import _, say


class Change(NamedTuple):
    """One member of a document: its name, and what it was before and after, ``None`` for nothing."""

    name: str
    before: str | None
    after: str | None


class Shown(NamedTuple):
    """An entry.

    :param kind: what the row is called that it is about
    :param href: the row's address, for who may see it while it is there
    """

    entry: Row
    action: str
    way: str
    kind: str
    href: str | None
    changes: list[Change]


def shown(request, entry: Row) -> Shown:
    """Return an entry in the language of a request's page."""
    resource = Contributions.of(request.registry).resources.get(entry.path)
    fields = {field.name: field for field in resource.fields} if resource else {}
    changes = []
    for name, (before, after) in entry.changes.items():
        named = say(request, fields[name].verbose_name) if name in fields else name
        changes.append(Change(named, text(request, before), text(request, after)))
    kind = say(request, resource.noun()) if resource else entry.path
    href = None
    if resource and request.has_permission(resource.permission("view")):
        href = request.route_path(f"admin:{entry.path}:row", id=entry.row_id)
    return Shown(
        entry,
        say(request, ACTIONS.get(entry.action, entry.action)),
        say(request, WAYS.get(entry.way, entry.way)),
        kind,
        href,
        changes,
    )


def text(request, value: Any) -> str | None:
    """Return a value that was kept; of another row, what it was called then."""
    match value:
        case None:
            return None
        case bool():
            return say(request, _("yes") if value else _("no"))
        case dict():
            return f"{value['label']} ({value['id']})"
        case list():
            return ", ".join(str(part) for part in value)
    return str(value)
