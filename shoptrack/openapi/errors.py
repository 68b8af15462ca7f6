"""Errors as responses: their schemas, and the errors of each operation."""

from collections.abc import Iterator
from typing import Any

from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.errors import (
    BadRequest,
    BodyTooLarge,
    DomainError,
    Forbidden,
    InUse,
    ItemErrors,
    ItemsInUse,
    MethodNotAllowed,
    NotAcceptable,
    NotAuthenticated,
    NotFound,
    ServiceUnavailable,
    TooManyRequests,
    UnsupportedMediaType,
    URITooLong,
    ValidationError,
)
from shoptrack.openapi.components import get_component_name
from shoptrack.openapi.operation import first_paragraph
from shoptrack.permissions import SIGNED_IN
from shoptrack.resources.fields import JSONSchema, Text
from shoptrack.resources.schema import Schema
from shoptrack.rest.description import Component, Header, ResponseDescription, object_schema
from shoptrack.web.error_views import ServerError

SECONDS: JSONSchema = {"type": "integer", "minimum": 0}
HEADERS = {
    401: Header("WWW-Authenticate", 'The scheme to sign in by, as in `Bearer realm="api"`.'),
    405: Header("Allow", "The methods that this address takes, separated by commas."),
    416: Header("Content-Range", "The length of the file, as in `bytes */1234`."),
    429: Header("Retry-After", "How many seconds to wait before another try.", SECONDS),
    503: Header("Retry-After", "How many seconds to wait before another try.", SECONDS),
}
DETAIL = Schema("Detail", (Text("detail"),))  # the body of errors that have only a message
FIELD_ERRORS: JSONSchema = {
    "type": "object",
    "description": "By name of a field or a parameter, what is wrong with it: all faults at once.",
    "additionalProperties": {"type": "array", "items": {"type": "string"}},
}
ITEM_ERRORS: JSONSchema = {
    "type": "object",
    "description": "By position of an item, counted from 0, what is wrong with it.",
    "additionalProperties": FIELD_ERRORS,
}
# Of errors that need arguments.
ERROR_EXAMPLES = {
    BadRequest: BadRequest("JSON parse error - Expecting value: line 1 column 1 (char 0)"),
    BodyTooLarge: BodyTooLarge("The body is too long: at most 2621440 bytes are taken here."),
    InUse: InUse("store", {"shopping-records": 12}),
    ItemErrors: ItemErrors({3: {"name": ["This field is required."]}}),
    ItemsInUse: ItemsInUse("stores", {0: {"shopping-records": 12}}),
    ValidationError: ValidationError({"name": ["This field is required."]}),
    MethodNotAllowed: MethodNotAllowed("TRACE", ["GET", "HEAD"]),
    TooManyRequests: TooManyRequests(30),
    UnsupportedMediaType: UnsupportedMediaType("text/plain"),
    URITooLong: URITooLong("The query string is too long (maximum: 32768 bytes)."),
}


def describe_error(error: type[DomainError]) -> ResponseDescription:
    """Return the response of an error. Its body is made from an example of the error."""
    body = (ERROR_EXAMPLES.get(error) or error()).body()
    if error.status >= 500:
        body = body | {"request_id": "5f2b1c0d9e8a47b6a1c3d5e7f9012345"}
    headers = [HEADERS[error.status]] if error.status in HEADERS else []
    about = first_paragraph(error.__doc__) or error.__name__
    component = make_error_schema(error, body)
    return ResponseDescription(
        error.status, about, component, headers, examples={get_component_name(error): body}
    )


def make_error_schema(error: type[DomainError], example: dict[str, Any]) -> Component:
    """Return the schema of an error's body. Errors that have only a message share one schema."""
    if issubclass(error, ItemErrors):
        return Component("ItemErrors", object_schema(items=ITEM_ERRORS))
    if issubclass(error, ValidationError):
        return Component("FieldErrors", FIELD_ERRORS)
    name = "Detail" if example.keys() == {"detail"} else get_component_name(error)
    if issubclass(error, ServerError | ServiceUnavailable):
        name = "ServerError"
    schema = object_schema(**{key: _schema_of(value) for key, value in example.items()})
    if error.code:
        schema["properties"]["code"]["enum"] = [error.code]
    return Component(name, schema)


def _schema_of(value: Any) -> JSONSchema:
    match value:
        case bool():
            return {"type": "boolean"}
        case int():
            return {"type": "integer"}
        case [*items]:
            return {"type": "array", "items": _schema_of(items[0]) if items else {}}
        case dict():
            values = [_schema_of(member) for member in value.values()]
            return {"type": "object", "additionalProperties": values[0] if values else {}}
    return {"type": "string"}


def get_common_errors(
    path: str, permission: Any, *, body: bool, query: bool
) -> Iterator[type[DomainError]]:
    """Yield the errors of an operation that do not depend on its view.

    :param body: whether the operation has a body
    :param query: whether it has query parameters
    """
    yield BadRequest
    if body or query:
        yield ValidationError
    if permission != NO_PERMISSION_REQUIRED:
        yield NotAuthenticated
    if permission not in (NO_PERMISSION_REQUIRED, SIGNED_IN):
        yield Forbidden
    if "{" in path:
        yield NotFound
    yield MethodNotAllowed
    yield NotAcceptable
    yield URITooLong
    if body:
        yield BodyTooLarge
        yield UnsupportedMediaType
    yield ServerError
    yield ServiceUnavailable
