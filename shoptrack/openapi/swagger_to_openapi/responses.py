"""Responses: their schemas and examples move below media types."""

from collections.abc import Mapping, Sequence
from typing import Any

from .parameters import values_schema
from .schemas import convert_schema
from .source import Object, Source, extensions, step

ANY = "*/*"


def convert_responses(
    source: Source, responses: Mapping[str, Any], produces: Sequence[str], pointer: str
) -> Object:
    """Return the responses of an operation, by status."""
    return {
        str(status): response
        if str(status).startswith("x-")
        else convert_response(source, response, produces, step(pointer, status))
        for status, response in responses.items()
    }


def convert_response(
    source: Source, response: Mapping[str, Any], produces: Sequence[str], pointer: str
) -> Object:
    """Return one response, or the reference to it.

    :param produces: the media types of its operation
    """
    if "$ref" in response:
        return {"$ref": source.reference(response["$ref"], pointer)}
    converted: Object = {"description": response.get("description", "")}
    if "headers" in response:
        converted["headers"] = {
            name: _header(source, header, step(pointer, "headers", name))
            for name, header in response["headers"].items()
        }
    content = _content(source, response, response.get("x-produces", produces), pointer)
    for kind, body in response.get("x-content", {}).items():
        content |= _content(source, body, [kind], step(pointer, "x-content", kind))
    if content:
        converted["content"] = content
    return converted | extensions(response, "x-content", "x-examples", "x-produces")


def _content(
    source: Source, response: Mapping[str, Any], produces: Sequence[str], pointer: str
) -> Object:
    examples = response.get("examples", {})
    media_types = list(examples)
    shared: Object = {}
    if "schema" in response:
        shared["schema"] = convert_schema(source, response["schema"], step(pointer, "schema"))
        media_types = [*produces, *(kind for kind in examples if kind not in produces)] or [ANY]
        if "x-examples" in response:
            shared["examples"] = response["x-examples"]
    return {
        kind: {**shared, **({"example": examples[kind]} if kind in examples else {})}
        for kind in media_types
    }


def _header(source: Source, header: Mapping[str, Any], pointer: str) -> Object:
    converted: Object = {}
    if "description" in header:
        converted["description"] = header["description"]
    if header.get("x-required"):
        converted["required"] = True
    converted["schema"] = values_schema(source, header, pointer)
    return converted | extensions(header, "x-required", "x-nullable", "x-anyOf", "x-oneOf")
