"""Request bodies: a parameter ``in: body``, or all of those ``in: formData``."""

from collections.abc import Mapping, Sequence
from typing import Any

from .parameters import style, values_schema
from .schemas import convert_schema
from .source import Object, Source, extensions

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
FORMS = (URLENCODED, MULTIPART)

Parameter = Mapping[str, Any]


def convert_body(source: Source, body: Parameter, consumes: Sequence[str], pointer: str) -> Object:
    """Return the request body of a parameter ``in: body``.

    :param consumes: its media types
    """
    content: Object = {
        "schema": convert_schema(source, body.get("schema", {}), f"{pointer}/schema")
    }
    for key in ("example", "examples"):
        if f"x-{key}" in body:
            content[key] = body[f"x-{key}"]
    converted = {key: body[key] for key in ("description", "required") if key in body}
    converted["content"] = dict.fromkeys(consumes or ("application/json",), content)
    return converted | extensions(body, "x-example", "x-examples")


def convert_form(
    source: Source, fields: Sequence[Parameter], consumes: Sequence[str], pointer: str
) -> Object:
    """Return the request body of parameters ``in: formData``. Files can only come as multipart."""
    schema: Object = {"type": "object", "properties": {}}
    encoding: Object = {}
    for field in fields:
        values = values_schema(source, field, pointer)
        if "description" in field:
            values["description"] = field["description"]
        schema["properties"][field["name"]] = values
        if field.get("type") == "array":
            encoding[field["name"]] = style(field, "query", pointer)
    required = [field["name"] for field in fields if field.get("required")]
    if required:
        schema["required"] = required
    has_file = any(field.get("type") == "file" for field in fields)
    possible = (MULTIPART,) if has_file else FORMS
    media_types = [kind for kind in consumes if kind in possible] or [possible[0]]
    content = {"schema": schema, **({"encoding": encoding} if encoding else {})}
    converted: Object = {"required": True} if required else {}
    return {**converted, "content": dict.fromkeys(media_types, content)}
