"""Invalid values, numbers as text, and ids."""

import math
import re
from typing import Any

from shoptrack.i18n.translation import _

REQUIRED = _("This field is required.")
NOT_NULL = _("This field may not be null.")
NOT_IN_HISTORY = _("The history does not have this value.")
VALUE_TOO_LONG = _("String value too large.")
MAX_NUMBER_LENGTH = 1000  # characters of a number in text
INVALID_CURSOR = "Invalid cursor. Use the one from the Link header of the previous response."

JSONSchema = dict[str, Any]

ID: JSONSchema = {"type": "integer", "format": "int64"}


class InvalidValue(ValueError):
    """A value is invalid for its field; ``args`` are the messages."""


def is_text_or_number(value: Any) -> bool:
    """Return whether a JSON value is text or a finite number; ``true`` and ``1e999`` are not."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, str | int) and not isinstance(value, bool)


def parse_id(value: Any) -> int:
    """Parse an id, which is a number or text of digits.

    :raises InvalidValue: the value is neither, or exceeds every possible id
    """
    if isinstance(value, str) and re.fullmatch(r"-?\d+", text := value.strip()):
        if len(text) > MAX_NUMBER_LENGTH:
            raise make_unknown_id_error(text[:MAX_NUMBER_LENGTH])
        value = int(text)
    if isinstance(value, bool) or not isinstance(value, int):
        kind = type(value).__name__
        raise InvalidValue(_("Incorrect type. Expected pk value, received ${kind}.", kind=kind))
    if not is_bigint(value):
        raise make_unknown_id_error(value)
    return value


def make_unknown_id_error(value: int | str) -> InvalidValue:
    """Return the error for an id of a row that does not exist."""
    return InvalidValue(_('Invalid pk "${id}" - object does not exist.', id=value))


def is_bigint(number: int) -> bool:
    """Return whether a number fits in 64 bits; databases fail on larger ones."""
    return -(2**63) <= number < 2**63
