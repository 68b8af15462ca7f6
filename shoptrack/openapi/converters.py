"""What cornice-swagger is taught: the types of this layer, and parameters as they are here."""

from typing import Any

import colander
from cornice_swagger.converters.parameters import (
    ParameterConversionDispatcher,
    QueryParameterConverter,
)
from cornice_swagger.converters.schema import TypeConversionDispatcher, TypeConverter
from cornice_swagger.swagger import ParameterHandler

from shoptrack.resources.fields import Field, FieldType, JSONSchema
from shoptrack.rest.description import Parameter
from shoptrack.settings import ConfigurationError


class Described(colander.SchemaType):
    """The colander type of a value whose schema is known, in the words of Swagger 2.0."""

    def __init__(self, schema: JSONSchema):
        self.schema = schema


def node(parameter: Parameter | Field) -> colander.SchemaNode:
    """Return a parameter as cornice-swagger reads it."""
    schema = parameter.takes() if isinstance(parameter, Field) else parameter.schema
    return colander.SchemaNode(
        Described(schema),
        name=parameter.name,
        description=parameter.description,
        missing=colander.required if parameter.required else colander.drop,
    )


class DescribedConverter(TypeConverter):
    """Gives the schema of a node that brings it along."""

    def __call__(self, node: colander.SchemaNode) -> dict[str, Any]:
        """Return the schema."""
        return dict(node.typ.schema)


class FieldConverter(TypeConverter):
    """Gives the schema of what a field takes."""

    def __call__(self, node: colander.SchemaNode) -> dict[str, Any]:
        """Return the schema."""
        return node.typ.field.takes()


class NoConverter(TypeConverter):
    """Tells which type cannot be described; cornice-swagger itself says nothing."""

    def __call__(self, node: colander.SchemaNode) -> dict[str, Any]:
        """Refuse.

        :raises ConfigurationError: always
        """
        kind = type(node.typ)
        raise ConfigurationError(
            f"Nobody knows how to describe {node.name!r}, of the colander type "
            f"{kind.__module__}.{kind.__qualname__}. Use one of colander's own types, or a field of "
            "shoptrack.resources.fields."
        )


class Query(QueryParameterConverter):
    """A parameter of the address, with all that is known of an array's items."""

    def convert(self, node: colander.SchemaNode, convert: Any) -> dict[str, Any]:
        """Return the parameter."""
        converted = super().convert(node, convert)
        return {**converted, **convert(node), "name": node.name}


class ParameterConverter(ParameterConversionDispatcher):
    """Converts parameters by the place where they are sent."""

    converters = {**ParameterConversionDispatcher.converters, "querystring": Query}


class Parameters(ParameterHandler):
    """Leaves the parameters of paths to their operations, which know their types."""

    def from_path(self, path: str) -> list:
        """Return nothing."""
        return []


class Types(TypeConversionDispatcher):
    """Converts every node, without the title that colander makes of its name."""

    def __call__(self, node: colander.SchemaNode) -> dict[str, Any]:
        """Return the schema of a node."""
        converted = super().__call__(node)
        converted.pop("title", None)
        return converted


TYPES = {Described: DescribedConverter, FieldType: FieldConverter}
