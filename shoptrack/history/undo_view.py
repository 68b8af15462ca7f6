"""The endpoint that undoes the action of a history entry."""

from collections import Counter
from typing import Any

from shoptrack.errors import Forbidden, NotFound
from shoptrack.history.undoing import Undo, undo
from shoptrack.permissions import SIGNED_IN
from shoptrack.resources.changes import ConcurrentUpdate
from shoptrack.resources.fields import ID, MAX_NUMBER_LENGTH, JSONSchema, is_bigint
from shoptrack.resources.repository import Repository
from shoptrack.rest import idempotency
from shoptrack.rest.description import (
    Component,
    Parameter,
    ResponseDescription,
    describe_view,
    object_schema,
)
from shoptrack.rest.service import Service

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
    """Serve the endpoint."""
    service = Service("history:undo", "/api/history/{id}/undo/", description="Undo a change.")
    service.add_view("POST", idempotency.repeat_safely(undo_entry), permission=SIGNED_IN)
    config.add_service(service)
