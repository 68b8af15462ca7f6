"""Fields with few values: booleans and choices."""

from collections.abc import Mapping
from typing import Any, Unpack

from shoptrack.i18n.currencies import Currency
from shoptrack.i18n.number_format import NumberFormat
from shoptrack.i18n.translation import _
from shoptrack.resources.fields.base import Field, FieldOptions, FormInput
from shoptrack.resources.fields.values import InvalidValue, JSONSchema

BOOLEANS = {"true": True, "1": True, "on": True, "false": False, "0": False, "off": False}
YES, NO = _("yes"), _("no")


class Boolean(Field):
    """A boolean. A form without its check box means ``false``."""

    cell = "boolean"
    filter_input = "choice"
    is_ordered = False

    def make_example(self) -> bool:
        """Return ``true``."""
        return True

    def get_response_schema(self) -> JSONSchema:
        """Return ``true`` or ``false``."""
        return {"type": "boolean"}

    def parse(self, value: Any) -> bool:
        """Accept ``true`` and ``false``, and their words and numbers, as forms send them."""
        if isinstance(value, bool):
            return value
        known = BOOLEANS.get(str(value).strip().lower()) if isinstance(value, str | int) else None
        if known is None:
            raise InvalidValue(_("Must be a valid boolean."))
        return known

    def get_input(self) -> FormInput:
        """Return a check box, or a choice if null is allowed."""
        choices = (("true", YES), ("false", NO))
        return FormInput("checkbox" if self.required else "choice", {}, choices)

    def to_form(self, value: Any, number_format: NumberFormat) -> str:
        """Return the value's word in a form."""
        return _to_word(value)

    def from_form(self, text: str, number_format: NumberFormat) -> Any:
        """Return the value of the check box or the choice."""
        if not text.strip():
            return False if self.required else None
        return text

    def to_cell(self, value: Any) -> str:
        """Return "yes" or "no"."""
        return YES if value else NO

    def to_csv(self, value: Any, currency: Currency) -> Any:
        """Return ``true`` or ``false``."""
        return _to_word(value)


class Choice(Field):
    """One of a few values.

    :param choices: the labels of the values, by value
    """

    cell = "choice"
    filter_input = "choice"

    def __init__(self, name: str, choices: Mapping[str, str], **options: Unpack[FieldOptions]):
        self.choices = dict(choices)
        super().__init__(name, **options)

    def make_example(self) -> str:
        """Return the first one."""
        return next(iter(self.choices))

    def get_response_schema(self) -> JSONSchema:
        """Return the values."""
        return {"type": "string", "enum": list(self.choices)}

    def parse(self, value: Any) -> str:
        """Accept one of the values."""
        if not isinstance(value, str) or value not in self.choices:
            text = str(value)[:100]
            raise InvalidValue(_('"${value}" is not a valid choice.', value=text))
        return value

    def get_input(self) -> FormInput:
        """Return a choice of the labels."""
        return FormInput("choice", {}, tuple(self.choices.items()))

    def to_cell(self, value: Any) -> str:
        """Return the label."""
        return self.choices.get(value, value)


def _to_word(value: Any) -> str:
    return "" if value is None else str(bool(value)).lower()
