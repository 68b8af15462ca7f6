"""Paths and their operations."""

from collections.abc import Mapping, Sequence
from typing import Any

from .bodies import convert_body, convert_form
from .errors import NotConvertible
from .parameters import convert_parameter
from .responses import convert_responses
from .source import IN_BODIES, Object, Source, extensions, step

METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
UNCHANGED = ("tags", "summary", "description", "externalDocs", "operationId", "deprecated")

Parameter = Mapping[str, Any]
Located = tuple[Parameter, str]  # a parameter, and the pointer to it


def convert_path(source: Source, item: Mapping[str, Any], pointer: str) -> Object:
    """Return a path item. Bodies that it declares for all its operations move into each of them."""
    if "$ref" in item:
        raise NotConvertible(pointer, "A path item cannot refer to another document.")
    shared = _located(item, pointer)
    converted: Object = {}
    outside = _outside_bodies(source, shared)
    if outside:
        converted["parameters"] = outside
    for method in METHODS:
        if method in item:
            converted[method] = _operation(source, item[method], shared, step(pointer, method))
    return converted | extensions(item)


def _operation(
    source: Source, operation: Mapping[str, Any], shared: Sequence[Located], pointer: str
) -> Object:
    converted: Object = {key: operation[key] for key in UNCHANGED if key in operation}
    own = _located(operation, pointer)
    parameters = _outside_bodies(source, own)
    for number, cookie in enumerate(operation.get("x-cookies", ())):
        place = step(pointer, "x-cookies", number)
        parameters.append(convert_parameter(source, cookie, place, "cookie"))
    if parameters:
        converted["parameters"] = parameters
    body = _body(source, operation, shared, own)
    if body is not None:
        converted["requestBody"] = body
    produces = operation.get("produces", source.produces)
    converted["responses"] = convert_responses(
        source, operation.get("responses", {}), produces, step(pointer, "responses")
    )
    if "security" in operation:
        converted["security"] = operation["security"]
    return converted | extensions(operation, "x-cookies")


def _body(
    source: Source,
    operation: Mapping[str, Any],
    shared: Sequence[Located],
    own: Sequence[Located],
) -> Object | None:
    """Return the request body; what an operation says itself wins over what its path says."""
    known = [(source.resolved(part, pointer), pointer) for part, pointer in (*shared, *own)]
    found = {(part["name"], part["in"]): (part, pointer) for part, pointer in known}
    consumes = operation.get("consumes", source.consumes)
    bodies = [(part, pointer) for part, pointer in found.values() if part["in"] == "body"]
    if bodies:
        return convert_body(source, bodies[-1][0], consumes, bodies[-1][1])
    fields = [(part, pointer) for part, pointer in found.values() if part["in"] == "formData"]
    if fields:
        return convert_form(source, [part for part, _ in fields], consumes, fields[0][1])
    return None


def _located(part: Mapping[str, Any], pointer: str) -> list[Located]:
    return [
        (parameter, step(pointer, "parameters", number))
        for number, parameter in enumerate(part.get("parameters", ()))
    ]


def _outside_bodies(source: Source, parameters: Sequence[Located]) -> list[Object]:
    converted = []
    for parameter, pointer in parameters:
        if source.resolved(parameter, pointer)["in"] in IN_BODIES:
            continue
        if "$ref" in parameter:
            converted.append({"$ref": source.reference(parameter["$ref"], pointer)})
        else:
            converted.append(convert_parameter(source, parameter, pointer))
    return converted
