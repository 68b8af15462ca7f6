"""Dimensions of the spending report: references of records or of their products."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shoptrack.catalog.resources import ProductResource
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources import Hidden, HiddenRow, Reference

DimensionRow = dict[str, Any]  # id and texts of the referenced row


@dataclass(frozen=True)
class Dimension:
    """A reference of records, such as the store, or of their products, such as the category.

    :param is_of_product: whether the product has the reference
    """

    reference: Reference
    is_of_product: bool

    @property
    def name(self) -> str:
        """Return the name in ``group_by``."""
        return self.reference.name

    @property
    def noun(self) -> str:
        """Return the name for people."""
        return self.reference.resource.noun()

    @property
    def key(self) -> str:
        """Return the name of the list's filter, which is also the column's."""
        return self.reference.key

    @property
    def permission(self) -> str:
        """Return the permission to view the referenced rows."""
        return self.reference.resource.permission("view")

    @property
    def needs(self) -> frozenset[str]:
        """Return the permissions that grouping by this dimension requires."""
        return frozenset({ProductResource.permission("view")} if self.is_of_product else ())

    @property
    def model(self) -> Any:
        """Return the model of the referenced rows."""
        return self.reference.resource.model

    @property
    def is_optional(self) -> bool:
        """Return whether the reference may be null."""
        return not self.reference.required

    @property
    def texts(self) -> list[str]:
        """Return the names of the text fields of a referenced row."""
        return [field.name for field in self.reference.resource.fields if field.is_label]

    def make_row(self, id: int, texts: Sequence[str], hidden: Hidden) -> DimensionRow:
        """Return the JSON object of a referenced row, for a caller who lacks the ``hidden`` permissions."""
        if self.permission in hidden:
            return HiddenRow(id=id)
        return {"id": id, **dict(zip(self.texts, texts, strict=True))}

    def label(self, row: DimensionRow) -> str:
        """Return a row's label: its name, and in parentheses its other texts."""
        if isinstance(row, HiddenRow):
            return self.reference.resource.label_of(row)
        name, *others = (row[text] for text in self.texts)
        return f"{name} ({', '.join(others)})" if others else name


def _make_dimensions() -> Iterator[Dimension]:
    for reference in ShoppingRecordResource.references():
        yield Dimension(reference, is_of_product=False)
    for reference in ProductResource.references():
        yield Dimension(reference, is_of_product=True)


DIMENSIONS = {dimension.name: dimension for dimension in _make_dimensions()}
