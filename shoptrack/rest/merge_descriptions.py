"""OpenAPI descriptions of merging."""

from shoptrack.resources.changes import ConcurrentUpdate
from shoptrack.resources.fields import ID, JSONSchema
from shoptrack.resources.repository import Repository
from shoptrack.rest import idempotency
from shoptrack.rest.description import (
    Component,
    OperationDescription,
    Parameter,
    ResponseDescription,
    allow_null,
    object_schema,
)
from shoptrack.rest.merge_views import CONVERT, MAX_MERGED, REPLACE_WITH

TEXT: JSONSchema = {"type": "string"}
COUNTS: JSONSchema = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
CONFLICT: JSONSchema = {
    "type": "object",
    "properties": {
        "detail": TEXT,
        "code": TEXT,
        "resource": TEXT,
        "rows": {"type": "array", "items": object_schema(id=ID, label=TEXT)},
        "references": COUNTS,
    },
    "required": ["detail", "code"],
    "description": "Why rows cannot be merged: `cannot_move`, `different_units`, `inexact_conversion`, `in_use` or "
    "`invalid`. `rows` are some of the rows of `resource` that prevent it.",
}
MERGE = Component(
    "Merge",
    object_schema(
        dry_run={"type": "boolean"},
        kept=ID,
        merged={"type": "array", "items": ID},
        moved=COUNTS | {"description": "How many rows refer to the kept row now, by resource."},
        has_hidden={
            "type": "boolean",
            "description": "Whether other rows, which you may not view, do so, too.",
        },
        factors={
            "type": "object",
            "additionalProperties": TEXT,
            "description": "By ID of a merged row, the factor by which quantities are multiplied.",
        },
        conflicts={"type": "array", "items": CONFLICT},
        history_id=allow_null(
            ID | {"description": "The history entry, by which the merge can be undone."}
        ),
    ),
)
CONFLICT_RESPONSE = ResponseDescription(
    409,
    "The rows cannot be merged.",
    Component("MergeConflict", CONFLICT),
    examples={
        "MergeConflict": {
            "detail": "Cannot change the product of some favourites (Ken): that would create duplicates. "
            "Change or delete them first.",
            "code": "cannot_move",
            "resource": "favourites",
            "rows": [{"id": 3, "label": "Ken"}],
        }
    },
)
REPLACE_WITH_PARAMETER = Parameter(
    REPLACE_WITH, ID, "The row to which the rows that refer to this one are reassigned before."
)
# Its only member by name: clients tell an error from others by its members.
REPLACE_WITH_RESPONSE = ResponseDescription(
    400,
    "The other row is invalid.",
    Component(
        "InvalidReplacement",
        object_schema(**{REPLACE_WITH: {"type": "array", "items": {"type": "string"}}}),
    ),
    example={REPLACE_WITH: ['Invalid pk "99" - object does not exist.']},
)


def describe_merge(repository: Repository) -> OperationDescription:
    """Return the description of the view."""
    resource = repository.resource
    noun, many = resource.noun(), resource.path.replace("-", " ")
    ids = {"type": "array", "items": ID, "minItems": 1, "maxItems": MAX_MERGED}
    body: JSONSchema = {
        "type": "object",
        "required": ["ids"],
        "properties": {
            "ids": ids | {"description": f"The {many} that are deleted."},
            "dry_run": {
                "type": "boolean",
                "default": False,
                "description": "Whether nothing is changed, and only conflicts are looked for.",
            },
            "convert": allow_null(
                CONVERT.get_request_schema()
                | {
                    "description": "How many of the kept product's unit one of the others' unit is; needed if no "
                    "factor between the units is known."
                }
            ),
        },
    }
    return OperationDescription(
        summary=f"Merge {many}",
        path=(Parameter("id", ID, f"The ID of the {noun} to keep.", required=True),),
        body=body,
        example={"ids": [9, 12], "dry_run": True},
        headers=[idempotency.PARAMETER],
        responses=[
            ResponseDescription(
                200,
                "What was merged; of a dry run, what would be merged, with all conflicts.",
                MERGE,
                example={
                    "dry_run": True,
                    "kept": 5,
                    "merged": [9, 12],
                    "moved": {"shopping-records": 12},
                    "has_hidden": False,
                    "factors": {"9": "1000"},
                    "conflicts": [],
                    "history_id": None,
                },
            ),
            CONFLICT_RESPONSE,
            ConcurrentUpdate,
            *idempotency.ERRORS,
            *resource.errors,
        ],
    )
