"""Serializers: one statement with all joins reads plain rows, from which documents are made."""

from collections.abc import Sequence
from copy import copy
from functools import cached_property
from hashlib import blake2b
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, Connection, Select, Subquery, bindparam, select

from shoptrack.resources.resource import AnyResource
from shoptrack.resources.row_statements import (
    Document,
    NestedSerializer,
    Row,
    RowSerializer,
    RowStatement,
    combine,
)
from shoptrack.resources.visibility import SHOW_ALL, Hidden, HiddenRow


class ResourceSerializer:
    """The serializer of one resource. It is made once, and keeps statements but no connection.

    :param fields: the names of the documents' fields, default all
    """

    def __init__(self, resource: AnyResource, fields: Sequence[str] | None = None):
        self.resource = resource
        self.layout_hash = _hash(_get_layout(resource, fields))
        self.hidden = SHOW_ALL
        # of columns in a row: own ones by the model's attribute, those of extensions by the field's key
        self.positions: dict[str, int] = {}
        self._fields = fields
        self._visible: list[int] | None = None  # positions of columns, None for all
        model = resource.model
        rows = RowStatement(select().select_from(model))
        self._members = rows.add_resource(resource, model, self.positions, names=fields)
        self._statement, self._needs, self._batches = rows.statement, rows.needs, rows.batches
        self._width = len(rows.needs)
        self._one = self._statement.where(model.id == bindparam("id", type_=BigInteger))

    def hiding(self, hidden: Hidden) -> "ResourceSerializer":
        """Return the serializer for a caller who lacks these view permissions.

        The statements stay the same, so that one row serves all callers. Neither a document nor its ETag depends on
        hidden values.
        """
        if not hidden:
            return self
        serializer = copy(self)
        serializer.hidden = hidden
        serializer.layout_hash = _hash(_get_layout(self.resource, self._fields, hidden))
        own = frozenset({self.resource.permission("view")})
        needs = [*self._needs, *(own for _ in self._batches)]
        serializer._visible = [n for n, need in enumerate(needs) if need.isdisjoint(hidden)]
        return serializer

    def make_row_serializer(
        self, nest: NestedSerializer = lambda document: document
    ) -> RowSerializer:
        """Return a function that makes the documents of one query's rows.

        A document that many rows nest is made once. So do not reuse the function for another query.

        :param nest: converts each nested document; ``make_json_fragment`` if documents only become JSON
        """
        if self.resource.permission("view") in self.hidden:
            return lambda row: HiddenRow(id=row[0])
        return combine(self._members, nest, self.hidden)

    def make_document(self, row: Row) -> Document:
        """Return the document of one row."""
        return self.make_row_serializer()(row)

    def get_row(self, connection: Connection, id: int) -> Row | None:
        """Return the row with this id, by one statement."""
        row = connection.execute(self._one, {"id": id}).first()
        return row if row is None else self.complete(connection, [row])[0]

    def complete(self, connection: Connection, rows: Sequence[Row]) -> Sequence[Row]:
        """Return rows with the values of fields that are read for several rows at once, by a statement each."""
        if not self._batches or not rows:
            return rows
        ids, width = [row[0] for row in rows], self._width
        read = [(batch.read(connection, ids), batch.missing) for batch in self._batches]
        return [
            (
                *row[:width],
                *(values.get(id, missing) for values, missing in read),
                *row[width:],
            )
            for id, row in zip(ids, rows, strict=True)
        ]

    def make_etag(self, row: Row) -> str:
        """Return a value that changes with a row and with all rows that its document nests."""
        seen = tuple(row) if self._visible is None else tuple(row[n] for n in self._visible)
        content = blake2b(repr(seen).encode(), digest_size=8).hexdigest()
        return f"{self.layout_hash}-{content}"

    def select_where(self, *conditions: ColumnElement[bool]) -> Select:
        """Return the statement of the rows that meet conditions, in no order."""
        return self._statement.where(*conditions)

    def select_ids(self, ids: Subquery) -> Select:
        """Return the statement of the rows with these ids, in no order."""
        model = self.resource.model
        # This table comes first, since PostgreSQL is configured to join in the written order.
        rows = RowStatement(select().select_from(ids).join(model, model.id == ids.c.id))
        rows.add_resource(self.resource, model, {}, names=self._fields)
        return rows.statement

    def get_sort_values(self, row: Row, keys: int) -> tuple[Any, ...]:
        """Return a page row's values after the columns of the documents.

        :param keys: the number of the page's sort keys
        """
        first = self._width + len(self._batches)
        return tuple(row[first : first + keys])


class StoredRow:
    """A row that was read, with its document and its ETag for one caller's view permissions.

    :ivar id: the row's
    :ivar values: of the statement's columns
    """

    def __init__(self, serializer: ResourceSerializer, values: Row):
        self._serializer = serializer
        self.values = values
        self.id: int = values[0]

    def hiding(self, hidden: Hidden) -> "StoredRow":
        """Return the row for a caller who lacks these view permissions."""
        return StoredRow(self._serializer.hiding(hidden), self.values) if hidden else self

    @cached_property
    def document(self) -> Document:
        """Return the row's document."""
        return self._serializer.make_document(self.values)

    @cached_property
    def etag(self) -> str:
        """Return a value that changes with the row and with all rows that its document nests."""
        return self._serializer.make_etag(self.values)


def make_json_fragment(document: Document) -> orjson.Fragment:
    """Return a document as JSON, which all documents that nest it share."""
    # The copy takes only the bytes that it needs. orjson's own result occupies a buffer of some kilobytes:
    # 20,000 products took 90 MB.
    return orjson.Fragment(memoryview(orjson.dumps(document)).tobytes())


def _get_layout(
    resource: AnyResource, fields: Sequence[str] | None, hidden: Hidden = SHOW_ALL
) -> list[Any] | str:
    """Return the layout of a document, so that an ETag changes when a release or a permission changes the layout."""
    if resource.permission("view") in hidden:
        return "hidden"
    return [
        (field.name, _get_layout(field.resource, None, hidden) if field.resource else None)
        for field in resource.fields
        if fields is None or field.name in fields
    ]


def _hash(layout: Any) -> str:
    return blake2b(repr(layout).encode(), digest_size=4).hexdigest()
