"""From Cornice's services to Swagger 2.0, by cornice-swagger."""

from collections.abc import Iterable, Sequence
from typing import Any

import colander
from cornice_swagger.swagger import CorniceSwagger

from shoptrack.errors import DomainError
from shoptrack.openapi import errors
from shoptrack.openapi.components import Components
from shoptrack.openapi.converters import (
    TYPES,
    Described,
    NoConverter,
    ParameterConverter,
    Parameters,
    Types,
    node,
)
from shoptrack.openapi.examples import body_example
from shoptrack.openapi.operation import Operation
from shoptrack.openapi.responses import Responses
from shoptrack.resources.fields import JSONSchema
from shoptrack.rest.description import Answer, Description, Parameter
from shoptrack.settings import ConfigurationError

BODIES = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"]


class Documented:
    """A service as cornice-swagger reads it: with all that its operations say of themselves."""

    def __init__(self, operations: Sequence[Operation]):
        self.name = operations[0].service.name
        self.path = operations[0].path
        self.definitions = [(one.method, one.view, {"operation": one}) for one in operations]


class Swagger(CorniceSwagger):
    """Makes the document of one application.

    :param security: the name of the scheme by which callers are identified
    :param may_hide: whether a row may be answered as its id
    """

    type_converter = Types
    default_type_converter = NoConverter
    custom_type_converters = TYPES
    parameter_converter = ParameterConverter
    parameters = Parameters

    def __init__(
        self,
        operations: Iterable[Operation],
        security: str,
        refusals: Sequence[Answer],
        *,
        may_hide: bool = False,
    ):
        by_path: dict[str, list[Operation]] = {}
        for operation in operations:
            by_path.setdefault(operation.path, []).append(operation)
        super().__init__([Documented(those) for those in by_path.values()])
        convert = Types(TYPES, NoConverter)
        self._components = Components(convert, may_hide=may_hide)
        self._may_hide = may_hide
        self._responses = Responses(self._components, refusals)
        self._security = security

    def document(self, info: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Return the document.

        :param info: with the API's title and version
        :param more: members of the document
        :raises ConfigurationError: naming the operation that cannot be described
        """
        more |= {"definitions": self._components.schemas, "responses": self._responses.shared}
        return self.generate(info["title"], info["version"], info=info, swagger=more)

    def _extract_operation_from_view(self, view: Any, args: dict[str, Any]) -> dict[str, Any]:
        operation: Operation = args["operation"]
        try:
            arguments = {**operation.arguments, "schema": self._request(operation)}
            extracted = super()._extract_operation_from_view(view, arguments)
            return self._complete(operation, extracted)
        except Exception as error:
            raise ConfigurationError(f"{operation} cannot be described: {error}") from error

    def _request(self, operation: Operation) -> Any:
        """Return what a request holds, as cornice-swagger reads it."""
        described = operation.description
        if described is None and "schema" in operation.arguments:
            return operation.arguments["schema"]
        known = {one.name: one for one in described.path} if described else {}
        places = {
            "path": [
                node(known.get(name) or Parameter(name, {"type": "string"}, required=True))
                for name in operation.path_parameters
            ],
            "querystring": [node(one) for one in described.query] if described else [],
        }
        nodes = [_mapping(place, parameters) for place, parameters in places.items() if parameters]
        if operation.reads_body:
            nodes.append(colander.SchemaNode(Described(self._body(described)), name="body"))
        return colander.MappingSchema(*nodes)

    def _body(self, described: Description | None) -> JSONSchema:
        if described is None or described.body is None:
            return {"type": "object"}
        return self._components.sent(described.body, partial=described.partial)

    def _complete(self, operation: Operation, extracted: dict[str, Any]) -> dict[str, Any]:
        """Return the operation with what cornice-swagger knows no way to say."""
        described = operation.description
        short, long = operation.said()
        paragraphs = [part for part in (long, operation.needs()) if part]
        extracted |= {
            "operationId": operation.operation_id,
            "tags": [operation.tag],
            "summary": short,
            "security": [] if operation.is_public else [{self._security: []}],
            "responses": self._responses.of(self._answers(operation)),
        }
        if paragraphs:
            extracted["description"] = "\n\n".join(paragraphs)
        if described is None:
            extracted["responses"]["default"] = {"description": "Its plugin does not say."}
        if operation.reads_body:
            extracted["consumes"] = BODIES
        if described is not None and described.cookies:
            extracted["x-cookies"] = [
                {"name": cookie.name, "description": cookie.description, **cookie.schema}
                for cookie in described.cookies
            ]
        for sent in extracted.get("parameters", ()):
            if sent["in"] == "body":
                sent["name"] = "body"
                if described is not None and described.body is not None:
                    needed = any(field.required for field in described.body.fields)
                    sent["required"] = needed and not described.partial
                    sent["x-example"] = body_example(described.body, partial=described.partial)
        return extracted

    def _answers(self, operation: Operation) -> list[Answer | type[DomainError]]:
        described = operation.description
        has_query = described is not None and bool(described.query)
        own = [
            answer
            for answer in (described.answers if described is not None else ())
            if self._may_hide or not getattr(answer, "if_hidden", False)
        ]
        general = errors.common(
            operation.path, operation.permission, body=operation.reads_body, query=has_query
        )
        return [*own, *general]


def _mapping(name: str, children: Iterable[colander.SchemaNode]) -> colander.SchemaNode:
    return colander.SchemaNode(colander.Mapping(), *children, name=name)
