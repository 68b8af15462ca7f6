"""Tags: several words as one value."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import bindparam

from shoptrack.i18n import Currency, NumberFormat, shorten
from shoptrack.resources import Field, Filter, FilterScope, InvalidValue, JSONSchema
from shoptrack_wishlist.translation import _

MAX_TAGS = 10
WORD = re.compile(r"\w{1,30}")


class Tags(Field):
    """Words, in a column of text such as ``|home|red|``. Forms have them separated by commas."""

    is_ordered = False

    def parse(self, value: Any) -> str:
        """Accept a list of words, or text with commas."""
        words = value.split(",") if isinstance(value, str) else value
        if not isinstance(words, list) or len(words) > MAX_TAGS:
            raise InvalidValue(_("Send up to ${number} words.", number=MAX_TAGS))
        return f"|{'|'.join(parse_word(word) for word in words)}|" if words else ""

    def render(self, value: str) -> list[str]:
        """Return the list of words."""
        return value.strip("|").split("|") if value else []

    def make_example(self) -> list[str]:
        """Return two words."""
        return ["home", "red"]

    def get_response_schema(self) -> JSONSchema:
        """Return a list of words."""
        return {"type": "array", "items": {"type": "string"}, "maxItems": MAX_TAGS}

    def make_filters(self, scope: FilterScope) -> Iterator[Filter]:
        """Yield the filter by one word."""
        column = getattr(scope.model, self.key)
        has_word = column.contains(bindparam(self.name))
        text: JSONSchema = {"type": "string"}
        yield scope.make_filter(
            self.name, self.parse_filter, has_word, text, "Rows with this word."
        )

    def parse_filter(self, text: str) -> str:
        """Return what the column of a row with this word contains."""
        return f"|{parse_word(text)}|"

    def to_cell(self, value: list[str] | None) -> str:
        """Return the words, separated by commas."""
        return ", ".join(value or [])

    def to_form(self, value: list[str] | None, number_format: NumberFormat) -> str:
        """Return the words of an input."""
        return self.to_cell(value)

    def from_form(self, text: str, number_format: NumberFormat) -> list[str]:
        """Return the words that somebody typed."""
        return [word for word in text.split(",") if word.strip()]

    def to_csv(self, value: list[str] | None, currency: Currency) -> str:
        """Return the words of a cell."""
        return self.to_cell(value)


def parse_word(word: Any) -> str:
    """Return one word."""
    text = word.strip() if isinstance(word, str) else ""
    if not WORD.fullmatch(text):
        raise InvalidValue(_("Not a word: ${text}.", text=shorten(str(word))))
    return text
