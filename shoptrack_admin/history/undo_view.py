"""The page that undoes the action of a history entry."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from sqlalchemy import Row

from shoptrack.errors import DomainError, NotFound
from shoptrack.history import MAX_COUNTED, HistoryPermission, read_entry, undo
from shoptrack.resources import Repository, is_bigint
from shoptrack_admin.history.entries import make_page_details
from shoptrack_admin.history.visibility import Visibility
from shoptrack_admin.pages import add_page
from shoptrack_admin.translation import _


def show(request) -> dict[str, Any]:
    """Show the entry, and ask for confirmation."""
    return _show(request, get_entry(request))


def run(request) -> Any:
    """Undo the action, or show what contradicts."""
    entry = get_entry(request)
    try:
        result = undo(request.db, request.registry, entry.id, request.has_permission)
    except DomainError as error:
        if error.status not in (403, 409):
            raise
        request.response.status_int = 400
        return _show(request, entry) | {"errors": {"": [error.detail]}}
    request.messages.add(_("The action was undone."))
    for path, count in result.skipped.items():
        repository = Repository.of(request.registry, path)
        resource, hidden = repository.resource, repository.get_hidden(request.identity)
        if count and resource.permission("view") not in hidden:
            message = _(
                "Not changed back, because they have changed since: ${rows} (${count}).",
                rows=resource.plural(),
                count=count,
            )
            request.messages.add(message, "warning")
    return HTTPSeeOther(request.route_path("admin:history"))


def get_entry(request) -> Row:
    """Return the entry of the URL.

    :raises NotFound: there is none
    """
    text = request.matchdict["id"]
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and is_bigint(int(text))):
        raise NotFound
    entry = read_entry(request.reader, int(text))
    if entry is None:
        raise NotFound
    return entry


def _show(request, entry: Row) -> dict[str, Any]:
    (details,) = make_page_details(request, [entry], Visibility(request))
    return {"entry": details, "most": MAX_COUNTED, "errors": {}}


def includeme(config):
    """Serve the page to users who may view the history."""
    add_page(
        config,
        "history-undo",
        "history/{id}/undo/",
        get=show,
        post=run,
        template="shoptrack_admin:templates/history/undo.jinja2",
        permission=HistoryPermission.VIEW_HISTORY,
    )
