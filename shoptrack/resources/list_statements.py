"""The statements of a list.

They depend on the names of the parameters, not on the values. So they are made once for each shape of query, and each
request binds its values.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    bindparam,
    func,
    select,
)

from shoptrack.resources.conditions import Condition
from shoptrack.resources.fields import SortKey
from shoptrack.resources.list_filters import search_condition
from shoptrack.resources.ordering import make_after_condition
from shoptrack.resources.referrers import ReferringField
from shoptrack.resources.serializers import ResourceSerializer
from shoptrack.resources.text_search import begins_condition
from shoptrack.resources.visibility import Hidden

MAX_CACHED_SHAPES = 100  # per resource's list; each takes some 50 kB


@dataclass(frozen=True)
class QueryShape:
    """All that the statements of a list depend on.

    :param filters: names of the filters, and the number of search words
    :param is_text_search: whether texts are searched
    :param fields: names of the fields of documents, ``None`` for all
    :param is_backwards: whether a page ends at its cursor, ``None`` without one
    :param has_offset: whether a page begins at an offset
    """

    filters: tuple[str | int, ...]
    conditions: tuple[Condition, ...] = field(compare=False)
    order: tuple[SortKey, ...]
    is_text_search: bool = False
    fields: tuple[str, ...] | None = None
    is_backwards: bool | None = None
    has_offset: bool = False


class ListStatements:
    """The statements of lists of one shape; each is made at its first use."""

    def __init__(self, serializer: ResourceSerializer, shape: QueryShape):
        self.serializer = serializer
        self._shape = shape

    @cached_property
    def all_rows(self) -> Select:
        """Return the statement of the whole list."""
        order = (key.order_by() for key in self._shape.order)
        statement = self.serializer.select_where(*self._shape.conditions)
        for other, reference in _get_joins(self._shape.order):
            statement = statement.join(other, other.id == reference)
        return statement.order_by(*order)

    @cached_property
    def page(self) -> Select:
        """Return the statement of a page, up to ``limit`` rows.

        A subquery selects and orders the rows, and only these are joined to the rows that they refer to. The values of
        the sort keys come after the columns of the documents.
        """
        ids = self._page_ids
        order = [replace(key, column=ids.c[key.column.key]) for key in self._shape.order]
        statement = self.serializer.select_ids(ids).add_columns(*(key.column for key in order))
        return statement.order_by(*self._order_by(order))

    @cached_property
    def counted_page(self) -> Select:
        """Return the statement of a page whose rows end with the total of the whole list."""
        matches = self._search_matches
        count = self.count if matches is None else select(func.count()).select_from(matches)
        return self.page.add_columns(count.correlate(None).scalar_subquery())

    @cached_property
    def count(self) -> Select:
        """Return the statement that counts the rows of the whole list."""
        model = self.serializer.resource.model
        return select(func.count()).select_from(model).where(*self._shape.conditions)

    @cached_property
    def _page_ids(self) -> Subquery:
        """Return the ids of a page's rows, and the columns that they are ordered by."""
        shape, matches = self._shape, self._search_matches
        order: Sequence[SortKey] = shape.order
        if matches is None:
            statement = self._filtered_ids
        else:
            order = [replace(key, column=matches.c[key.column.key]) for key in order]
            statement = select(*matches.c)
        if shape.is_backwards is not None:
            statement = statement.where(
                make_after_condition(order, is_backwards=shape.is_backwards)
            )
        statement = statement.order_by(*self._order_by(order))
        statement = statement.limit(bindparam("limit", type_=Integer))
        if shape.has_offset:
            statement = statement.offset(bindparam("offset", type_=BigInteger))
        return statement.subquery("chosen")

    @cached_property
    def _search_matches(self) -> CTE | None:
        """Return a subquery of the rows that a search finds, from which pages are read and rows counted.

        It is evaluated first, on its own. Otherwise, a database would read the table in the list's order until the page
        is full. For a rare word it would read the whole table.
        """
        if not self._shape.is_text_search:
            return None
        return self._filtered_ids.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")

    @property
    def _filtered_ids(self) -> Select:
        """Return the ids of the rows that match the filters, and the columns by which they are ordered."""
        model = self.serializer.resource.model
        columns = {"id": model.id} | {key.column.key: key.column for key in self._shape.order}
        statement = select(*columns.values()).where(*self._shape.conditions)
        joins = _get_joins(self._shape.order)
        for number, (other, reference) in enumerate(joins):
            # The first table of the order comes first. Its index then gives the order, and few rows fill a page.
            condition = other.id == reference
            statement = (
                statement.join(other, condition)
                if number
                else statement.select_from(other).join(model, condition)
            )
        return statement

    def _order_by(self, order: Iterable[SortKey]) -> list[ColumnElement]:
        return [key.order_by(is_backwards=bool(self._shape.is_backwards)) for key in order]


def _get_joins(order: Iterable[SortKey]) -> list[tuple[Any, Any]]:
    """Return the other tables by whose columns rows are ordered, each with the column that refers to it."""
    joins = {id(key.other): (key.other, key.reference) for key in order if key.other is not None}
    return list(joins.values())


def make_search(
    serializer: ResourceSerializer,
    words: int,
    hidden: Hidden,
    used_by: ReferringField | None = None,
) -> Select:
    """Return the statement that finds rows by words: first those whose names begin with the first word, then by name.

    :param words: their number
    :param hidden: view permissions that the caller lacks; the rows that require them are not searched
    :param used_by: a field whose newest rows refer to the rows to find, the last used ones first
    """
    model = serializer.resource.model
    columns = (field.get_search_column(model) for field in serializer.resource.own_fields())
    names = [column for column in columns if column is not None]
    condition = search_condition(serializer.resource, words, hidden)
    begins = [begins_condition(name, "search_0") for name in names[:1] if words]
    order = [*(one.desc() for one in begins), *names[:1], model.id]
    statement = serializer.select_where(condition)
    if used_by is not None:
        recent = used_by.recently_used
        statement, order = (
            statement.join(recent, recent.c.id == model.id),
            [recent.c.used_at.desc()],
        )
    return statement.order_by(*order).limit(bindparam("limit"))
