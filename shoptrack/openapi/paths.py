"""The operations in OpenAPI 3.1."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from shoptrack.errors import Forbidden, TooManyRequests
from shoptrack.openapi.components import Components
from shoptrack.openapi.errors import get_common_errors
from shoptrack.openapi.operation import Operation
from shoptrack.openapi.responses import Responses, ResponseSource, resolve_media_types
from shoptrack.resources.fields import Field
from shoptrack.resources.schema import Schema
from shoptrack.rest.description import FILE, Parameter, ResponseDescription, SecurityScheme
from shoptrack.rest.negotiation import BODY_MEDIA_TYPES, JSON


class OperationBuilder:
    """Makes the operations of one document.

    :param schemes: the security schemes, of which a caller needs one
    :param may_hide: whether a response may have a row's id in place of its document
    :param with_authenticators: whether authenticators of plugins may throttle a request, or forbid a page's change
    """

    def __init__(
        self,
        components: Components,
        responses: Responses,
        schemes: Sequence[SecurityScheme],
        *,
        may_hide: bool,
        with_authenticators: bool = False,
    ):
        self._components = components
        self._responses = responses
        self._schemes = schemes
        self._may_hide = may_hide
        self._with_authenticators = with_authenticators

    def make_operation(self, operation: Operation) -> dict[str, Any]:
        """Return one operation."""
        summary, text = operation.get_summary_and_description()
        paragraphs = [part for part in (text, operation.describe_permission()) if part]
        made: dict[str, Any] = {"tags": [operation.tag], "summary": summary}
        if paragraphs:
            made["description"] = "\n\n".join(paragraphs)
        made["operationId"] = operation.operation_id
        parameters = list(self._make_parameters(operation))
        if parameters:
            made["parameters"] = parameters
        if operation.has_body:
            made["requestBody"] = self._make_request_body(operation)
        made["responses"] = self._responses.make_responses(self._find_sources(operation))
        if operation.own_description is None:
            made["responses"]["default"] = _make_default_response(operation)
        made["security"] = (
            [] if operation.is_public else [{scheme.name: []} for scheme in self._schemes]
        )
        return made

    def _make_parameters(self, operation: Operation) -> Iterator[dict[str, Any]]:
        described = operation.description
        known = {one.name: one for one in described.path}
        path = [
            known.get(name) or Parameter(name, {"type": "string"})
            for name in operation.path_parameters
        ]
        places: dict[str, Iterable[Parameter | Field]] = {
            "path": path,
            "query": described.query,
            "header": described.headers,
            "cookie": described.cookies,
        }
        for place, parameters in places.items():
            for one in parameters:
                yield self._make_parameter(one, place)

    def _make_parameter(self, parameter: Parameter | Field, place: str) -> dict[str, Any]:
        if isinstance(parameter, Field):
            schema, explode = parameter.get_request_schema(), False
        else:
            schema, explode = parameter.schema, parameter.explode
        made: dict[str, Any] = {"name": parameter.name, "in": place}
        if parameter.description:
            made["description"] = parameter.description
        made["required"] = parameter.required or place == "path"
        if schema.get("type") == "array" and place in ("query", "cookie"):
            made |= {"style": "form", "explode": explode}
        return {**made, "schema": self._components.resolve(schema)}

    def _make_request_body(self, operation: Operation) -> dict[str, Any]:
        """Return the description of the body: a document as JSON and forms, and the other media types as files."""
        described, types = operation.description, operation.media_types
        accepts = BODY_MEDIA_TYPES if types.accepts is None else types.accepts
        documents = [kind for kind in accepts if kind in BODY_MEDIA_TYPES]
        content = dict.fromkeys(accepts, {"schema": FILE})
        required = not described.partial
        if documents:
            body = {"type": "object"} if described.body is None else described.body
            made = {"schema": self._components.add_request_schema(body, partial=described.partial)}
            if isinstance(body, Schema):
                required = required and any(field.required for field in body.fields)
                made["example"] = make_request_example(body, partial=described.partial)
            elif described.example is not None:
                made["example"] = described.example
            content |= dict.fromkeys(documents, made)
        elif described.body is not None:
            schema = self._components.add_request_schema(described.body)
            content = dict.fromkeys(accepts, {"schema": schema})
        return {"required": required, "content": content}

    def _find_sources(self, operation: Operation) -> Iterator[ResponseSource]:
        """Yield the view's own responses and those that all similar operations have."""
        described = operation.description
        known = operation.media_types.answers if operation.declares_media_types else None
        for source in resolve_media_types(described.responses, known):
            if self._may_hide or not getattr(source, "if_hidden", False):
                yield source
        yield from get_common_errors(
            operation.path,
            operation.permission,
            body=operation.has_body,
            # A view that describes its own 400 says which parameter may be invalid.
            query=bool(described.query)
            and not any(
                isinstance(one, ResponseDescription) and one.status == 400
                for one in described.responses
            ),
        )
        if not operation.is_public:
            for scheme in self._schemes:
                yield from scheme.errors
        if self._with_authenticators and not operation.is_public:
            yield TooManyRequests
            if operation.method != "GET":
                yield Forbidden


def _make_default_response(operation: Operation) -> dict[str, Any]:
    """Return the response of a view without a description, of which at most the media types are known."""
    response: dict[str, Any] = {"description": "Its plugin does not say."}
    if operation.declares_media_types:
        response["content"] = {
            kind: {"schema": {} if kind in JSON else FILE} for kind in operation.media_types.answers
        }
    return response


def make_request_example(schema: Schema, *, partial: bool = False) -> dict[str, Any]:
    """Return an example of a body: all fields, or only the first one if all are optional."""
    fields = schema.writable[:1] if partial else schema.writable
    return {field.key: field.get_request_example() for field in fields}
