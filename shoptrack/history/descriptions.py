"""The description of the feed in the OpenAPI document."""

from shoptrack.history.cursors import MAX_CURSOR_LENGTH
from shoptrack.history.models import Action
from shoptrack.resources import ID, JSONSchema
from shoptrack.rest.description import (
    Component,
    Header,
    Parameter,
    ResponseDescription,
    allow_null,
    object_schema,
)

MAX_LIMIT = 1000  # changes of a response
DOCUMENT = "document"

CURSOR: JSONSchema = {"type": "string", "maxLength": MAX_CURSOR_LENGTH}
CHANGE = object_schema(
    resource={"type": "string", "description": "The path of the resource, as in `products`."},
    id=ID,
    action={"type": "string", "enum": [*Action]},
    at={"type": "string", "format": "date-time"},
    fields={
        "type": "array",
        "items": {"type": "string"},
        "description": "The names of the fields that changed; empty if the row was added or deleted.",
    },
    cursor={**CURSOR, "description": "The position after this change."},
)
CHANGE["properties"][DOCUMENT] = {
    **allow_null({"type": "object"}),
    "description": "The current document, null if the row is deleted by now; with `include=document`.",
}
CHANGES = object_schema(
    changes={"type": "array", "items": CHANGE, "maxItems": MAX_LIMIT},
    cursor={**CURSOR, "description": "The `since` of the next request."},
    has_more={"type": "boolean", "description": "Whether more changes can be read at once."},
)
EXAMPLE = {
    "changes": [
        {
            "resource": "products",
            "id": 7,
            "action": "changed",
            "at": "2025-04-01T09:30:00.123456Z",
            "fields": ["name"],
            "cursor": "WyI5YzFi",
        }
    ],
    "cursor": "WyI5YzFi",
    "has_more": False,
}

PARAMETERS = [
    Parameter(
        "since",
        CURSOR,
        "The cursor of the last response. Without it, the response has no changes, and the newest cursor.",
    ),
    Parameter(
        "resource",
        {"type": "array", "items": {"type": "string"}, "minItems": 1},
        "The paths of resources; by default all that you may view.",
    ),
    Parameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": MAX_LIMIT},
        "The maximum number of changes.",
    ),
    Parameter(
        "include",
        {"type": "string", "enum": [DOCUMENT]},
        "Adds the current document of each row.",
    ),
]

RESPONSES = [
    ResponseDescription(
        200,
        "The changes in the order in which they were committed.",
        Component("Changes", CHANGES),
        [
            Header("ETag", "Changes with the response. `If-None-Match` takes it."),
            Header("Link", 'The URL of the following changes, `rel="next"`.', is_required=False),
        ],
        example=EXAMPLE,
    ),
    ResponseDescription(
        304, "The client has it already.", headers=[Header("ETag", "The tag that it sent.")]
    ),
]
