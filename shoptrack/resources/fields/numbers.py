"""Fields for integers and for exact decimals."""

import re
from collections.abc import Callable
from decimal import Context, InvalidOperation
from decimal import Decimal as Number
from fractions import Fraction
from typing import Any, Unpack

from shoptrack.i18n.number_format import NumberFormat
from shoptrack.i18n.numbers import InvalidNumber
from shoptrack.i18n.translation import _
from shoptrack.resources.fields.base import Field, FieldOptions, FormInput
from shoptrack.resources.fields.lists import COMPARISONS
from shoptrack.resources.fields.values import (
    MAX_NUMBER_LENGTH,
    VALUE_TOO_LONG,
    InvalidValue,
    JSONSchema,
    is_text_or_number,
)

NOT_A_NUMBER = _("A valid number is required.")
EXACT = Context(prec=2000)  # digits; a number in text has at most 1,000


class TypedNumber(Field):
    """A number that people type in forms, filters and the cells of CSV files."""

    def from_form(self, text: str, number_format: NumberFormat) -> Any:
        """Return the number as bodies have it, of what people type."""
        if not text.strip():
            return super().from_form(text, number_format)
        try:
            return f"{number_format.parse_number(text):f}"
        except InvalidNumber as error:
            raise InvalidValue(*error.args) from None


class Integer(TypedNumber):
    """An integer; by default of 32 bits."""

    lookups = tuple(COMPARISONS)
    cell = "number"
    filter_input = "range"

    def __init__(
        self,
        name: str,
        *,
        minimum: int = -(2**31),
        maximum: int = 2**31 - 1,
        **options: Unpack[FieldOptions],
    ):
        self.minimum = minimum
        self.maximum = maximum
        super().__init__(name, **options)

    def make_example(self) -> int:
        """Return 1, or the nearest allowed number."""
        return min(max(1, self.minimum), self.maximum)

    def get_response_schema(self) -> JSONSchema:
        """Return an integer schema with the field's bounds."""
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}

    def parse(self, value: Any) -> int:
        """Accept a number, or text that is one; a fraction may only have zeros."""
        number = self._whole(value)
        self.check_bounds(number)
        return number

    def check_bounds(self, number: int, write: Callable[[int], Any] = int) -> None:
        """Check that a number is one of the allowed ones.

        :param write: makes of a bound what the message says
        :raises InvalidValue: the number is too great or too small
        """
        if number > self.maximum:
            limit = write(self.maximum)
            raise InvalidValue(
                _("Ensure this value is less than or equal to ${limit}.", limit=limit)
            )
        if number < self.minimum:
            limit = write(self.minimum)
            raise InvalidValue(
                _("Ensure this value is greater than or equal to ${limit}.", limit=limit)
            )

    def get_input(self) -> FormInput:
        """Return a text input with a keyboard of digits."""
        return FormInput("text", {"inputmode": "numeric", "autocomplete": "off"})

    def to_form(self, value: Any, number_format: NumberFormat) -> str:
        """Return the digits."""
        return "" if value is None else number_format.write_number(value)

    def to_text(self, value: Any, number_format: NumberFormat) -> Any:
        """Return the number with separators. The history may have what another kind of field stored."""
        return number_format.format_number(value) if isinstance(value, int) else value

    @staticmethod
    def _whole(value: Any) -> int:
        if isinstance(value, str):
            if len(value) > MAX_NUMBER_LENGTH:
                raise InvalidValue(VALUE_TOO_LONG)
            if match := re.fullmatch(r"\s*([+-]?\d+)(\.0*)?\s*", value):
                return int(match[1])
        elif is_text_or_number(value) and value == int(value):
            return int(value)
        raise InvalidValue(_("A valid integer is required."))


