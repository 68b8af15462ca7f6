"""The pages of the history: the list of entries, the entries of one row, and a file."""

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPSeeOther
from sqlalchemy import Connection, func, select

from shoptrack.errors import NotFound
from shoptrack.history import (
    Filters,
    HistoryEntry,
    HistoryPermission,
    find_undoable,
    select_entries,
)
from shoptrack.resources import Condition, ServedResources
from shoptrack.rest import csv_export
from shoptrack.settings import Settings
from shoptrack_admin.history.entries import (
    ACTION_LABELS,
    SOURCE_LABELS,
    Visibility,
    get_fields,
    make_entry_details,
)
from shoptrack_admin.menu import MenuEntry, add_menu_entry
from shoptrack_admin.pages import add_page
from shoptrack_admin.translation import _, translate_for_request
from shoptrack_auth.accounts import GroupResource, UserResource

TEMPLATES = "shoptrack_admin:templates/history"
PAGE_SIZE = 50  # entries
BEFORE_PARAMETER = "before"  # the parameter with the id before which a page begins
NON_RESOURCES = {
    UserResource.path: _("users"),
    GroupResource.path: _("groups"),
}  # kinds that are not resources


def show(request) -> Any:
    """Show a page of the history; ignore invalid filters with a message."""
    sent = _sent(request)
    narrowing = {name: text for name, text in sent.items() if name != BEFORE_PARAMETER}
    visibility = Visibility(request)
    filters = _filters(request, visibility)
    conditions, wrong = filters.make_conditions(narrowing)
    place, out_of_place = filters.make_conditions(_place(sent))
    if wrong := wrong + out_of_place:
        message = _("Ignored invalid filters: ${names}.", names=", ".join(wrong))
        request.messages.add(message, "warning")
        remaining = {name: text for name, text in sent.items() if name not in wrong}
        path = request.route_path("admin:history")
        return HTTPSeeOther(f"{path}?{urlencode(remaining)}".rstrip("?"))
    return {
        **_page(request, visibility, conditions, place, narrowing),
        "sent": narrowing,
        "query": urlencode(narrowing),
        "actions": ACTION_LABELS,
        "ways": SOURCE_LABELS,
        "kinds": _kinds(request),
    }


def show_row(request) -> dict:
    """Show the history of one row, which may be deleted.

    :raises NotFound: the kind is unknown, or the id is invalid
    """
    path, id = request.matchdict["path"], request.matchdict["id"]
    visibility = Visibility(request)
    filters = _filters(request, visibility)
    conditions, wrong = filters.make_conditions({"path": path, "row": id})
    place, out_of_place = filters.make_conditions(_place(_sent(request)))
    if wrong or out_of_place:
        raise NotFound
    return {
        **_page(request, visibility, conditions, place, {}),
        "kind": _kinds(request)[path],
        "id": id,
    }


def export(request) -> Any:
    """Respond with a file of all entries that match the filters."""
    visibility = Visibility(request)
    conditions, wrong = _filters(request, visibility).make_conditions(_sent(request))
    if wrong:
        raise NotFound
    header = ("at", "user id", "user", "address", "way", "action", "kind", "id", "row")
    lines = partial(_lines, request.registry, conditions, visibility)
    return csv_export.response(
        request, "history.csv", [*header, "field", "before", "after", "currency"], lines
    )


def _lines(
    registry, conditions: list[Condition], visibility: Visibility, connection: Connection
) -> Iterator[list[Any]]:
    """Yield a line for each changed field of an entry, at least one for each entry."""
    currency = Settings.of(registry).currency
    for entry in connection.execute(select_entries(*conditions)):
        label, changes = visibility.filter(entry)
        whole = [
            entry.at.isoformat(timespec="seconds"),
            entry.user_id,
            entry.username,
            entry.address,
            f"{entry.way} {entry.job}".rstrip(),
            entry.action,
            entry.path,
            entry.row_id,
            label,
        ]
        fields = get_fields(registry, entry.path)
        for name, pair in changes.items() or {"": ("", "")}.items():
            field = fields.get(name)
            code = ""
            if field is not None and field.has_currency:
                pair = [field.to_csv(value, currency) for value in pair]
                code = currency.code
            yield [*whole, name, *map(_plain, pair), code]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return value["label"]
    return ", ".join(str(part) for part in value) if isinstance(value, list) else value


def _page(
    request,
    visibility: Visibility,
    conditions: list[Condition],
    place: list[Condition],
    narrowing: dict[str, str],
) -> dict:
    """Return a page of entries, the total, and the query of the next page."""
    statement = select_entries(*conditions, *place).limit(PAGE_SIZE + 1)
    rows = request.reader.execute(statement).all()
    total = request.reader.scalar(select(func.count()).select_from(HistoryEntry).where(*conditions))
    older = (
        urlencode({**narrowing, BEFORE_PARAMETER: rows[PAGE_SIZE - 1].id})
        if len(rows) > PAGE_SIZE
        else None
    )
    shown = [make_entry_details(request, row, visibility) for row in rows[:PAGE_SIZE]]
    undoable = find_undoable(
        request.reader, request.registry, rows[:PAGE_SIZE], request.has_permission
    )
    return {
        "entries": [one._replace(can_undo=one.entry.id in undoable) for one in shown],
        "older": older,
        "total": total,
    }


def _place(sent: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in sent.items() if name == BEFORE_PARAMETER}


def _sent(request) -> dict[str, str]:
    return {name: text for name, text in request.GET.items() if text.strip()}


def _filters(request, visibility: Visibility) -> Filters:
    zone = Settings.of(request.registry).time_zone
    return Filters(_kinds(request), ACTION_LABELS, zone, visibility.hidden_paths)


def _kinds(request) -> dict[str, str]:
    """Return the kinds of entries by path, in the language of the page."""
    resources = ServedResources.of(request.registry)
    named = {path: resource.plural() for path, resource in resources.items()}
    return {
        path: translate_for_request(request, name) for path, name in (named | NON_RESOURCES).items()
    }


def includeme(config):
    """Serve the pages to users with the permission."""
    permission = HistoryPermission.VIEW_HISTORY
    add_page(
        config,
        "history",
        "history/",
        get=show,
        template=f"{TEMPLATES}/list.jinja2",
        permission=permission,
    )
    add_page(config, "history-export", "history/export.csv", get=export, permission=permission)
    add_page(
        config,
        "row-history",
        "{path}/{id}/history/",
        get=show_row,
        template=f"{TEMPLATES}/row.jinja2",
        permission=permission,
    )
    entry = MenuEntry("admin:history", _("History"), _("Audit"), permission, 200)
    add_menu_entry(config, entry)
