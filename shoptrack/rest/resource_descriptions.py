"""OpenAPI descriptions of the six operations of a resource."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from shoptrack.errors import InUse
from shoptrack.resources.changes import ConcurrentUpdate
from shoptrack.resources.fields import ID, ROW_ID, JSONSchema
from shoptrack.resources.list_query import MAX_LIMIT, MAX_OFFSET, ListParameters
from shoptrack.resources.ordering import MAX_CURSOR_LENGTH
from shoptrack.resources.repository import Repository
from shoptrack.resources.text_search import MAX_SEARCH_LENGTH, MAX_WORDS
from shoptrack.rest import idempotency
from shoptrack.rest.description import Header, OperationDescription, Parameter, ResponseDescription
from shoptrack.rest.etags import PreconditionFailed
from shoptrack.rest.merge_descriptions import (
    CONFLICT_RESPONSE,
    REPLACE_WITH_PARAMETER,
    REPLACE_WITH_RESPONSE,
)

ETAG_HEADER = Header(
    "ETag", "Changes with the row and with what it nests. `If-Match` and `If-None-Match` take it."
)
LIST_HEADERS = (
    Header(
        "ETag", "Changes with any row of the list. `If-None-Match` takes it.", is_required=False
    ),
    Header(
        "Total-Count",
        "How many rows all pages have together; where `limit` was sent, and not `count=false`.",
        {"type": "integer", "minimum": 0},
        is_required=False,
    ),
    Header(
        "Link",
        'The addresses of the pages beside this one, `rel="next"` and `rel="prev"` (RFC 8288).',
        is_required=False,
    ),
)
UNSEEN = ResponseDescription(
    201, "Its id, for callers who may not view it.", ROW_ID, if_hidden=True
)


def describe_resource_views(repository: Repository) -> dict[str, OperationDescription]:
    """Return the descriptions of a resource's views, by their names."""
    resource = repository.resource
    many, noun = resource.path.replace("-", " "), resource.noun()
    item = (Parameter("id", ID, f"The {noun}'s id.", required=True),)
    one = f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"
    known = ResponseDescription(
        304, "The client has it already.", headers=[Header("ETag", "The tag that it sent.")]
    )
    written = ResponseDescription(200, f"The {noun} as it is now.", resource, [ETAG_HEADER])
    written_unseen = replace(UNSEEN, status=200)
    return {
        "read_list": OperationDescription(
            summary=f"List {many}",
            query=tuple(describe_list_parameters(repository.parameters)),
            responses=[ResponseDescription(200, _listed(many), [resource], LIST_HEADERS), known],
        ),
        "create": OperationDescription(
            summary=f"Add {one}",
            body=resource.schema,
            headers=[idempotency.PARAMETER],
            responses=[
                ResponseDescription(201, f"The {noun} that was added.", resource, [ETAG_HEADER]),
                UNSEEN,
                ConcurrentUpdate,
                *idempotency.ERRORS,
                *resource.errors,
            ],
        ),
        "read": OperationDescription(
            summary=f"Read {one}",
            path=item,
            responses=[ResponseDescription(200, f"The {noun}.", resource, [ETAG_HEADER]), known],
        ),
        "replace": OperationDescription(
            summary=f"Replace {one}",
            path=item,
            body=resource.schema,
            responses=[
                written,
                written_unseen,
                ConcurrentUpdate,
                PreconditionFailed,
                *resource.errors,
            ],
        ),
        "change": OperationDescription(
            summary=f"Change {one}",
            path=item,
            body=resource.schema,
            headers=[idempotency.PARAMETER],
            partial=True,
            responses=[
                written,
                written_unseen,
                ConcurrentUpdate,
                PreconditionFailed,
                *idempotency.ERRORS,
                *resource.errors,
            ],
        ),
        "delete": OperationDescription(
            summary=f"Delete {one}",
            path=item,
            query=[REPLACE_WITH_PARAMETER],
            responses=[
                ResponseDescription(204, "It is deleted."),
                REPLACE_WITH_RESPONSE,
                InUse,
                CONFLICT_RESPONSE,
                ConcurrentUpdate,
                PreconditionFailed,
                *resource.errors,
            ],
        ),
    }


def _listed(many: str) -> str:
    # A schema cannot depend on a query parameter, and a schema without `required` would be less useful to clients.
    return f"The {many}. With `fields`, each has the members that were named and no others."


def describe_list_parameters(parameters: ListParameters) -> Iterator[Parameter]:
    """Yield the parameters of every list: its filters, its ordering and its pagination."""
    for name, filter in parameters.filters.items():
        yield Parameter(name, filter.schema, filter.description)
    yield Parameter(
        "search",
        {"type": "string", "maxLength": MAX_SEARCH_LENGTH},
        f"Up to {MAX_WORDS} words, each of which occurs in a text of the row or of what it refers "
        "to. Width, case, katakana or hiragana, and kinds of dashes do not matter.",
    )
    order = [sign + name for name in parameters.keys for sign in ("", "-")]
    yield Parameter(
        "ordering",
        _choices(order, list(parameters.resource.default_order)),
        "The order of the list: fields, descending with `-`. `id` is always the last one.",
    )
    yield Parameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT},
        "Rows of a page; without it the whole list is answered. The header `Link` leads to the "
        "pages beside it.",
    )
    yield Parameter(
        "offset",
        {"type": "integer", "format": "int64", "minimum": 0, "maximum": MAX_OFFSET},
        "Rows before the page, for pages that are jumped to. Together with `limit`, and not with "
        "`cursor`.",
    )
    yield Parameter(
        "cursor",
        {"type": "string", "maxLength": MAX_CURSOR_LENGTH},
        "A place in the list, from the header `Link` of another page. Together with `limit`.",
    )
    yield Parameter(
        "count",
        {"type": "boolean", "default": True},
        "Whether a page says how long the list is, in the header `Total-Count`.",
    )
    yield Parameter(
        "fields",
        _choices(parameters.names),
        "The only members that are answered. The others are missing then, whatever the schema "
        "requires.",
    )


def _choices(names: Sequence[str], default: Sequence[str] = ()) -> JSONSchema:
    items = {"type": "string", "enum": list(names)}
    schema: JSONSchema = {"type": "array", "items": items, "minItems": 1}
    return {**schema, "default": list(default)} if default else schema
