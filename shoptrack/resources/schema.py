"""The schema of a body: its fields, and the messages about invalid values."""

from collections.abc import Sequence
from typing import Any

from shoptrack.errors import ValidationError
from shoptrack.resources.fields import REQUIRED, Field, InvalidValue

Values = dict[str, Any]
Errors = dict[str, list[str]]


class Schema:
    """The fields that a body may have. Unknown names are ignored.

    :ivar writable: the fields that bodies may have
    :param name: the name of its component in the OpenAPI document, as in ``TokenVerify``
    """

    def __init__(self, name: str, fields: Sequence[Field]):
        self.name = name
        self.fields = fields
        self.writable = [field for field in fields if not field.read_only]
        self._loaded = [(field.key, field.load, field.is_expected) for field in self.writable]
        # Most fields have no other name, so they are not asked.
        self._misplaced = [
            field
            for field in self.writable
            if type(field).find_misplaced is not Field.find_misplaced
        ]

    def load(self, body: Values, *, is_partial: bool = False) -> tuple[Values, Errors]:
        """Return the valid values of a body, and the messages about invalid ones, both by key.

        :param is_partial: whether missing fields keep their values
        """
        values: Values = {}
        errors: Errors = {}
        for key, load, is_expected in self._loaded:
            if key in body:
                try:
                    values[key] = load(body[key])
                except InvalidValue as error:
                    errors[key] = list(error.args)
            elif is_expected and not is_partial:
                errors[key] = [REQUIRED]
        for field in self._misplaced:
            if misplaced := field.find_misplaced(body):
                errors[field.name] = misplaced
        return values, errors

    def validate(self, body: Values) -> Values:
        """Return the values of a body.

        :raises ValidationError: naming each invalid value
        """
        values, errors = self.load(body)
        if errors:
            raise ValidationError(errors)
        return values
