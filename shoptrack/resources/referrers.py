"""What refers to a row: which fields may, how many rows do, and the first few of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, func, literal, select

from shoptrack.contributions import Contributions
from shoptrack.resources.fields import Reference
from shoptrack.resources.resource import Resource
from shoptrack.resources.serializers import Document, Documents
from shoptrack.resources.visibility import SHOW_ALL, Hidden, find_hidden


@dataclass(frozen=True)
class Use:
    """A field of a resource that may refer to the rows of another."""

    resource: Resource
    field: Reference

    @property
    def model(self) -> Any:
        """Return the model of the rows that refer."""
        return self.resource.model

    @property
    def column(self) -> Any:
        """Return the column that holds the id."""
        return getattr(self.model, self.field.key)

    def is_hidden(self, hidden: Hidden) -> bool:
        """Tell whether a caller who lacks these permissions to view may not know which rows refer."""
        return self.resource.permission("view") in hidden

    def is_of(self, id: int) -> ColumnElement[bool]:
        """Return the condition that a row refers to the row with this id."""
        return self.column == literal(id, BigInteger)


@dataclass(frozen=True)
class Usage:
    """What refers to one row by one field.

    :param count: ``None`` where the caller may not view the rows
    :param documents: the first few
    """

    use: Use
    count: int | None
    documents: list[Document]


def uses_of(resource: Resource, registry: Any) -> list[Use]:
    """Return the fields of this application's resources that refer to a resource."""
    return [
        Use(other, field)
        for other in Contributions.of(registry).resources.values()
        for field in other.references()
        if field.resource.model is resource.model
    ]


def counts(connection: Connection, uses: Sequence[Use], id: int) -> list[int]:
    """Return how many rows refer to a row by each of these fields, by one statement."""
    if not uses:
        return []
    questions = (select(func.count()).where(use.is_of(id)).scalar_subquery() for use in uses)
    return list(connection.execute(select(*questions)).one())


def by_path(uses: Sequence[Use], numbers: Sequence[int]) -> dict[str, int]:
    """Return the counts of the resources that refer at all, by their paths."""
    found: dict[str, int] = {}
    for use, number in zip(uses, numbers, strict=True):
        if number:
            found[use.resource.path] = found.get(use.resource.path, 0) + number
    return found


def visible_counts(
    uses: Sequence[Use], numbers: Sequence[int], request: Any
) -> tuple[dict[str, int], bool]:
    """Return ``by_path`` of what a request's caller may view, and whether more refers."""
    hidden = find_hidden(request, *(use.resource for use in uses))
    shown = [0 if use.is_hidden(hidden) else n for use, n in zip(uses, numbers, strict=True)]
    return by_path(uses, shown), sum(shown) < sum(numbers)


def usages(
    connection: Connection,
    uses: Sequence[Use],
    id: int,
    first: int = 5,
    hidden: Hidden = SHOW_ALL,
) -> list[Usage]:
    """Return what refers to a row, so that somebody can decide what becomes of it.

    It takes one statement, and one more for each field by which any row refers.

    :param hidden: the permissions to view that the caller lacks
    """
    found = []
    for use, count in zip(uses, counts(connection, uses, id), strict=True):
        if count and use.is_hidden(hidden):
            found.append(Usage(use, None, []))
        elif count:
            documents = Documents(use.resource).hiding(hidden)
            some = documents.where(use.is_of(id)).order_by(use.model.id).limit(first)
            make = documents.maker()
            found.append(Usage(use, count, [make(row) for row in connection.execute(some)]))
    return found