class Decimal(TypedNumber):
    """An exact decimal number, which documents have as text so that clients do not round it.

    :param max_digits: in total
    :param decimal_places: after the decimal point
    :param measured_by: the name of a reference of the same resource, if its row determines what the number counts, as
        a product's unit does. When rows with other units are merged, the number is converted.
    """

    lookups = tuple(COMPARISONS)
    cell = "number"
    filter_input = "range"
    render = str

    def __init__(
        self,
        name: str,
        *,
        max_digits: int,
        decimal_places: int,
        measured_by: str = "",
        **options: Unpack[FieldOptions],
    ):
        self.max_digits = max_digits
        self.decimal_places = decimal_places
        self.measured_by = measured_by
        super().__init__(name, **options)

    def make_example(self) -> str:
        """Return 1, with all decimals."""
        return f"{int(self.max_digits > self.decimal_places):.{self.decimal_places}f}"

    def get_request_schema(self) -> JSONSchema:
        """Return the schema of numeric text. Numbers are accepted, too, but clients round them."""
        return self._text(f"{{1,{self.decimal_places}}}", optional=True)

    def get_response_schema(self) -> JSONSchema:
        """Return the schema of text with all decimals."""
        return self._text(f"{{{self.decimal_places}}}", optional=False)

    def _text(self, places: str, *, optional: bool) -> JSONSchema:
        before = max(1, self.max_digits - self.decimal_places)
        after = rf"\.[0-9]{places}" if self.decimal_places else ""
        if optional and after:
            after = f"({after})?"
        return {
            "type": "string",
            "format": "decimal",
            "pattern": rf"^-?[0-9]{{1,{before}}}{after}$",
        }

    def parse(self, value: Any) -> Number:
        """Accept a number, or text that is one."""
        if not is_text_or_number(value):
            raise InvalidValue(NOT_A_NUMBER)
        text = str(value).strip()
        if len(text) > MAX_NUMBER_LENGTH:
            raise InvalidValue(VALUE_TOO_LONG)
        try:
            number = Number(text)
        except InvalidOperation:
            raise InvalidValue(NOT_A_NUMBER) from None
        # Python parses 1_000 as a number, but people do not write numbers like this.
        if not number.is_finite() or "_" in text:
            raise InvalidValue(NOT_A_NUMBER)
        self._check_precision(number)
        return number

    def multiply(self, number: Number, factor: Fraction) -> Number:
        """Return the exact product of a value and a factor.

        :raises InvalidValue: the product has too many decimals or digits
        """
        scale = 10**self.decimal_places
        scaled = Fraction(number) * factor * scale
        if scaled.denominator != 1:
            limit = self.decimal_places
            raise InvalidValue(
                _("Ensure that there are no more than ${limit} decimal places.", limit=limit)
            )
        product = Number(scaled.numerator).scaleb(-self.decimal_places, EXACT)
        self._check_precision(product)
        return product

    def get_input(self) -> FormInput:
        """Return a text input with a keyboard of digits and a decimal point."""
        return FormInput("text", {"inputmode": "decimal", "autocomplete": "off"})

    def to_form(self, value: Any, number_format: NumberFormat) -> str:
        """Return the number with its decimals."""
        return "" if value is None else number_format.write_number(Number(value))

    def to_cell(self, value: Any) -> Number:
        """Return the number."""
        return Number(value)

    def to_text(self, value: Any, number_format: NumberFormat) -> Any:
        """Return the number with separators. The history may have what another kind of field stored."""
        try:
            return number_format.format_number(Number(value))
        except (ArithmeticError, TypeError, ValueError):
            return value

    def to_history(self, value: Any) -> str:
        """Return the number as text."""
        return str(value)

    def _check_precision(self, number: Number) -> None:
        digits, exponent = number.as_tuple()[1:]
        places = max(0, -int(exponent))
        total = max(len(digits) + max(0, int(exponent)), places)
        limit = self.max_digits
        if total > limit:
            message = _("Ensure that there are no more than ${limit} digits in total.", limit=limit)
            raise InvalidValue(message)
        limit = self.decimal_places
        if places > limit:
            message = _("Ensure that there are no more than ${limit} decimal places.", limit=limit)
            raise InvalidValue(message)
        limit = self.max_digits - self.decimal_places
        if total - places > limit:
            message = _(
                "Ensure that there are no more than ${limit} digits before the decimal point.",
                limit=limit,
            )
            raise InvalidValue(message)
