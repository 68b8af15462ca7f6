"""The field of a barcode."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import String, bindparam

from shoptrack.resources import Field, Filter, FilterScope, FormInput, JSONSchema, SortKey
from shoptrack_barcodes.codes import EXAMPLE, normalize_code, parse_code


class Code(Field):
    """The digits of a barcode, as they were entered. Lists find and order it by its normal form."""

    unique = True
    unique_attribute = "normalized"

    def make_example(self) -> str:
        """Return a code."""
        return EXAMPLE

    def get_request_schema(self) -> JSONSchema:
        """Return text: spaces, dashes and width do not matter."""
        return {"type": "string"}

    def get_response_schema(self) -> JSONSchema:
        """Return text of digits."""
        return {"type": "string", "pattern": "^([0-9]{8}|[0-9]{12,13})$"}

    def parse(self, value: Any) -> str:
        """Return the digits."""
        return parse_code(value)

    def store(self, model: Any, value: str) -> dict[str, Any]:
        """Return the digits, and their normal form."""
        return {self.key: value, self.unique_attribute: normalize_code(value)}

    def make_filters(self, scope: FilterScope) -> Iterator[Filter]:
        """Yield the filter by a code."""
        if scope.is_nested:
            return
        same = scope.model.normalized == bindparam(self.name, type_=String())
        yield scope.make_filter(
            self.name,
            lambda text: normalize_code(self.parse(text)),
            same,
            self.get_request_schema(),
            "The row with this code, in any of its forms.",
        )

    def make_sort_key(self, model: Any) -> SortKey:
        """Return the key of the normal form."""
        return SortKey(self.name, model.normalized, self.parse)

    def get_search_column(self, model: Any) -> Any:
        """Return the normal form, which contains the digits of all forms."""
        return model.normalized

    def get_input(self) -> FormInput:
        """Return a text input, for which telephones show digits."""
        return FormInput("text", {"inputmode": "numeric", "autocomplete": "off"})
