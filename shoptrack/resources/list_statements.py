"""The statements of a list.

What they look like depends on which parameters are sent, not on the values: so they are made once for
each form of list that is asked for, and filled in by each request.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

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

from shoptrack.resources.conditions import Clause
from shoptrack.resources.ordering import Key, after
from shoptrack.resources.serializers import Documents

KEPT = 100  # forms of one resource's lists; each takes some 50 kB


@dataclass(frozen=True)
class Form:
    """What the statements of a list look like.

    :param where: names of the filters, and the number of words that are searched for
    :param is_searched: whether texts are looked into
    :param fields: names of the members that are answered, ``None`` for all
    :param backwards: whether a page ends at its cursor, ``None`` without one
    :param skips: whether a page begins at an offset
    """

    where: tuple[str | int, ...]
    clauses: tuple[Clause, ...] = field(compare=False)
    order: tuple[Key, ...]
    is_searched: bool = False
    fields: tuple[str, ...] | None = None
    backwards: bool | None = None
    skips: bool = False


class Listing:
    """The statements of lists of one form; each is made when it is asked for the first time."""

    def __init__(self, documents: Documents, form: Form):
        self.documents = documents
        self._form = form

    @cached_property
    def whole(self) -> Select:
        """Return the statement of the whole list."""
        order = (key.clause() for key in self._form.order)
        return self.documents.where(*self._form.clauses).order_by(*order)

    @cached_property
    def page(self) -> Select:
        """Return the statement of a page, up to ``limit`` rows.

        Its rows are chosen and put in order by themselves, and only they are joined to what they refer to. The
        values of the list's order come after the columns that documents are made of.
        """
        chosen = self._chosen
        order = [replace(key, column=chosen.c[key.column.key]) for key in self._form.order]
        statement = self.documents.of(chosen).add_columns(*(key.column for key in order))
        return statement.order_by(*self._clauses(order))

    @cached_property
    def counted_page(self) -> Select:
        """Return the statement of a page whose rows end with how many the whole list has."""
        count = self.count if self._found is None else select(func.count()).select_from(self._found)
        return self.page.add_columns(count.correlate(None).scalar_subquery())

    @cached_property
    def _chosen(self) -> Subquery:
        """Return the ids of a page's rows, and the columns that they are ordered by."""
        form = self._form
        order: Sequence[Key] = form.order
        if self._found is None:
            statement = self._narrowed
        else:
            order = [replace(key, column=self._found.c[key.column.key]) for key in order]
            statement = select(*self._found.c)
        if form.backwards is not None:
            statement = statement.where(after(order, backwards=form.backwards))
        statement = statement.order_by(*self._clauses(order))
        statement = statement.limit(bindparam("limit", type_=Integer))
        if form.skips:
            statement = statement.offset(bindparam("offset", type_=BigInteger))
        return statement.subquery("chosen")

    @cached_property
    def _found(self) -> CTE | None:
        """Return the rows that a search finds, from which a page is taken and which are counted.

        They are found once and by themselves. Asked for the first in the list's order, a database goes through that
        order's index, row by row through the table, until it has found enough: for a rare word to its end.
        """
        if not self._form.is_searched:
            return None
        return self._narrowed.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")

    @property
    def _narrowed(self) -> Select:
        """Return the ids of the rows that the filters leave, and the columns that they are ordered by."""
        model = self.documents.resource.model
        columns = {"id": model.id} | {key.column.key: key.column for key in self._form.order}
        return select(*columns.values()).where(*self._form.clauses)

    def _clauses(self, order: Iterable[Key]) -> list[ColumnElement]:
        return [key.clause(backwards=bool(self._form.backwards)) for key in order]

    @cached_property
    def count(self) -> Select:
        """Return the statement that counts what the list's filters leave."""
        model = self.documents.resource.model
        return select(func.count()).select_from(model).where(*self._form.clauses)
