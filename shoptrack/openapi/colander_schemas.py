"""Convert JSON Schemas to colander, which cornice-swagger reads, and the colander schemas of plain Cornice services.

Nothing else in ShopTrack uses colander: no value is validated by it.
"""

from collections.abc import Mapping
from typing import Any

import colander
from cornice.validators import colander_body_validator
from cornice_swagger.converters.schema import TypeConversionDispatcher, TypeConverter

from shoptrack.resources.fields import JSONSchema
from shoptrack.rest.description import OperationDescription, Parameter
from shoptrack.settings import ConfigurationError

TYPES = {
    "boolean": colander.Boolean,
    "integer": colander.Integer,
    "number": colander.Float,
    "string": colander.String,
}
# Keywords with the same meaning in Swagger 2.0 that cornice-swagger does not read from nodes of these types.
KEYWORDS = (
    *("format", "pattern", "enum", "minimum", "maximum", "minLength", "maxLength"),
    *("minItems", "maxItems", "uniqueItems", "readOnly"),
)


class ComponentReference(colander.SchemaType):
    """The type of a node that represents a named schema."""

    def __init__(self, name: str):
        self.name = name


class ReferenceConverter(TypeConverter):
    """Writes the reference to a named schema."""

    def __call__(self, node: colander.SchemaNode) -> dict[str, Any]:
        """Return the reference."""
        return {"$ref": f"#/definitions/{node.typ.name}"}


class UnknownTypeConverter(TypeConverter):
    """Raises an error that names a type without a conversion. cornice-swagger's own error does not name the type."""

    def __call__(self, node: colander.SchemaNode) -> dict[str, Any]:
        """Reject the node.

        :raises ConfigurationError: always
        """
        kind = type(node.typ)
        raise ConfigurationError(
            f"Nobody knows how to describe {node.name!r}, of the colander type "
            f"{kind.__module__}.{kind.__qualname__}. Use one of colander's own types, or a field of "
            "shoptrack.resources.fields."
        )


class NodeConverter(TypeConversionDispatcher):
    """Converts nodes with the keywords that ``make_node`` attached, and without colander's titles."""

    def __call__(self, node: colander.SchemaNode) -> dict[str, Any]:
        """Return the schema of a node."""
        converted = super().__call__(node)
        if not getattr(node, "is_header", False):  # cornice-swagger removes these itself
            converted.pop("title", None)
        return converted | getattr(node, "keywords", {})


def make_node(schema: JSONSchema, **options: Any) -> colander.SchemaNode:
    """Return the node of a JSON Schema.

    Swagger 2.0 has neither null nor alternatives: null is left out, and alternatives become an object with any fields.

    :param options: colander's, such as ``name`` and ``missing``
    """
    schema = _without_null(schema)
    if "default" in schema:
        options.setdefault("missing", schema["default"])
    if "description" in schema:
        options.setdefault("description", schema["description"])
    options["keywords"] = {key: schema[key] for key in KEYWORDS if key in schema}
    match schema:
        case {"$ref": reference}:
            kind = ComponentReference(reference.rpartition("/")[2])
            return colander.SchemaNode(kind, **options)
        case {"type": "array", "items": items}:
            return colander.SchemaNode(colander.Sequence(), make_node(items), **options)
        case {"type": "object", "properties": members}:
            return colander.SchemaNode(
                colander.Mapping(), *_make_members(members, schema.get("required", ())), **options
            )
        case {"type": kind} if kind in TYPES:
            return colander.SchemaNode(TYPES[kind](), **options)
    return colander.SchemaNode(colander.Mapping(unknown="preserve"), **options)


def _make_members(members: Mapping[str, JSONSchema], required) -> list[colander.SchemaNode]:
    return [
        make_node(
            member,
            name=name,
            missing=colander.required
            if name in required and not _allows_null(member)
            else colander.drop,
        )
        for name, member in members.items()
    ]


def _allows_null(schema: JSONSchema) -> bool:
    return {"type": "null"} in schema.get("anyOf", ()) or "null" in schema.get("type", ())


def _without_null(schema: JSONSchema) -> JSONSchema:
    """Return the schema of the values that are not null."""
    if "anyOf" in schema:
        choices = [one for one in schema["anyOf"] if one != {"type": "null"}]
        about = {key: value for key, value in schema.items() if key != "anyOf"}
        return about | (choices[0] if len(choices) == 1 else {})
    if isinstance(schema.get("type"), list):
        types = [kind for kind in schema["type"] if kind != "null"]
        schema = {**schema, "type": types[0] if len(types) == 1 else None}
        if "enum" in schema:
            schema["enum"] = [value for value in schema["enum"] if value is not None]
    return schema


def describe_cornice_schema(arguments: Mapping[str, Any]) -> OperationDescription:
    """Return the parameters and the body of a plain Cornice view, from its argument ``schema``.

    :raises ConfigurationError: a type is unknown
    """
    schema = arguments["schema"]
    schema = schema() if isinstance(schema, type) else schema
    convert = NodeConverter({}, UnknownTypeConverter)
    if colander_body_validator in arguments.get("validators", ()):
        return OperationDescription(body=convert(schema))
    places = {node.name: node for node in schema.children}

    def read(*names: str) -> list[Parameter]:
        return [
            Parameter(node.name, convert(node), node.description, node.required)
            for name in names
            if name in places
            for node in places[name].children
        ]

    return OperationDescription(
        body=convert(places["body"]) if "body" in places else None,
        path=read("path"),
        query=read("querystring", "GET"),
        headers=read("header", "headers"),
    )
