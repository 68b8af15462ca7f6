"""The whole document."""

from collections.abc import Mapping
from typing import Any

from .errors import NotConvertible
from .parameters import convert_parameter
from .paths import convert_path
from .responses import convert_response
from .schemas import convert_schema
from .security import convert_security
from .source import IN_BODIES, Object, Source, extensions, step

VERSION = "3.1.1"


def convert(swagger: Mapping[str, Any]) -> Object:
    """Return the OpenAPI 3.1 document that says what a Swagger 2.0 document says.

    :param swagger: is not changed; the result may share parts with it
    :raises NotConvertible: naming the place, where it is no Swagger 2.0 or OpenAPI has no words for it
    """
    if swagger.get("swagger") != "2.0":
        raise NotConvertible("#/swagger", f"Only Swagger '2.0', not {swagger.get('swagger')!r}.")
    source = Source(swagger)
    converted: Object = {"openapi": VERSION, "info": swagger.get("info", {})}
    servers = _servers(swagger)
    if servers:
        converted["servers"] = servers
    for key in ("security", "tags", "externalDocs"):
        if key in swagger:
            converted[key] = swagger[key]
    converted["paths"] = {
        path: item if path.startswith("x-") else convert_path(source, item, step("#/paths", path))
        for path, item in swagger.get("paths", {}).items()
    }
    components = _components(source)
    if components:
        converted["components"] = components
    return converted | extensions(swagger)


def _components(source: Source) -> Object:
    components: Object = {}

    def add(target: str, section: str, name: str, part: Object) -> None:
        components.setdefault(target, {})[source.name(section, name)] = part

    for name, schema in source.document.get("definitions", {}).items():
        pointer = step("#/definitions", name)
        add("schemas", "definitions", name, convert_schema(source, schema, pointer))
    for name, parameter in source.document.get("parameters", {}).items():
        pointer = step("#/parameters", name)
        # A body goes into the operations that refer to it, whose media types it needs.
        if source.resolved(parameter, pointer)["in"] not in IN_BODIES:
            add("parameters", "parameters", name, convert_parameter(source, parameter, pointer))
    for name, response in source.document.get("responses", {}).items():
        pointer = step("#/responses", name)
        converted = convert_response(source, response, source.produces, pointer)
        add("responses", "responses", name, converted)
    for name, definition in source.document.get("securityDefinitions", {}).items():
        pointer = step("#/securityDefinitions", name)
        scheme = convert_security(definition, pointer)
        components.setdefault("securitySchemes", {})[name] = scheme
    return components


def _servers(swagger: Mapping[str, Any]) -> list[Object]:
    """Return the addresses; without a host they are below the one that serves the document."""
    path = swagger.get("basePath", "").rstrip("/")
    host = swagger.get("host")
    if host is None:
        return [{"url": path}] if path else []
    return [{"url": f"{scheme}://{host}{path}"} for scheme in swagger.get("schemes", ("https",))]
