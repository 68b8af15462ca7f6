"""The referrers of a row: the referring fields, the number of rows, and the first few of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Subquery, bindparam, func, select

from shoptrack.resources.fields import Field
from shoptrack.resources.resource import AnyResource, Resource, ServedResources
from shoptrack.resources.row_statements import Document
from shoptrack.resources.visibility import Hidden

NEWEST_ROWS = 300  # of a table, which tell the rows that people use at present


@dataclass(frozen=True)
class ReferringField:
    """A field of a resource that may refer to the rows of another."""

    resource: Resource
    field: Field

    @property
    def model(self) -> Any:
        """Return the model that stores the field: the rows', or that of an extension."""
        return self.resource.model_of(self.field)

    @property
    def column(self) -> Any:
        """Return the column that has the id."""
        return getattr(self.model, self.field.key)

    @property
    def column_name(self) -> str:
        """Return the column's name in the database."""
        return self.column.property.columns[0].name

    @property
    def is_owned(self) -> bool:
        """Return whether the referring rows are deleted with the row that they refer to."""
        return self.field.is_owner

    @property
    def is_kept_by_constraint(self) -> bool:
        """Return whether the database rejects the deletion of a referenced row, instead of changing its referrers."""
        return all(
            key.ondelete in (None, "NO ACTION", "RESTRICT")
            for key in self.column.property.columns[0].foreign_keys
        )

    def is_hidden(self, hidden: Hidden) -> bool:
        """Return whether these missing view permissions hide the referring rows."""
        return self.resource.permission("view") in hidden

    @property
    def recently_used(self) -> Subquery:
        """Return the ids of the rows that the newest referring rows use, and when by their ids.

        It reads as many rows of a large table as of a small one.
        """
        id = self.model.id
        newest = select(self.column.label("used"), id.label("by")).order_by(id.desc())
        rows = newest.limit(NEWEST_ROWS).subquery()
        used_at = func.max(rows.c.by).label("used_at")
        used = select(rows.c.used.label("id"), used_at).group_by(rows.c.used)
        return used.subquery("recently_used")

    def refers_to_condition(self, *ids: int) -> ColumnElement[bool]:
        """Return the condition that a row of the resource refers to one of the rows with these ids."""
        refers = self.column.in_(
            bindparam("ids", ids, type_=BigInteger, expanding=True, unique=True)
        )
        rows = self.resource.model
        return refers if self.model is rows else rows.id.in_(select(self.model.id).where(refers))


@dataclass(frozen=True)
class Referrers:
    """The referrers of one row by one field.

    :param count: ``None`` if the caller may not view the rows
    :param documents: the first few
    """

    referring: ReferringField
    count: int | None
    documents: list[Document]


def get_referring_fields(resource: AnyResource, registry: Any) -> list[ReferringField]:
    """Return the fields of this application's resources that refer to a resource."""
    return [
        ReferringField(other, field)
        for other in ServedResources.of(registry).values()
        for field in other.references()
        if field.resource.model is resource.model
    ]


def count_referrers(connection: Connection, fields: Sequence[ReferringField], id: int) -> list[int]:
    """Return the number of a row's referrers by each of these fields, by one statement."""
    if not fields:
        return []
    counts = (
        select(func.count()).where(field.refers_to_condition(id)).scalar_subquery()
        for field in fields
    )
    return list(connection.execute(select(*counts)).one())


def count_referrers_of_many(
    connection: Connection, fields: Sequence[ReferringField], ids: Sequence[int]
) -> dict[int, list[int]]:
    """Return the numbers of referrers by each of these fields, by id, of those rows that have any."""
    counts: dict[int, list[int]] = {}
    bound = bindparam("ids", type_=BigInteger, expanding=True)
    for position, field in enumerate(fields):
        column = field.column
        statement = select(column, func.count()).where(column.in_(bound)).group_by(column)
        for id, count in connection.execute(statement, {"ids": ids}):
            counts.setdefault(id, [0] * len(fields))[position] = count
    return counts


def sum_by_path(fields: Sequence[ReferringField], counts: Sequence[int]) -> dict[str, int]:
    """Return the numbers of referrers above 0, by the path of their resource."""
    found: dict[str, int] = {}
    for field, count in zip(fields, counts, strict=True):
        if count:
            found[field.resource.path] = found.get(field.resource.path, 0) + count
    return found


def sum_visible(
    fields: Sequence[ReferringField], counts: Sequence[int], hidden: Hidden
) -> tuple[dict[str, int], bool]:
    """Return ``sum_by_path`` of the visible referrers, and whether there are hidden ones."""
    shown = [
        0 if field.is_hidden(hidden) else count for field, count in zip(fields, counts, strict=True)
    ]
    return sum_by_path(fields, shown), sum(shown) < sum(counts)
