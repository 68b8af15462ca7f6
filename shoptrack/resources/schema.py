"""The schema of a body: fields, each checked by itself, so that one that is faulty costs no other."""

from collections.abc import Sequence
from typing import Any

import colander

from shoptrack.errors import Invalid
from shoptrack.resources.fields import Field, Reference

Values = dict[str, Any]
Errors = dict[str, list[str]]


class Schema:
    """What a body may hold. Unknown names are ignored.

    :param name: what it is called in the API's description, as in ``TokenVerify``
    """

    def __init__(self, name: str, fields: Sequence[Field]):
        self.name = name
        self.fields = fields
        self.node = colander.SchemaNode(
            colander.Mapping(), *(field.node() for field in fields), name=name
        )

    def load(self, body: Values, *, partial: bool = False) -> tuple[Values, Errors]:
        """Return the good values of a body, and the sentences about the others, both by key.

        :param partial: whether fields that are not sent stay as they are
        """
        values: Values = {}
        errors: Errors = {}
        for node in self.node.children:
            if partial and node.name not in body:
                continue
            try:
                value = node.deserialize(body.get(node.name, colander.null))
            except colander.Invalid as invalid:
                errors[node.name] = invalid.messages()
            else:
                if value is not colander.drop:
                    values[node.name] = value
        for field in self.fields:
            # A client that sends the id in the document's place would otherwise lose it silently.
            if isinstance(field, Reference) and _is_number(body.get(field.name)):
                errors[field.name] = [f"Send the id as {field.key}."]
        return values, errors

    def validated(self, body: Values) -> Values:
        """Return the values of a body.

        :raises Invalid: naming all that is faulty
        """
        values, errors = self.load(body)
        if errors:
            raise Invalid(errors)
        return values


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return value.isdecimal()
    return isinstance(value, int | float) and not isinstance(value, bool)
