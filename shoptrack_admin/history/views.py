"""The pages of the history: the list of entries, those of one row, those that belong to one action, and a file."""

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPSeeOther
from sqlalchemy import Connection

from shoptrack.errors import NotFound
from shoptrack.history import (
    MAX_COUNTED,
    EntryPage,
    Filters,
    HistoryPermission,
    iterate_entries,
    read_page,
    read_parts_page,
)
from shoptrack.resources import ServedResources
from shoptrack.rest import csv_export
from shoptrack.settings import Settings
from shoptrack_admin.history.entries import (
    ACTION_LABELS,
    SOURCE_LABELS,
    get_fields,
    get_row_href,
    make_entry_details,
    make_page_details,
)
from shoptrack_admin.history.undo_view import get_entry
from shoptrack_admin.history.visibility import NON_RESOURCES, Visibility
from shoptrack_admin.menu import MenuEntry, add_menu_entry
from shoptrack_admin.pages import add_page
from shoptrack_admin.translation import _, translate_for_request
from shoptrack_auth.accounts import GroupResource, UserResource

TEMPLATES = "shoptrack_admin:templates/history"
PAGE_SIZE = 50  # entries
# Parameters with the id before or after which a page begins.
BEFORE_PARAMETER, AFTER_PARAMETER = "before", "after"
PLURALS = {UserResource.path: _("users"), GroupResource.path: _("groups")}
HEADER = (
    _("at"),
    _("user id"),
    _("user"),
    _("address"),
    _("way"),
    _("action"),
    _("kind"),
    _("id"),
    _("row"),
    _("field"),
    _("before"),
    _("after"),
    _("currency"),
)


def show(request) -> Any:
    """Show a page of the history; ignore invalid filters with a message."""
    params = _get_parameters(request)
    visibility = Visibility(request)
    filters = _make_filters(request, visibility)
    _conditions, wrong = filters.make_conditions(params)
    if wrong:
        message = _("Ignored invalid filters: ${names}.", names=", ".join(wrong))
        request.messages.add(message, "warning")
        remaining = {name: text for name, text in params.items() if name not in wrong}
        path = request.route_path("admin:history")
        return HTTPSeeOther(f"{path}?{urlencode(remaining)}".rstrip("?"))
    page = read_page(request.reader, filters, params, PAGE_SIZE)
    sent = {name: text for name, text in params.items() if name != BEFORE_PARAMETER}
    return {
        **_show(request, page, visibility, sent),
        "sent": sent,
        "query": urlencode(sent),
        "is_searched": page.is_searched,
        "actions": ACTION_LABELS,
        "ways": SOURCE_LABELS,
        "kinds": _get_kinds(request),
    }


def show_row(request) -> dict[str, Any]:
    """Show the history of one row, which may be deleted.

    :raises NotFound: the kind is unknown, or the id is invalid
    """
    path, id = request.matchdict["path"], request.matchdict["id"]
    visibility = Visibility(request)
    filters = _make_filters(request, visibility)
    params = {"path": path, "row": id}
    if before := request.GET.get(BEFORE_PARAMETER, "").strip():
        params[BEFORE_PARAMETER] = before
    _conditions, wrong = filters.make_conditions(params)
    if wrong:
        raise NotFound
    page = read_page(request.reader, filters, params, PAGE_SIZE)
    newest = page.entries[0] if page.entries else None
    return {
        **_show(request, page, visibility, {}),
        "noun": _get_noun(request, path),
        "id": id,
        "href": get_row_href(request, path, int(id), newest),
    }


def show_entry(request) -> dict[str, Any]:
    """Show an entry and the changes that belong to it.

    :raises NotFound: there is no such entry
    """
    entry, visibility = get_entry(request), Visibility(request)
    after = request.GET.get(AFTER_PARAMETER, "").strip() or "0"
    if not (after.isascii() and after.isdecimal() and len(after) < 19):
        raise NotFound
    page = read_parts_page(request.reader, entry, int(after), PAGE_SIZE)
    (details,) = make_page_details(request, [entry], visibility, max_parts=0)
    parts = [
        make_entry_details(request, part, visibility)._replace(part_count=part.part_count)
        for part in page.entries
    ]
    return {
        "entry": details._replace(part_count=0),
        "parts": parts,
        "total": page.total,
        "most": MAX_COUNTED,
        "next": urlencode({AFTER_PARAMETER: page.last_id}) if page.last_id else None,
    }


def export(request) -> Any:
    """Respond with a file of all entries that match the filters."""
    visibility = Visibility(request)
    filters, params = _make_filters(request, visibility), _get_parameters(request)
    _conditions, wrong = filters.make_conditions(params)
    if wrong:
        raise NotFound
    visibility.load()
    lines = partial(_make_lines, request.registry, filters, params, visibility)
    header = [translate_for_request(request, name) for name in HEADER]
    return csv_export.response(request, "history.csv", header, lines)


def _make_lines(
    registry,
    filters: Filters,
    params: dict[str, str],
    visibility: Visibility,
    connection: Connection,
) -> Iterator[list[Any]]:
    """Yield a line for each changed field of an entry, at least one for each entry."""
    currency = Settings.of(registry).currency
    for entry in iterate_entries(connection, filters, params):
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
        return value.get("label", value)
    return ", ".join(str(part) for part in value) if isinstance(value, list) else value


def _show(request, page: EntryPage, visibility: Visibility, sent: dict[str, str]) -> dict[str, Any]:
    """Return a page's entries, their number, and the query of the next page."""
    older = urlencode({**sent, BEFORE_PARAMETER: page.last_id}) if page.last_id else None
    return {
        "entries": make_page_details(request, page.entries, visibility),
        "older": older,
        "total": page.total,
        "most": MAX_COUNTED,
    }


def _get_parameters(request) -> dict[str, str]:
    return {name: text for name, text in request.GET.items() if text.strip()}


def _make_filters(request, visibility: Visibility) -> Filters:
    zone = Settings.of(request.registry).time_zone
    return Filters(_get_kinds(request), ACTION_LABELS, zone, visibility.hidden_paths)


def _get_kinds(request) -> dict[str, str]:
    """Return the kinds of entries by path, in the language of the page."""
    resources = ServedResources.of(request.registry)
    named = {path: resource.plural() for path, resource in resources.items()}
    return {path: translate_for_request(request, name) for path, name in (named | PLURALS).items()}


def _get_noun(request, path: str) -> str:
    resource = ServedResources.of(request.registry).get(path)
    noun = NON_RESOURCES[path][0] if resource is None else resource.noun()
    return translate_for_request(request, noun)


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
    add_page(
        config,
        "history-entry",
        "history/{id}/",
        get=show_entry,
        template=f"{TEMPLATES}/entry.jinja2",
        permission=permission,
    )
    entry = MenuEntry("admin:history", _("History"), _("Audit"), permission, 200)
    add_menu_entry(config, entry)
