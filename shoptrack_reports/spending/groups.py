"""What records can be grouped by, besides time: whatever they refer to, and whatever their products do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shoptrack.catalog.resources import ProductResource
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources.fields import Reference
from shoptrack.resources.visibility import Hidden, HiddenRow

Member = dict[str, Any]  # the row that records refer to, as documents have it: id and texts


@dataclass(frozen=True)
class Group:
    """Something that records refer to, such as the store, or that their products do, such as the category.

    :param reference: the field by which they do
    :param is_products: whether it is the product's
    """

    reference: Reference
    is_products: bool

    @property
    def name(self) -> str:
        """Return its name."""
        return self.reference.name

    @property
    def noun(self) -> str:
        """Return what people call it."""
        return self.reference.resource.noun()

    @property
    def key(self) -> str:
        """Return the name of the list's parameter that narrows by it, which is that of the column too."""
        return self.reference.key

    @property
    def permission(self) -> str:
        """Return the permission to view what is grouped by."""
        return self.reference.resource.permission("view")

    @property
    def needs(self) -> frozenset[str]:
        """Return the permissions to know which records belong together."""
        return frozenset({ProductResource.permission("view")} if self.is_products else ())

    @property
    def model(self) -> Any:
        """Return the model of what is referred to."""
        return self.reference.resource.model

    @property
    def is_optional(self) -> bool:
        """Tell whether there may be none."""
        return not self.reference.required

    @property
    def texts(self) -> list[str]:
        """Return the names of the texts that a member has."""
        return [field.name for field in self.reference.resource.fields if field.is_label]

    def member(self, id: int, texts: Sequence[str], hidden: Hidden) -> Member:
        """Return the document of a member, to a caller who lacks these permissions to view."""
        if self.permission in hidden:
            return HiddenRow(id=id)
        return {"id": id, **dict(zip(self.texts, texts, strict=True))}

    def label(self, member: Member) -> str:
        """Return what people call a member: its name, and what tells it from others of that name."""
        if isinstance(member, HiddenRow):
            return self.reference.resource.label_of(member)
        name, *others = (member[text] for text in self.texts)
        return f"{name} ({', '.join(others)})" if others else name


def _groups() -> Iterator[Group]:
    for reference in ShoppingRecordResource.references():
        yield Group(reference, is_products=False)
    for reference in ProductResource.references():
        yield Group(reference, is_products=True)


GROUPS = {group.name: group for group in _groups()}
