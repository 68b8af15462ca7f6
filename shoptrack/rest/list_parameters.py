"""The parameters of a resource's list."""

from collections.abc import Iterator, Sequence

from shoptrack.resources.fields import JSONSchema
from shoptrack.resources.list_query import MAX_LIMIT, MAX_OFFSET, Parameters
from shoptrack.resources.ordering import MAX_CURSOR
from shoptrack.resources.search import MAX_TEXT, MAX_WORDS
from shoptrack.rest.description import Parameter


def of_list(parameters: Parameters) -> Iterator[Parameter]:
    """Yield what every list takes: its filters, its order, and how it is cut into pages."""
    for name, filter in parameters.filters.items():
        yield Parameter(name, filter.schema, filter.finds)
    yield Parameter(
        "search",
        {"type": "string", "maxLength": MAX_TEXT},
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
        {"type": "string", "maxLength": MAX_CURSOR},
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
    schema: JSONSchema = {"type": "array", "items": items, "minItems": 1, "collectionFormat": "csv"}
    return {**schema, "default": list(default)} if default else schema
