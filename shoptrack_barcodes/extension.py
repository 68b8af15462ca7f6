"""The barcodes in the documents of products."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from shoptrack.i18n import Currency
from shoptrack.resources import Extension, Field, Filter, FilterScope, JSONSchema
from shoptrack_barcodes.codes import EXAMPLE
from shoptrack_barcodes.models import ProductCodes
from shoptrack_barcodes.translation import _


class Codes(Field):
    """A list of codes, in a column of text. It is read-only."""

    is_ordered = False

    def make_reader(
        self, columns: Sequence[Callable[[Any], Any]]
    ) -> Callable[[Any], tuple[str, ...]]:
        """Return a function that splits the text of a row.

        Lists would have the garbage collector look at each document: a long list took an eighth longer.
        """
        (column,) = columns
        return lambda row: tuple(text.split(",")) if (text := column(row)) else ()

    def make_example(self) -> list[str]:
        """Return one code."""
        return [EXAMPLE]

    def get_response_schema(self) -> JSONSchema:
        """Return a list of text."""
        return {"type": "array", "items": {"type": "string"}}

    def make_filters(self, scope: FilterScope) -> Iterator[Filter]:
        """Yield no filters: a search finds products by their codes."""
        yield from ()

    def get_search_column(self, model: Any) -> Any:
        """Return the normal forms, which contain the digits of all forms."""
        return model.normalized

    def to_cell(self, value: Sequence[str]) -> str:
        """Return the codes, separated by commas."""
        return ", ".join(value)

    def to_csv(self, value: Sequence[str], currency: Currency) -> str:
        """Return the codes, separated by commas."""
        return self.to_cell(value)


class ProductBarcodes(Extension):
    """The barcodes of each product, by which a search finds it."""

    model = ProductCodes
    fields = (
        Codes(
            "barcodes",
            required=False,
            read_only=True,
            verbose_name=_("barcodes"),
            description="To change them, use `/api/barcodes/`.",
        ),
    )
