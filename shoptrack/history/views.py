"""The endpoint of the feed of changes, from which clients keep copies of rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Row

from shoptrack.errors import DomainError, Forbidden, ValidationError
from shoptrack.history import descriptions
from shoptrack.history.cursors import Cursor, make_fingerprint
from shoptrack.history.descriptions import DOCUMENT, MAX_LIMIT
from shoptrack.history.feed import (
    Position,
    get_position,
    read_entries,
    read_newest,
    read_source,
    read_state,
)
from shoptrack.history.models import Action
from shoptrack.i18n.text_input import shorten
from shoptrack.permissions import SIGNED_IN
from shoptrack.resources import (
    Hidden,
    InvalidValue,
    QueryString,
    Repository,
    ServedResources,
    check_parameters,
    integer_between,
    one_of,
)
from shoptrack.rest.description import describe_view
from shoptrack.rest.etags import is_not_modified, make_not_modified
from shoptrack.rest.render import dumps
from shoptrack.rest.service import Service
from shoptrack.rest.visibility import find_hidden


class CursorExpired(DomainError):
    """Changes after a cursor are no longer known."""

    status = 410
    code = "cursor_expired"
    detail = "Changes after this cursor were deleted."
    advice = "Read the lists again: get a new cursor from this URL without since, then the lists."

    def __init__(self, detail: str | None = None):
        super().__init__(f"{detail or type(self).detail} {self.advice}")


DATABASE_CHANGED = "The database was restored or filled since this cursor was sent."
PERMISSIONS_CHANGED = "You may now view other resources than when this cursor was sent."


@dataclass(frozen=True)
class ChangesQuery:
    """The parameters of a request.

    :param hidden: the view permissions that the caller lacks, by the path of each resource that the caller may view
    """

    cursor: Cursor | None
    resources: Sequence[str]
    limit: int
    with_documents: bool
    hidden: dict[str, Hidden]

    @property
    def start(self) -> Cursor:
        """Return the cursor of these parameters at the begin of a feed."""
        seen = (f"{path} {sorted(hidden)}" for path, hidden in self.hidden.items())
        return Cursor("", make_fingerprint(self.resources), make_fingerprint(seen))


@describe_view(
    summary="List changes",
    query=descriptions.PARAMETERS,
    responses=[*descriptions.RESPONSES, CursorExpired, Forbidden],
)
def read_changes(request) -> Any:
    """Respond with the rows that were added, changed and deleted since a cursor, in the order of commits."""
    query = _parse(request)
    document = _read_page(request, query) if query.cursor else _read_start(request, query)
    body = dumps(document)
    etag = blake2b(body, digest_size=8).hexdigest()
    if is_not_modified(request, etag, is_strong=False):
        return make_not_modified(request)
    if document["has_more"]:
        params = [pair for pair in request.GET.items() if pair[0] != "since"]
        url = f"{request.path_url}?{urlencode([*params, ('since', document['cursor'])])}"
        request.response.headers["Link"] = f'<{url}>; rel="next"'
    request.response.content_type = "application/json"
    request.response.body = body
    return request.response


def _parse(request) -> ChangesQuery:
    """Return the parameters.

    :raises ValidationError: naming each invalid parameter
    :raises Forbidden: the caller may not view the resources
    """
    served = ServedResources.of(request.registry)
    query = QueryString(
        request.GET.items(), ("since", "resource", "limit", "include"), repeatable=("resource",)
    )
    names = query.get("resource", _parse_names(served), ())
    cursor = query.get("since", Cursor.decode)
    limit = query.get("limit", integer_between(1, MAX_LIMIT), MAX_LIMIT)
    include = query.get("include", one_of(DOCUMENT))
    query.raise_errors()
    hidden = {name: find_hidden(request, served[name]) for name in names or served}
    own = {name: frozenset({served[name].permission("view")}) for name in hidden}
    for name in names:
        check_parameters([("resource", own[name])], hidden[name])
    visible = {name: lacking for name, lacking in hidden.items() if not own[name] & lacking}
    if not visible:
        raise Forbidden
    return ChangesQuery(cursor, names, limit, include is not None, visible)


def _parse_names(served: ServedResources) -> Callable[[str], Sequence[str]]:
    def parse(text: str) -> Sequence[str]:
        names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
        for name in names:
            if name not in served:
                raise InvalidValue(
                    f"Unknown resource: {shorten(name)}. Available: {', '.join(served)}."
                )
        return names

    return parse


def _read_start(request, query: ChangesQuery) -> dict[str, Any]:
    """Return no changes, and the cursor with which a client begins."""
    source = read_source(request.reader)
    newest = read_newest(request.reader, query.hidden, source)
    start = query.start
    cursor = Cursor(source, start.query, start.visible, *newest)
    return {"changes": [], "cursor": cursor.encode(), "has_more": False}


def _read_page(request, query: ChangesQuery) -> dict[str, Any]:
    """Return the changes after a cursor.

    :raises CursorExpired: changes after it may be missing
    """
    cursor, start = query.cursor, query.start
    assert cursor is not None
    if cursor.query != start.query:
        raise ValidationError(
            {
                "since": [
                    "This cursor belongs to other resources. Send it with the same resource parameter."
                ]
            }
        )
    if cursor.visible != start.visible:
        raise CursorExpired(PERMISSIONS_CHANGED)
    position = Position(cursor.xid, cursor.id, cursor.at)
    entries = read_entries(request.reader, query.hidden, position, query.limit + 1)
    state = read_state(request.reader, query.hidden, cursor.source, position)
    if state.source != cursor.source or not (state.is_known or state.is_purged):
        raise CursorExpired(DATABASE_CHANGED)
    if state.is_purged:
        raise CursorExpired
    has_more = len(entries) > query.limit
    entries = entries[: query.limit]
    changes = [_make_change(entry, cursor) for entry in entries]
    if query.with_documents:
        _add_documents(request, query, changes)
    newest = changes[-1]["cursor"] if changes else cursor.encode()
    return {"changes": changes, "cursor": newest, "has_more": has_more}


def _make_change(entry: Row[Any], cursor: Cursor) -> dict[str, Any]:
    position = get_position(entry)
    return {
        "resource": entry.path,
        "id": entry.row_id,
        "action": entry.action,
        "at": entry.at.isoformat().replace("+00:00", "Z"),
        "fields": list(entry.changes) if entry.action == Action.CHANGED else [],
        "cursor": Cursor(cursor.source, cursor.query, cursor.visible, *position).encode(),
    }


def _add_documents(request, query: ChangesQuery, changes: list[dict[str, Any]]) -> None:
    """Add the current documents, read by one statement for each resource."""
    for path in {change["resource"] for change in changes}:
        found = [change for change in changes if change["resource"] == path]
        ids = {change["id"] for change in found}
        repository = Repository.of(request.registry, path)
        documents = repository.get_many(request.reader, ids, query.hidden[path])
        by_id = {document["id"]: document for document in documents}
        for change in found:
            change[DOCUMENT] = by_id.get(change["id"])


def includeme(config):
    """Serve the feed."""
    service = Service(
        "changes", "/api/changes/", description="What was added, changed and deleted."
    )
    service.add_view("GET", read_changes, permission=SIGNED_IN)
    config.add_service(service)
