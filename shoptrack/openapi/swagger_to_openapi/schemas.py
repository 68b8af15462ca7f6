"""Schemas: Swagger's dialect of JSON Schema becomes JSON Schema itself (draft 2020-12)."""

from collections.abc import Mapping
from typing import Any

from .errors import NotConvertible
from .source import Object, Source, step

LISTS = {"allOf": "allOf", "x-anyOf": "anyOf", "x-oneOf": "oneOf"}
BOUNDS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
CONVERTED = {"$ref", "discriminator", "example", "exclusiveMaximum", "exclusiveMinimum", "format"} | {
    "items", "additionalProperties", "properties", "type", "x-nullable"
}  # fmt: skip


def convert_schema(source: Source, schema: Mapping[str, Any], pointer: str) -> Object:
    """Return a schema.

    :raises NotConvertible: naming the place
    """
    if not isinstance(schema, Mapping):
        raise NotConvertible(pointer, f"A schema is an object, this is {schema!r}.")
    converted: Object = {}
    if "$ref" in schema:
        converted["$ref"] = source.reference(schema["$ref"], pointer)
    converted |= _type(schema)
    for key, value in schema.items():
        if key not in CONVERTED and key not in LISTS:
            converted[key] = value
    if "properties" in schema:
        converted["properties"] = {
            name: convert_schema(source, value, step(pointer, "properties", name))
            for name, value in schema["properties"].items()
        }
    for key in ("items", "additionalProperties"):
        if key in schema:
            value = schema[key]
            converted[key] = (
                value
                if isinstance(value, bool)
                else convert_schema(source, value, step(pointer, key))
            )
    for key, keyword in LISTS.items():
        if key in schema:
            converted[keyword] = [
                convert_schema(source, value, step(pointer, key, number))
                for number, value in enumerate(schema[key])
            ]
    _convert_bounds(schema, converted)
    if "discriminator" in schema:
        converted["discriminator"] = {"propertyName": schema["discriminator"]}
    if "example" in schema:
        converted["examples"] = [schema["example"]]
    return _nullable(converted) if schema.get("x-nullable") else converted


def _type(schema: Mapping[str, Any]) -> Object:
    kind, form = schema.get("type"), schema.get("format")
    if kind == "file":
        return {"type": "string", "format": "binary"}
    converted = {} if kind is None else {"type": kind}
    if form == "byte":
        return {**converted, "contentEncoding": "base64"}
    return converted if form is None else {**converted, "format": form}


def _convert_bounds(schema: Mapping[str, Any], converted: Object) -> None:
    """Write a bound that is excluded as a number of its own."""
    for exclusive, bound in BOUNDS.items():
        if schema.get(exclusive) is True and bound in converted:
            converted[exclusive] = converted.pop(bound)
        elif exclusive in schema and not isinstance(schema[exclusive], bool):
            converted[exclusive] = schema[exclusive]


def _nullable(schema: Object) -> Object:
    """Let null be one of the values."""
    if "enum" in schema and None not in schema["enum"]:
        schema["enum"] = [*schema["enum"], None]
    if any(key in schema for key in ("$ref", "allOf", "anyOf", "oneOf")):
        said = [key for key in ("title", "description", "examples") if key in schema]
        about: Object = {key: schema.pop(key) for key in said}
        return {"anyOf": [schema, {"type": "null"}], **about}
    if "type" in schema:
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        schema["type"] = [*kinds, "null"]
    return schema
