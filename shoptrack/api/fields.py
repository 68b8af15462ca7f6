"""The fields that a resource is described by, and the sentences with which each refuses a value.

A field knows three things: how a value is sent (``load``), how it is answered (``render``), and what is checked in the
database. The sentences are those that clients of the backend know.
"""

import math
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal as Number
from decimal import InvalidOperation
from typing import TYPE_CHECKING, Any

import colander

from shoptrack.settings import ConfigurationError

if TYPE_CHECKING:
    from shoptrack.api.resource import Resource

REQUIRED = "This field is required."
NOT_NULL = "This field may not be null."
TOO_LARGE = "String value too large."
NOT_A_NUMBER = "A valid number is required."
MAX_NUMBER_LENGTH = 1000  # characters of a number that is sent as text


class Refused(ValueError):
    """A value is not one of the field's; ``args`` are the sentences."""


class Field:
    """One member of a resource's documents.

    :param name: its name in documents
    :param required: whether it must be sent and may not be null
    """

    unique: bool = False
    render: Callable[[Any], Any] | None = None  # makes the document's value of the column's

    def __init__(self, name: str, *, required: bool = True):
        self.name = name
        self.required = required

    @property
    def key(self) -> str:
        """Return its name in bodies, which is the model's attribute too."""
        return self.name

    def load(self, value: Any) -> Any:
        """Return the Python value of what was sent.

        :raises Refused: it is not one of the field's
        """
        if value is None:
            if self.required:
                raise Refused(NOT_NULL)
            return None
        return self.parse(value)

    def parse(self, value: Any) -> Any:
        """Return the Python value of what was sent, which is not null."""
        raise NotImplementedError

    def rendered(self, value: Any) -> Any:
        """Return the document's value of the column's."""
        return value if value is None or self.render is None else self.render(value)

    def node(self) -> colander.SchemaNode:
        """Return the field as a node of a colander schema."""
        return colander.SchemaNode(
            FieldType(self),
            name=self.key,
            missing=colander.required if self.required else colander.drop,
            missing_msg=REQUIRED,
        )


class FieldType(colander.SchemaType):
    """The colander type of every field.

    Colander's own types cannot tell null, an empty text and a missing value apart.
    """

    def __init__(self, field: Field):
        self.field = field

    def deserialize(self, node, cstruct):
        """Return the field's value for what was sent."""
        if cstruct is colander.null:
            return colander.null
        try:
            return self.field.load(cstruct)
        except Refused as refused:
            raise colander.Invalid(node, list(refused.args)) from None


class Text(Field):
    """A line of text; white space around it is trimmed.

    :param max_length: in Unicode code points
    :param unique: whether no two rows have the same
    :param trim: false for secrets
    """

    def __init__(
        self,
        name: str,
        *,
        max_length: int | None = None,
        unique: bool = False,
        trim: bool = True,
        required: bool = True,
    ):
        super().__init__(name, required=required)
        self.max_length = max_length
        self.unique = unique
        self.trim = trim

    def folded(self, model: Any) -> Any:
        """Return the model's column that keeps this text folded, for searching and ordering.

        :raises ConfigurationError: the model has none
        """
        name = f"{self.key}_folded"
        try:
            return getattr(model, name)
        except AttributeError:
            raise ConfigurationError(
                f"The model {model.__name__} needs a column for searching {self.key!r}. Add to it: "
                f'{name}: Mapped[str] = folded("{self.key}"), from shoptrack.folding.'
            ) from None

    def parse(self, value: Any) -> str:
        """Take text, and numbers as text."""
        if not _is_text_or_number(value):
            raise Refused("Not a valid string.")
        text = str(value).strip() if self.trim else str(value)
        if not text:
            raise Refused("This field may not be blank.")
        faults = []
        if self.max_length is not None and len(text) > self.max_length:
            faults.append(f"Ensure this field has no more than {self.max_length} characters.")
        if "\0" in text:
            faults.append("Null characters are not allowed.")
        if surrogate := re.search("[\ud800-\udfff]", text):
            faults.append(f"Surrogate characters are not allowed: U+{ord(surrogate[0]):X}.")
        if faults:
            raise Refused(*faults)
        return text


