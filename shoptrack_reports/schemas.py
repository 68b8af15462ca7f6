"""Parts that the schemas of all reports share."""

from typing import Unpack

from shoptrack.resources import Field, FieldOptions, JSONSchema, or_id

DECIMAL_PLACES = 6
AMOUNT: JSONSchema = {
    "type": "string",
    "format": "decimal",
    "pattern": rf"^[0-9]+\.[0-9]{{{DECIMAL_PLACES}}}$",
}
ABOUT = "Prices by store and month, and the household's spending."


class ReadOnlyField(Field):
    """A field of a report.

    :param schema: the JSON Schema of its values
    """

    def __init__(self, name: str, schema: JSONSchema, **common: Unpack[FieldOptions]):
        self._schema = schema
        super().__init__(name, **common)

    def get_response_schema(self) -> JSONSchema:
        """Return the schema that was given."""
        return self._schema


def make_component_reference(component: str) -> JSONSchema:
    """Return a reference to the schema of a resource's documents."""
    return or_id({"$ref": f"#/components/schemas/{component}"})
