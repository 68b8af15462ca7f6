"""Formulas in text: spreadsheets show an escaped text and do not run it, and it can be restored exactly.

An apostrophe is added before a formula at the start of a cell. It is also added after any character that could end a
cell with another separator; quotes do not prevent this. Text that begins with an apostrophe and a formula gets a second
apostrophe. So removing one from each such position restores the stored text.
"""

import re
from typing import Any

# The first characters of formulas; Japanese spreadsheets accept the wide characters as well.
FORMULA_PREFIXES = "=+@＝＋－＠-"
# What may stand between the start of a cell and a formula.
FORMULA = rf"""(?:[^\S\t\r\n]|["'])*[{FORMULA_PREFIXES}]"""
CELL_START = re.compile(rf"^(?='*[\t\r\n])|(?:^|[,;|\t\r\n])(?={FORMULA})")
APOSTROPHE = re.compile(rf"^'(?='*[\t\r\n])|(?:^|(?<=[,;|\t\r\n]))'(?={FORMULA})")


def escape_formula(value: Any) -> Any:
    """Return a value that no spreadsheet runs as a formula. Numbers stay numbers."""
    if isinstance(value, str) and not _is_number(value):
        return CELL_START.sub(r"\g<0>'", value)
    return value


def unescape_formula(text: str) -> str:
    """Return the text of which ``escape_formula`` made this one."""
    return APOSTROPHE.sub("", text)


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal() and text.isascii()