class Integer(Field):
    """A whole number; the column is a 32-bit one unless other bounds are given."""

    def __init__(
        self, name: str, *, minimum: int = -(2**31), maximum: int = 2**31 - 1, required: bool = True
    ):
        super().__init__(name, required=required)
        self.minimum = minimum
        self.maximum = maximum

    def parse(self, value: Any) -> int:
        """Take a number, or text that reads as one; a fraction only of zeros."""
        number = self._whole(value)
        if number > self.maximum:
            raise Refused(f"Ensure this value is less than or equal to {self.maximum}.")
        if number < self.minimum:
            raise Refused(f"Ensure this value is greater than or equal to {self.minimum}.")
        return number

    @staticmethod
    def _whole(value: Any) -> int:
        if isinstance(value, str):
            if len(value) > MAX_NUMBER_LENGTH:
                raise Refused(TOO_LARGE)
            if match := re.fullmatch(r"\s*([+-]?\d+)(\.0*)?\s*", value):
                return int(match[1])
        elif _is_text_or_number(value) and value == int(value):
            return int(value)
        raise Refused("A valid integer is required.")


class Decimal(Field):
    """An exact number, answered as text so that no client rounds it.

    :param max_digits: in all
    :param decimal_places: after the point
    """

    render = str

    def __init__(self, name: str, *, max_digits: int, decimal_places: int, required: bool = True):
        super().__init__(name, required=required)
        self.max_digits = max_digits
        self.decimal_places = decimal_places

    def parse(self, value: Any) -> Number:
        """Take a number, or text that reads as one."""
        if not _is_text_or_number(value):
            raise Refused(NOT_A_NUMBER)
        text = str(value).strip()
        if len(text) > MAX_NUMBER_LENGTH:
            raise Refused(TOO_LARGE)
        try:
            number = Number(text)
        except InvalidOperation:
            raise Refused(NOT_A_NUMBER) from None
        # Python reads 1_000 as a number; nobody writes it so.
        if not number.is_finite() or "_" in text:
            raise Refused(NOT_A_NUMBER)
        self._check_precision(number)
        return number

    def _check_precision(self, number: Number) -> None:
        _, digits, exponent = number.as_tuple()
        places = max(0, -int(exponent))
        total = max(len(digits) + max(0, int(exponent)), places)
        limit = "Ensure that there are no more than {} {}."
        if total > self.max_digits:
            raise Refused(limit.format(self.max_digits, "digits in total"))
        if places > self.decimal_places:
            raise Refused(limit.format(self.decimal_places, "decimal places"))
        before = self.max_digits - self.decimal_places
        if total - places > before:
            raise Refused(limit.format(before, "digits before the decimal point"))


class Date(Field):
    """A calendar day. It has no time zone, so that it never shifts."""

    def parse(self, value: Any) -> date:
        """Take ``YYYY-MM-DD``."""
        try:
            if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise Refused("Date has wrong format. Use one of these formats instead: YYYY-MM-DD.")


class Reference(Field):
    """A row of another resource: read as its document, written as its id.

    :param resource: the other resource
    """

    def __init__(self, name: str, resource: "type[Resource]", *, required: bool = True):
        super().__init__(name, required=required)
        self.resource = resource

    @property
    def key(self) -> str:
        """Return its name in bodies."""
        return f"{self.name}_id"

    def load(self, value: Any) -> int | None:
        """Return the id; an empty text stands for null, as forms send it."""
        return super().load(None if value == "" else value)

    def parse(self, value: Any) -> int:
        """Take a number, or text of digits."""
        return parse_id(value)


def parse_id(value: Any) -> int:
    """Return an id that is sent as a number, or as text of digits.

    :raises Refused: it is neither, or no row can have it
    """
    if isinstance(value, str) and re.fullmatch(r"-?\d+", text := value.strip()):
        if len(text) > MAX_NUMBER_LENGTH:
            raise unknown_id(text[:MAX_NUMBER_LENGTH])
        value = int(text)
    if isinstance(value, bool) or not isinstance(value, int):
        kind = type(value).__name__
        raise Refused(f"Incorrect type. Expected pk value, received {kind}.")
    if not is_id(value):
        raise unknown_id(value)
    return value


def unknown_id(value: int | str) -> Refused:
    """Return the refusal of an id that no row has."""
    return Refused(f'Invalid pk "{value}" - object does not exist.')


def is_id(number: int) -> bool:
    """Tell whether a number fits in 64 bits; databases fail on larger ones."""
    return -(2**63) <= number < 2**63


def _is_text_or_number(value: Any) -> bool:
    """Tell whether a JSON value is text or a finite number; ``true`` and ``1e999`` are not."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, str | int) and not isinstance(value, bool)
