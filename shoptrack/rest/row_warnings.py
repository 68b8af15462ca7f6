"""Warnings about rows: beside changed rows, by ``?warnings=true``, and at ``/api/<resource>/{id}/warnings/``."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from shoptrack.i18n.translation import get_preferred_localizer, translate
from shoptrack.resources.fields import ID, or_id, parse_boolean
from shoptrack.resources.query_string import QueryString
from shoptrack.resources.repository import Repository
from shoptrack.resources.resource import Resource
from shoptrack.resources.row_warnings import RowWarning
from shoptrack.rest.description import (
    Component,
    OperationDescription,
    Parameter,
    ResponseDescription,
    allow_null,
    object_schema,
)
from shoptrack.rest.path_ids import make_not_found, parse_path_id

NAME = "warnings"
PARAMETER = Parameter(
    NAME,
    {"type": "boolean", "default": False},
    "Whether to respond with an object that has the `rows` and the `warnings` about them.",
)
LANGUAGE = Parameter(
    "Accept-Language", {"type": "string"}, "The language of `detail`; English by default."
)
EXAMPLE = {
    "id": 7,
    "field": "price",
    "code": "price_outlier",
    "detail": "The unit price is 10.00 times the usual one. Check the price and the quantity.",
    "unit_price": "2.000000",
    "median": "0.200000",
    "ratio": "10.00",
    "records": 5,
}
WARNING = Component(
    "RowWarning",
    {
        "type": "object",
        "required": ["id", "field", "code", "detail"],
        "properties": {
            "index": {
                "type": "integer",
                "minimum": 0,
                "description": "The position of the row in the request, counted from 0.",
            },
            "id": allow_null({**ID, "description": "Of the row."}),
            "field": {
                "type": "string",
                "description": "The key of the value as in bodies, or `non_field_errors`.",
            },
            "code": {"type": "string", "description": "For programs, such as `price_outlier`."},
            "detail": {"type": "string", "description": "A sentence for people."},
        },
        "additionalProperties": True,
        "description": "Something unlikely about a row. Further members are its figures.",
    },
)


def is_asked_for(request: Any) -> bool:
    """Return whether the query asks for warnings.

    :raises ValidationError: the parameter is neither true nor false, or is repeated
    """
    pairs = [(name, text) for name, text in request.GET.items() if name == NAME]
    params = QueryString(pairs, [NAME])
    value = params.get(NAME, parse_boolean, default=False)
    params.raise_errors()
    return bool(value)


def make_documents(
    request: Any,
    warnings: Iterable[RowWarning],
    translate_text: Callable[[str], str] | None = None,
) -> list[dict[str, Any]]:
    """Return the documents of warnings about the rows of a request.

    :param translate_text: into the language of a page; by default the one that the client prefers
    """
    if translate_text is None:
        translate_text = partial(translate, get_preferred_localizer(request))
        request.response.vary = (*(request.response.vary or ()), LANGUAGE.name)
    return [
        {
            "index": warning.position,
            "id": warning.id,
            "field": warning.key,
            "code": warning.code,
            "detail": translate_text(warning.detail),
            **warning.figures,
        }
        for warning in warnings
    ]


def describe_response(status: int, resource: Resource) -> ResponseDescription:
    """Return the description of a response with rows of a resource and warnings."""
    row = or_id({"$ref": f"#/components/schemas/{resource.component()}"})
    document = resource.example()
    warnings = [{"index": 0, **EXAMPLE, "id": document["id"]}] if resource.warning_finders else []
    return ResponseDescription(
        status,
        f"With `{NAME}=true`, also what is unlikely about them.",
        object_schema(
            rows={"type": "array", "items": row}, warnings={"type": "array", "items": WARNING}
        ),
        example={"rows": [document], "warnings": warnings},
    )


class WarningViews:
    """The view of the warnings about one row."""

    def __init__(self, repository: Repository):
        self._repository = repository

    def read_warnings(self, request) -> Any:
        """Respond with what is unlikely about a row."""
        repository = self._repository
        id = parse_path_id(request, repository.resource)
        row = repository.get(request.reader, id)
        if row is None:
            raise make_not_found(repository.resource)
        warnings = repository.find_warnings(request.reader, [row], request.has_permission)
        documents = make_documents(request, warnings)
        for document in documents:
            del document["index"]
        return documents

    def describe(self) -> OperationDescription:
        """Return the description of the view."""
        noun = self._repository.resource.noun()
        return OperationDescription(
            summary=f"Read the warnings about the {noun}",
            path=(Parameter("id", ID, f"The {noun}'s id.", required=True),),
            headers=[LANGUAGE],
            responses=[
                ResponseDescription(
                    200, f"What is unlikely about the {noun}.", [WARNING], example=[EXAMPLE]
                )
            ],
        )
