"""Numbers as people type and read them in their language: 1,280.5 in English and Japanese, 1.280,5 in German.

Babel knows the marks of each language. Its own ``parse_decimal`` is not used: it refuses full-width separators and
minus signs, accepts 1_000, 1e3 and NaN, and takes 20 times as long, which an import of 100,000 lines would feel.
Babel's data takes some megabytes, so it is loaded with the first number.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from shoptrack.i18n.text_input import shorten
from shoptrack.i18n.translation import _

MAX_LENGTH = 100  # characters of a number with its separators
MINUS = "\N{MINUS SIGN}"
# What keyboards, input methods and typographers write for a minus; the katakana dashes are next to Japanese digits.
_MINUSES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u30fc\uff70"
_DIRECTION_MARKS = "\u061c\u200e\u200f"  # which some languages write beside the sign
_FOLDED = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width ASCII
    | dict.fromkeys(map(ord, _MINUSES), "-")
    | dict.fromkeys(map(ord, _DIRECTION_MARKS))
    | {0xFFE5: "¥", 0xFFE1: "£", 0xFFE0: "¢", 0xFFE6: "₩", 0x3000: " "}
)
_ALIKE = (" \u00a0\u2009\u202f", "'\u2019")  # group separators that people take for each other


class InvalidNumber(ValueError):
    """A text that is no number or amount; ``args`` are the messages."""


@dataclass(frozen=True)
class NumberMarks:
    """How a language writes numbers.

    :param group: separates groups of digits
    :param decimal: precedes the decimals
    :param sizes: digits of the last group and of those before it: (3, 2) in Hindi
    :param pattern: matches folded text: the sign, the whole digits, the decimals, or the decimals alone
    """

    group: str
    decimal: str
    sizes: tuple[int, int]
    pattern: re.Pattern[str]

    def write(self, whole: str, decimals: str) -> str:
        """Return digits with separators."""
        last, others = self.sizes
        head, groups = whole[:-last], [whole[-last:]]
        while head:
            groups.append(head[-others:])
            head = head[:-others]
        text = self.group.join(reversed(groups))
        return f"{text}{self.decimal}{decimals}" if decimals else text


def find_locale(name: str):
    """Return Babel's locale for the name of a language, English where Babel has none."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@lru_cache
def get_marks(locale: str) -> NumberMarks:
    """Return how a language writes numbers."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    found = find_locale(locale)
    group, decimal = get_group_symbol(found), get_decimal_symbol(found)
    last, others = found.decimal_formats[None].grouping
    alike = next((signs for signs in _ALIKE if group in signs), group)
    between, point = f"[{re.escape(alike)}]", re.escape(fold(decimal))
    # A grouped number begins with no zero: 0,123 is the decimal fraction of another language.
    grouped = rf"[1-9]\d{{0,{others - 1}}}(?:{between}\d{{{others}}})*{between}\d{{{last}}}"
    pattern = rf"([+-]?)(?:({grouped}|\d+)(?:{point}(\d*))?|{point}(\d+))"
    return NumberMarks(group, decimal, (last, others), re.compile(pattern))


def fold(text: str) -> str:
    """Return text with plain digits, signs and separators, and without spaces around it."""
    if not text.isascii():
        text = text.translate(_FOLDED)
    return text.strip()


def parse_number(text: str, locale: str) -> Decimal:
    """Return the number that somebody typed.

    Digits, separators and signs may be full-width. Thousands may be separated, but then all of them.

    :param locale: the name of the language, whose separators count
    :raises InvalidNumber: it is no number, or its separators stand in wrong places
    """
    marks = get_marks(locale)
    folded = fold(text)
    number = read_folded(folded, marks)
    if number is not None:
        return number
    check_groups(text, folded, marks)
    raise InvalidNumber(
        _(
            "“${text}” is not a number. Write it like ${example}.",
            text=shorten(text),
            example=marks.write("1234", "5"),
        )
    )


def check_groups(text: str, folded: str, marks: NumberMarks) -> None:
    """Raise the error of a text that would be a number without its separators of thousands."""
    others = folded.replace(marks.group, "")
    if others != folded and read_folded(others, marks) is not None:
        raise InvalidNumber(
            _(
                "“${text}” has “${mark}” in a wrong place. It separates thousands, as in ${example}.",
                text=shorten(text),
                mark=marks.group,
                example=marks.write("1234", "5"),
            )
        )


def read_folded(folded: str, marks: NumberMarks) -> Decimal | None:
    """Return the number in a folded text, ``None`` if it is none."""
    match = marks.pattern.fullmatch(folded) if len(folded) <= MAX_LENGTH else None
    if match is None:
        return None
    sign, whole, decimals, only_decimals = match.groups("")
    if not whole.isdecimal():
        whole = "".join(filter(str.isdecimal, whole))
    return Decimal(f"{sign}{whole or 0}.{decimals or only_decimals or 0}".removesuffix(".0"))


def format_number(value: int | Decimal, locale: str = "en") -> str:
    """Return a number with separators, and without zeros at the end of its decimals."""
    whole, _point, decimals = f"{abs(Decimal(value)):f}".partition(".")
    text = get_marks(locale).write(whole, decimals.rstrip("0"))
    return f"{MINUS}{text}" if value < 0 else text
