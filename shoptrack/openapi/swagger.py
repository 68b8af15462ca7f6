"""Swagger 2.0, which cornice-swagger makes from colander schemas that exist only for this purpose.

Cookies, null and alternatives are left out, because Swagger 2.0 does not support them.
"""

from collections.abc import Mapping
from typing import Any

import colander
from cornice_swagger.converters.parameters import (
    ParameterConversionDispatcher,
    QueryParameterConverter,
)
from cornice_swagger.swagger import CorniceSwagger, ParameterHandler

from shoptrack.openapi.colander_schemas import (
    ComponentReference,
    NodeConverter,
    ReferenceConverter,
    make_node,
)
from shoptrack.rest.description import FILE

JSON = "application/json"
LOCATIONS = {
    "path": "path",
    "query": "querystring",
    "header": "header",
}  # Cornice's names of parameter locations
Object = dict[str, Any]


class ArrayQueryConverter(QueryParameterConverter):
    """Keeps the whole schema of an array's items."""

    def convert(self, node: colander.SchemaNode, convert: Any) -> Object:
        """Return the parameter."""
        return {**super().convert(node, convert), **convert(node)}


class ParameterConverter(ParameterConversionDispatcher):
    """Converts parameters by their location."""

    converters = {**ParameterConversionDispatcher.converters, "querystring": ArrayQueryConverter}


class PathParameterHandler(ParameterHandler):
    """Leaves path parameters to the operations, whose schemas have their types."""

    def from_path(self, path: str) -> list:
        """Declare no path parameters: each operation describes its own."""
        return []


class SwaggerGenerator(CorniceSwagger):
    """cornice-swagger with the types of ``make_node``."""

    type_converter = NodeConverter
    custom_type_converters = {ComponentReference: ReferenceConverter}
    parameter_converter = ParameterConverter
    parameters = PathParameterHandler


class ServiceAdapter:
    """The operations of one path, as a service that cornice-swagger reads."""

    def __init__(self, path: str, operations: Mapping[str, Object]):
        self.path = path
        self.definitions = [
            (method.upper(), self, _make_arguments(operation))
            for method, operation in operations.items()
        ]


def make_swagger(openapi: Object) -> Object:
    """Return the Swagger 2.0 document of the same API.

    :param openapi: the OpenAPI 3.1 document, of whose schemas the colander schemas are made
    """
    components = openapi["components"]
    services = [ServiceAdapter(path, item) for path, item in openapi["paths"].items()]
    generator = SwaggerGenerator(services)
    convert = NodeConverter(SwaggerGenerator.custom_type_converters)
    shared = {name: _make_response(one) for name, one in components["responses"].items()}
    schemes = components["securitySchemes"].items()
    document = generator.generate(
        openapi["info"]["title"],
        openapi["info"]["version"],
        info=dict(openapi["info"]),
        swagger={
            "tags": list(openapi["tags"]),
            "definitions": {
                name: convert(make_node(schema)) for name, schema in components["schemas"].items()
            },
            "responses": generator.responses.from_schema_mapping(shared),
            "securityDefinitions": {name: _make_security(scheme) for name, scheme in schemes},
            "consumes": [JSON],
            "produces": [JSON],
        },
    )
    for path, item in openapi["paths"].items():
        for method, operation in item.items():
            _complete(document["paths"][path][method], operation)
    return document


def _make_arguments(operation: Object) -> Object:
    """Return Cornice's arguments for a view that describe an operation completely."""
    arguments: Object = {
        "renderer": "json",
        "tags": operation["tags"],
        "operation_id": operation["operationId"],
        "api_security": operation["security"],
        "schema": _make_request(operation),
        "response_schemas": {
            status: _make_response(response)
            for status, response in operation["responses"].items()
            if "$ref" not in response
        },
    }
    if "requestBody" in operation:
        arguments["content_type"] = list(operation["requestBody"]["content"])
    return arguments


def _make_request(operation: Object) -> colander.SchemaNode:
    by_place: dict[str, list[colander.SchemaNode]] = {}
    for parameter in operation.get("parameters", ()):
        if parameter["in"] in LOCATIONS:
            by_place.setdefault(LOCATIONS[parameter["in"]], []).append(_make_parameter(parameter))
    nodes = [
        colander.SchemaNode(colander.Mapping(), *parameters, name=place)
        for place, parameters in by_place.items()
    ]
    if "requestBody" in operation:
        body = operation["requestBody"]
        # Swagger 2.0 has one schema for all media types.
        content = body["content"].get(JSON) or next(iter(body["content"].values()))
        nodes.append(
            make_node(
                content["schema"],
                name="body",
                missing=colander.required if body["required"] else colander.drop,
            )
        )
    return colander.MappingSchema(*nodes)


def _make_parameter(parameter: Object) -> colander.SchemaNode:
    node = make_node(
        parameter["schema"], name=parameter["name"], description=parameter.get("description", "")
    )
    if parameter["required"]:
        node.missing = colander.required
    elif node.required:
        node.missing = colander.drop
    if parameter.get("explode"):
        node.keywords["collectionFormat"] = "multi"
    return node


def _make_response(response: Object) -> colander.SchemaNode:
    headers = [
        make_node(header["schema"], name=name, description=header["description"], is_header=True)
        for name, header in response.get("headers", {}).items()
    ]
    nodes = [colander.SchemaNode(colander.Mapping(), *headers, name="headers")]
    schema = _get_schema(response)
    if schema:
        nodes.append(make_node(schema, name="body"))
    return colander.MappingSchema(*nodes, description=response["description"])


def _get_schema(response: Object) -> Object:
    """Return the schema of the first media type; an empty one without a body."""
    contents = list(response.get("content", {}).values())
    schema: Object = contents[0]["schema"] if contents else {}
    return schema


def _make_security(scheme: Object) -> Object:
    """Return a security definition. Swagger 2.0 has no bearer tokens, so they become a header."""
    match scheme:
        case {"type": "http", "scheme": "basic"}:
            definition = {"type": "basic"}
        case {"type": "apiKey", "in": "header" | "query"}:
            definition = {key: scheme[key] for key in ("type", "in", "name")}
        case _:
            definition = {"type": "apiKey", "in": "header", "name": "Authorization"}
    about = {"description": scheme["description"]} if "description" in scheme else {}
    return definition | about


def _complete(made: Object, operation: Object) -> None:
    """Add to an operation the keys for which cornice-swagger has no argument."""
    made |= {key: operation[key] for key in ("summary", "description") if key in operation}
    for parameter in made.get("parameters", ()):
        if parameter["in"] == "body":
            parameter["name"] = "body"
    shared = {
        status: {"$ref": f"#/responses/{response['$ref'].rpartition('/')[2]}"}
        for status, response in operation["responses"].items()
        if "$ref" in response
    }
    made["responses"] = dict(sorted((made["responses"] | shared).items()))
    for status, response in operation["responses"].items():
        if _get_schema(response) == FILE:
            made["responses"][status]["schema"] = {"type": "file"}
    contents = [response.get("content", {}) for response in operation["responses"].values()]
    made["produces"] = list(dict.fromkeys([kind for one in contents for kind in one] or [JSON]))
