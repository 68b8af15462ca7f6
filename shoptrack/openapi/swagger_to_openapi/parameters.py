"""Parameters outside of bodies: their types move into a schema."""

from collections.abc import Mapping
from typing import Any

from .errors import NotConvertible
from .schemas import convert_schema
from .source import Object, Source, extensions

# What describes a parameter, an item or a header itself; all else describes its values.
ABOUT = {"name", "in", "description", "required", "allowEmptyValue", "collectionFormat", "schema"}
STYLES: dict[tuple[str, str], Object] = {
    ("query", "csv"): {"style": "form", "explode": False},
    ("query", "multi"): {"style": "form", "explode": True},
    ("query", "ssv"): {"style": "spaceDelimited", "explode": False},
    ("query", "pipes"): {"style": "pipeDelimited", "explode": False},
    ("path", "csv"): {"style": "simple"},
    ("header", "csv"): {"style": "simple"},
    ("cookie", "csv"): {"style": "form", "explode": False},
}


def convert_parameter(
    source: Source, parameter: Mapping[str, Any], pointer: str, place: str | None = None
) -> Object:
    """Return a parameter that is not part of a body.

    :param place: where it is sent, if not where it says
    """
    place = place or parameter["in"]
    converted: Object = {"name": parameter["name"], "in": place}
    for key in ("description", "required", "allowEmptyValue"):
        if key in parameter:
            converted[key] = parameter[key]
    if parameter.get("type") == "array":
        converted |= style(parameter, place, pointer)
    converted["schema"] = values_schema(source, parameter, pointer)
    for key in ("example", "examples"):
        if f"x-{key}" in parameter:
            converted[key] = parameter[f"x-{key}"]
    return converted | extensions(
        parameter, "x-example", "x-examples", "x-nullable", "x-anyOf", "x-oneOf"
    )


def values_schema(source: Source, part: Mapping[str, Any], pointer: str) -> Object:
    """Return the schema of the values of a parameter or a header."""
    values = {
        key: _plain_items(value, pointer) if key == "items" else value
        for key, value in part.items()
        if key not in ABOUT
        and (not key.startswith("x-") or key in ("x-nullable", "x-anyOf", "x-oneOf"))
    }
    return convert_schema(source, values, pointer)


def style(parameter: Mapping[str, Any], place: str, pointer: str) -> Object:
    """Return how the values of an array are put into one text.

    :raises NotConvertible: OpenAPI knows no such way
    """
    form = parameter.get("collectionFormat", "csv")
    if (place, form) not in STYLES:
        raise NotConvertible(pointer, f"No collectionFormat {form!r} for arrays in {place}.")
    return STYLES[place, form]


def _plain_items(items: Mapping[str, Any], pointer: str) -> Object:
    """Return the schema of an array's items; only commas can stand between items of items."""
    form = items.get("collectionFormat", "csv")
    if form != "csv":
        raise NotConvertible(pointer, f"No collectionFormat {form!r} for arrays in arrays.")
    return {
        key: _plain_items(value, pointer) if key == "items" else value
        for key, value in items.items()
        if key != "collectionFormat"
    }
