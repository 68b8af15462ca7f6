"""The endpoints by which clients find history entries, and undo them.

The list has no values, labels or users, so it needs only the permission to view the rows.
"""

from collections import Counter
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, literal

from shoptrack.errors import Forbidden, NotFound, ValidationError
from shoptrack.history.models import Action, GroupAction, HistoryEntry
from shoptrack.history.queries import select_entries
from shoptrack.history.undoing import Undo, undo
from shoptrack.permissions import SIGNED_IN
from shoptrack.resources.changes import ConcurrentUpdate
from shoptrack.resources.fields import ID, MAX_NUMBER_LENGTH, JSONSchema, is_bigint
from shoptrack.resources.query_string import QueryString, integer_between, one_of
from shoptrack.resources.repository import Repository
from shoptrack.resources.resource import ServedResources
from shoptrack.rest import idempotency
from shoptrack.rest.description import (
    Component,
    Parameter,
    ResponseDescription,
    allow_null,
    describe_view,
    object_schema,
)
from shoptrack.rest.service import Service
from shoptrack.rest.visibility import find_hidden

TEXT: JSONSchema = {"type": "string"}
COUNTS: JSONSchema = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}}
UNDO = Component(
    "Undo",
    object_schema(
        history_id=ID | {"description": "The entry of the undo, which can be undone, too."},
        undoes=ID,
        restored=COUNTS | {"description": "How many rows were added again, by resource."},
        changed=COUNTS | {"description": "How many rows have their former values again."},
        deleted=COUNTS | {"description": "How many rows were deleted, which the action had added."},
        skipped=COUNTS
        | {"description": "How many rows of a merge were left, because they have changed since."},
    ),
)
CONFLICT = Component(
    "UndoConflict",
    {
        "type": "object",
        "properties": {
            "detail": TEXT,
            "code": TEXT,
            "conflicts": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": TEXT},
                "description": "By field, what has changed since.",
            },
            "references": COUNTS | {"description": "How many rows refer to the row, by resource."},
        },
        "required": ["detail", "code"],
        "description": "`undo_conflict`, `in_use`, `already_undone`, `part_of_group` or `cannot_be_undone`.",
    },
)


ENTRY = Component(
    "HistoryEntry",
    object_schema(
        id=ID,
        at={"type": "string", "format": "date-time"},
        action=TEXT | {"description": "`added`, `changed`, `deleted`, `merged` or `undone`."},
        resource=TEXT,
        row_id=ID,
        part_of=allow_null(
            ID | {"description": "The entry of the action to which the change belongs."}
        ),
        undoes=allow_null(ID | {"description": "The entry that this one undoes."}),
    ),
)
DEFAULT_LIMIT, MAX_LIMIT = 100, 1000
FILTERS = (
    Parameter("resource", TEXT, "Only rows of this resource, as in `products`."),
    Parameter("row_id", ID, "Only the row with this ID."),
    Parameter("before", ID, "Only entries with a smaller ID, for the next page."),
    Parameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
        "The maximum number of entries.",
    ),
)


@describe_view(
    summary="List history entries",
    query=FILTERS,
    responses=[
        ResponseDescription(
            200,
            "The newest entries about rows that you may view, the newest first.",
            [ENTRY],
            example=[
                {
                    "id": 123,
                    "at": "2025-04-01T09:30:00.123456Z",
                    "action": "deleted",
                    "resource": "products",
                    "row_id": 7,
                    "part_of": None,
                    "undoes": None,
                }
            ],
        )
    ],
)
def list_entries(request) -> Any:
    """List the changes of rows, so that they can be undone."""
    query = QueryString(request.GET.items(), [one.name for one in FILTERS])
    visible = [
        path
        for path, resource in ServedResources.of(request.registry).items()
        if not find_hidden(request, resource) & {resource.permission("view")}
    ]
    path = query.get("resource", one_of(*visible))
    row_id = query.get("row_id", integer_between(0, 2**63 - 1))
    before = query.get("before", integer_between(0, 2**63 - 1))
    limit = query.get("limit", integer_between(1, MAX_LIMIT), DEFAULT_LIMIT)
    query.raise_errors()
    conditions: list[ColumnElement[bool]] = [
        HistoryEntry.path.in_(visible if path is None else [path]),
        HistoryEntry.action.in_([*Action, *GroupAction]),
    ]
    if row_id is not None:
        conditions.append(HistoryEntry.row_id == literal(row_id, BigInteger))
    if before is not None:
        conditions.append(HistoryEntry.id < literal(before, BigInteger))
    return [
        {
            "id": entry.id,
            "at": entry.at,
            "action": entry.action,
            "resource": entry.path,
            "row_id": entry.row_id,
            "part_of": entry.part_of,
            "undoes": entry.undoes,
        }
        for entry in request.reader.execute(select_entries(*conditions).limit(limit))
    ]


@describe_view(
    summary="Undo a change",
    path=(Parameter("id", ID, "The ID of the history entry.", required=True),),
    headers=[idempotency.PARAMETER],
    responses=[
        ResponseDescription(
            200,
            "The opposite changes were made.",
            UNDO,
            example={
                "history_id": 130,
                "undoes": 123,
                "restored": {"products": 1},
                "changed": {"shopping-records": 12},
                "deleted": {},
                "skipped": {},
            },
        ),
        ResponseDescription(
            409,
            "The action cannot be undone, or something since contradicts.",
            CONFLICT,
            examples={
                "UndoConflict": {
                    "detail": "“Milk” has changed since. The name is another one now.",
                    "code": "undo_conflict",
                    "conflicts": {"name": ["The name is another one now."]},
                }
            },
        ),
        Forbidden,
        ConcurrentUpdate,
        ValidationError,  # of the header
        *idempotency.ERRORS,
    ],
)
def undo_entry(request) -> Any:
    """Undo what a history entry records: an addition, a change, a deletion, a merge, or an undo.

    It takes the permissions of the opposite changes.
    """
    text = request.matchdict["id"]
    if not (text.isascii() and text.isdecimal() and len(text) <= MAX_NUMBER_LENGTH):
        raise NotFound
    id = int(text)
    if not is_bigint(id):
        raise NotFound
    result = undo(request.db, request.registry, id, request.has_permission)
    return {
        "history_id": result.entry_id,
        "undoes": result.undoes,
        **{name: count_visible(request, counts) for name, counts in get_counts(result).items()},
    }


def get_counts(result: Undo) -> dict[str, Counter[str]]:
    """Return the numbers of rows by resource, by what was done with them."""
    return {
        "restored": result.restored,
        "changed": result.changed,
        "deleted": result.deleted,
        "skipped": result.skipped,
    }


def count_visible(request, counts: Counter[str]) -> dict[str, int]:
    """Return the numbers of those rows that the user may view."""
    shown = {}
    for path, count in counts.items():
        repository = Repository.of(request.registry, path)
        hidden = repository.get_hidden(request.identity)
        if count and repository.resource.permission("view") not in hidden:
            shown[path] = count
    return shown


def includeme(config):
    """Serve the endpoints."""
    entries = Service("history", "/api/history/", description="The changes of rows.")
    entries.add_view("GET", list_entries, permission=SIGNED_IN)
    config.add_service(entries)
    service = Service("history:undo", "/api/history/{id}/undo/", description="Undo a change.")
    service.add_view("POST", idempotency.repeat_safely(undo_entry), permission=SIGNED_IN)
    config.add_service(service)
