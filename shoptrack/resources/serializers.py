"""Reading: one statement with all joins, plain rows, documents made of them."""

from collections.abc import Callable, Sequence
from copy import copy
from hashlib import blake2b
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, Connection, Select, Subquery, bindparam, select
from sqlalchemy.orm import aliased

from shoptrack.resources.fields import Reference
from shoptrack.resources.resource import Resource
from shoptrack.resources.visibility import SHOW_ALL, Hidden, HiddenRow

Document = dict[str, Any]
Row = Sequence[Any]
Make = Callable[[Row], Document]
Keep = Callable[[Document], Any]  # makes what is put into documents of what they nest
Member = tuple[str, Callable[[Keep, Hidden], Callable[[Row], Any]]]


class Documents:
    """The documents of one resource. Built once; it holds the statements and no connection.

    :param fields: the members that documents have, default all
    """

    def __init__(self, resource: Resource, fields: Sequence[str] | None = None):
        self.resource = resource
        self.shape = _digest(_shape(resource, fields))
        self.hidden = SHOW_ALL
        self._fields = fields
        self._visible: list[int] | None = None  # positions of columns, None for all
        model = resource.model
        self._needs: list[frozenset[str]] = []  # the permissions to view each column
        self._statement, self._members = _extend(
            select().select_from(model), self._needs, resource, model, fields=fields
        )
        self._width = len(self._statement.selected_columns)
        self._one = self._statement.where(model.id == bindparam("id", type_=BigInteger))

    def hiding(self, hidden: Hidden) -> "Documents":
        """Return the same documents as a caller gets them who lacks these permissions to view.

        The statements stay the same, so that one row serves all callers. What is hidden is neither in a document nor
        in its tag.
        """
        if not hidden:
            return self
        documents = copy(self)
        documents.hidden = hidden
        documents.shape = _digest(_shape(self.resource, self._fields, hidden))
        documents._visible = [n for n, need in enumerate(self._needs) if need.isdisjoint(hidden)]
        return documents

    def maker(self, keep: Keep = lambda document: document) -> Make:
        """Return a function that makes documents of the rows of one reading.

        What many rows refer to is made once, so it must not be kept for another reading.

        :param keep: what to make of each nested document; ``written`` for those that only become JSON
        """
        if self.resource.permission("view") in self.hidden:
            return lambda row: HiddenRow(id=row[0])
        return _maker(self._members, keep, self.hidden)

    def row(self, connection: Connection, id: int) -> Row | None:
        """Return the row with this id, for ``maker`` and ``tag``."""
        return connection.execute(self._one, {"id": id}).first()

    def held(self, connection: Connection, id: int) -> Row:
        """Return a row that the connection's transaction wrote or locked, so that it is there."""
        row = self.row(connection, id)
        assert row is not None, "the transaction holds it"
        return row

    def tag(self, row: Row) -> str:
        """Return what changes with a row and with all that it nests."""
        seen = tuple(row) if self._visible is None else tuple(row[n] for n in self._visible)
        content = blake2b(repr(seen).encode(), digest_size=8).hexdigest()
        return f"{self.shape}-{content}"

    def where(self, *conditions: ColumnElement[bool]) -> Select:
        """Return the statement of the rows that meet conditions, in no order."""
        return self._statement.where(*conditions)

    def of(self, chosen: Subquery) -> Select:
        """Return the statement of the rows whose ids were chosen, in no order."""
        model = self.resource.model
        # Written first, since PostgreSQL is told to join in the order that is written.
        rows = select().select_from(chosen).join(model, model.id == chosen.c.id)
        return _extend(rows, [], self.resource, model, fields=self._fields)[0]

    def place(self, row: Row, keys: int) -> tuple[Any, ...]:
        """Return what a row of a page has after the columns that documents are made of.

        :param keys: how many columns the page is ordered by
        """
        return tuple(row[self._width : self._width + keys])


def _extend(
    statement: Select,
    needs: list[frozenset[str]],
    resource: Any,
    entity: Any,
    *,
    optional: bool = False,
    path: frozenset[str] = frozenset(),
    fields: Sequence[str] | None = None,
) -> tuple[Select, list[Member]]:
    """Add a resource's columns to a statement, with those that it nests, by one join each.

    :param needs: the permissions to view each column that the statement selects already; rows are read by position
    :param optional: whether the row itself may be missing, and with it all that it nests
    :param path: the permissions to view the row that refers to this one, and so to see its id
    :returns: the statement, and the members of a document: each a name and a factory of readers
    """
    members: list[Member] = []
    own = path | {resource.permission("view")}

    def add(
        name: str, column: Any, render: Callable[[Any], Any] | None, need: frozenset[str]
    ) -> None:
        nonlocal statement
        value = itemgetter(len(needs))
        needs.append(need)
        statement = statement.add_columns(column)
        read = value if render is None else lambda row: render(value(row))
        members.append((name, lambda keep, hidden: read))

    if fields is None or "id" in fields:
        add("id", entity.id, None, path)
    for field in resource.fields:
        if fields is not None and field.name not in fields:
            continue
        column = getattr(entity, field.key)
        if isinstance(field, Reference):
            target = aliased(field.resource.model)
            outer = optional or not field.required
            statement = statement.join(target, column == target.id, isouter=outer)
            key = itemgetter(len(needs))
            statement, nested = _extend(
                statement, needs, field.resource, target, optional=outer, path=own
            )
            members.append((field.name, _nested(field.resource, key, nested)))
        else:
            add(field.name, column, field.render, own)
    return statement, members


def written(document: Document) -> orjson.Fragment:
    """Return a document as JSON that is put into others, so that it is written once for all of them."""
    # A copy takes the bytes that it needs; orjson cuts its own out of a buffer of some kilobytes, and the rest of that
    # serves nobody: 20,000 products took 90 MB.
    return orjson.Fragment(memoryview(orjson.dumps(document)).tobytes())


def _nested(
    resource: Any, key: Callable[[Row], Any], members: list[Member]
) -> Callable[[Keep, Hidden], Callable]:
    """Return the factory of a reader that makes each nested document once."""
    permission = resource.permission("view")

    def factory(keep: Keep, hidden: Hidden) -> Callable[[Row], Any]:
        make: Make = (
            (lambda row: HiddenRow(id=key(row)))
            if permission in hidden
            else _maker(members, keep, hidden)
        )
        known: dict[Any, Any] = {None: None}

        def read(row: Row) -> Any:
            id = key(row)
            if id not in known:
                known[id] = keep(make(row))
            return known[id]

        return read

    return factory


def _maker(members: list[Member], keep: Keep, hidden: Hidden) -> Make:
    readers = [(name, factory(keep, hidden)) for name, factory in members]
    return lambda row: {name: read(row) for name, read in readers}


def _shape(
    resource: Any, fields: Sequence[str] | None, hidden: Hidden = SHOW_ALL
) -> list[Any] | str:
    """Return what a document looks like, so that a tag changes when a release or a permission changes that."""
    if resource.permission("view") in hidden:
        return "hidden"
    return [
        (field.name, _shape(field.resource, None, hidden) if isinstance(field, Reference) else None)
        for field in resource.fields
        if fields is None or field.name in fields
    ]


def _digest(shape: Any) -> str:
    return blake2b(repr(shape).encode(), digest_size=4).hexdigest()
