"""The operations in OpenAPI 3.1."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from shoptrack.errors import Forbidden, TooManyRequests
from shoptrack.openapi.components import Components
from shoptrack.openapi.errors import get_common_errors
from shoptrack.openapi.operation import Operation
from shoptrack.openapi.responses import Responses, ResponseSource
from shoptrack.resources.fields import Field
from shoptrack.resources.schema import Schema
from shoptrack.rest.description import OperationDescription, Parameter

BODY_MEDIA_TYPES = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
)


class OperationBuilder:
    """Makes the operations of one document.

    :param security: the names of the security schemes, of which a caller needs one
    :param may_hide: whether a response may have a row's id in place of its document
    :param with_authenticators: whether authenticators of plugins may throttle a request, or forbid a page's change
    """

    def __init__(
        self,
        components: Components,
        responses: Responses,
        security: Sequence[str],
        *,
        may_hide: bool,
        with_authenticators: bool = False,
    ):
        self._components = components
        self._responses = responses
        self._security = security
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
            made["requestBody"] = self._make_request_body(operation.description)
        made["responses"] = self._responses.make_responses(self._find_sources(operation))
        if operation.own_description is None:
            made["responses"]["default"] = {"description": "Its plugin does not say."}
        made["security"] = [] if operation.is_public else [{name: []} for name in self._security]
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

    def _make_request_body(self, described: OperationDescription) -> dict[str, Any]:
        body = described.body
        assert body is not None
        content = {"schema": self._components.add_request_schema(body, partial=described.partial)}
        required = not described.partial
        if isinstance(body, Schema):
            required = required and any(field.required for field in body.fields)
            content["example"] = make_request_example(body, partial=described.partial)
        return {"required": required, "content": dict.fromkeys(BODY_MEDIA_TYPES, content)}

    def _find_sources(self, operation: Operation) -> Iterator[ResponseSource]:
        """Yield the view's own responses and those that all similar operations have."""
        described = operation.description
        for source in described.responses:
            if self._may_hide or not getattr(source, "if_hidden", False):
                yield source
        yield from get_common_errors(
            operation.path,
            operation.permission,
            body=operation.has_body,
            query=bool(described.query),
        )
        if self._with_authenticators and not operation.is_public:
            yield TooManyRequests
            if operation.method != "GET":
                yield Forbidden


def make_request_example(schema: Schema, *, partial: bool = False) -> dict[str, Any]:
    """Return an example of a body: all fields, or only the first one if all are optional."""
    fields = schema.writable[:1] if partial else schema.writable
    return {field.key: field.get_request_example() for field in fields}
