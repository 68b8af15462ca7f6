"""The numbers that people type into the page's form, as the API's parameters."""

import re
from collections.abc import Sequence

from shoptrack.errors import ValidationError
from shoptrack.i18n import InvalidNumber, NumberFormat

NUMBERS = ("month_start", "per")
# A number in any digits and separators, and the unit behind it.
NUMBER_AND_UNIT = re.compile(r"\s*([\d\s.,．，'’+＋−－-]*)(.*)", re.DOTALL)


def read_typed_numbers(
    params: Sequence[tuple[str, str]], number_format: NumberFormat
) -> list[tuple[str, str]]:
    """Return the page's parameters with numbers as the API takes them: ``per=1,000g`` is ``per=1000g``.

    :raises ValidationError: naming each number that cannot be read
    """
    read, errors = [], {}
    for name, text in params:
        if name in NUMBERS:
            try:
                text = _read(text, number_format)
            except InvalidNumber as error:
                errors[name] = list(error.args)
        read.append((name, text))
    if errors:
        raise ValidationError(errors)
    return read


def _read(text: str, number_format: NumberFormat) -> str:
    match = NUMBER_AND_UNIT.fullmatch(text)
    if match is None or not match[1]:
        return text
    return f"{number_format.parse_number(match[1]):f}{match[2]}"
