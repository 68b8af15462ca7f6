"""What the API's description says of all reports, and members that are answered and never sent."""

from typing import Unpack

from shoptrack.resources.fields import Field, JSONSchema, or_id
from shoptrack.resources.fields.base import FieldOptions

ABOUT = "What things cost where, and what the household spends."


class Member(Field):
    """A member of a report.

    :param schema: the JSON Schema of its values
    """

    def __init__(self, name: str, schema: JSONSchema, **common: Unpack[FieldOptions]):
        self._schema = schema
        super().__init__(name, **common)

    def get_response_schema(self) -> JSONSchema:
        """Return what it is."""
        return self._schema


def refers_to(component: str) -> JSONSchema:
    """Return the schema of another resource's documents."""
    return or_id({"$ref": f"#/components/schemas/{component}"})
