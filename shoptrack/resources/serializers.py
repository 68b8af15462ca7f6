"""Serializers: one statement with all joins reads plain rows, from which documents are made."""

from collections.abc import Callable, Sequence
from copy import copy
from hashlib import blake2b
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, Connection, Select, Subquery, bindparam, select
from sqlalchemy.orm import aliased

from shoptrack.resources.fields import Field
from shoptrack.resources.resource import AnyResource
from shoptrack.resources.visibility import SHOW_ALL, Hidden, HiddenRow

Document = dict[str, Any]
Row = Sequence[Any]
RowSerializer = Callable[[Row], Document]
NestedSerializer = Callable[[Document], Any]  # makes the value of a nested document
Reader = Callable[[Row], Any]
Member = tuple[str, Callable[[NestedSerializer, Hidden], Reader]]


class ResourceSerializer:
    """The serializer of one resource. It is made once, and keeps statements but no connection.

    :param fields: the names of the documents' fields, default all
    """

    def __init__(self, resource: AnyResource, fields: Sequence[str] | None = None):
        self.resource = resource
        self.layout_hash = _hash(_get_layout(resource, fields))
        self.hidden = SHOW_ALL
        self.positions: dict[str, int] = {}  # of own columns in a row, by the model's attribute
        self._fields = fields
        self._visible: list[int] | None = None  # positions of columns, None for all
        model = resource.model
        self._needs: list[frozenset[str]] = []  # the permissions to view each column
        self._statement, self._members = _extend(
            select().select_from(model),
            self._needs,
            resource,
            model,
            fields=fields,
            positions=self.positions,
        )
        self._width = len(self._statement.selected_columns)
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
        serializer._visible = [n for n, need in enumerate(self._needs) if need.isdisjoint(hidden)]
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
        return _combine(self._members, nest, self.hidden)

    def make_document(self, row: Row) -> Document:
        """Return the document of one row."""
        return self.make_row_serializer()(row)

    def get_row(self, connection: Connection, id: int) -> Row | None:
        """Return the row with this id, by one statement."""
        return connection.execute(self._one, {"id": id}).first()

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
        rows = select().select_from(ids).join(model, model.id == ids.c.id)
        return _extend(rows, [], self.resource, model, fields=self._fields)[0]

    def get_sort_values(self, row: Row, keys: int) -> tuple[Any, ...]:
        """Return a page row's values after the columns of the documents.

        :param keys: the number of the page's sort keys
        """
        return tuple(row[self._width : self._width + keys])


def _extend(
    statement: Select,
    needs: list[frozenset[str]],
    resource: AnyResource,
    entity: Any,
    *,
    is_optional: bool = False,
    path: frozenset[str] = frozenset(),
    fields: Sequence[str] | None = None,
    positions: dict[str, int] | None = None,
) -> tuple[Select, list[Member]]:
    """Add the columns of a resource and of the resources that it nests to a statement, by one join each.

    :param needs: the permissions to view each column that the statement selects already; rows are read by position
    :param is_optional: whether the row itself may be missing, and with it all that it nests
    :param path: the permissions to view the row that refers to this one, and so to see its id
    :param positions: takes the positions of the resource's own columns, by the model's attributes
    :returns: the statement, and the fields of a document: each a name and a factory of readers
    """
    members: list[Member] = []
    positions = {} if positions is None else positions
    own = path | {resource.permission("view")}

    def add(attribute: str, need: frozenset[str]) -> Reader:
        nonlocal statement
        if attribute not in positions:
            positions[attribute] = len(needs)
            needs.append(need)
            statement = statement.add_columns(getattr(entity, attribute))
        return itemgetter(positions[attribute])

    if fields is None or "id" in fields:
        id = add("id", path)
        members.append(("id", lambda nest, hidden: id))
    for field in resource.fields:
        if fields is not None and field.name not in fields:
            continue
        if field.resource is not None:
            target = aliased(field.resource.model)
            outer = is_optional or not field.required
            condition = getattr(entity, field.key) == target.id
            statement = statement.join(target, condition, isouter=outer)
            positions[field.key] = len(needs)  # the id of the referenced row
            key = itemgetter(len(needs))
            statement, nested = _extend(
                statement, needs, field.resource, target, is_optional=outer, path=own
            )
            members.append((field.name, _make_nested_reader(field.resource, key, nested)))
        else:
            columns = [add(attribute, own) for attribute in field.attributes]
            members.append((field.name, _make_reader(field, columns)))
    return statement, members


def _make_reader(
    field: Field, columns: Sequence[Reader]
) -> Callable[[NestedSerializer, Hidden], Reader]:
    reader = field.make_reader(columns)
    return lambda nest, hidden: reader


def make_json_fragment(document: Document) -> orjson.Fragment:
    """Return a document as JSON, which all documents that nest it share."""
    # The copy takes only the bytes that it needs. orjson's own result occupies a buffer of some kilobytes:
    # 20,000 products took 90 MB.
    return orjson.Fragment(memoryview(orjson.dumps(document)).tobytes())


def _make_nested_reader(
    resource: AnyResource, key: Reader, members: list[Member]
) -> Callable[[NestedSerializer, Hidden], Reader]:
    """Return the factory of a reader that makes each nested document once."""
    permission = resource.permission("view")

    def factory(nest: NestedSerializer, hidden: Hidden) -> Reader:
        make: RowSerializer = (
            (lambda row: HiddenRow(id=key(row)))
            if permission in hidden
            else _combine(members, nest, hidden)
        )
        known: dict[Any, Any] = {None: None}

        def read(row: Row) -> Any:
            id = key(row)
            if id not in known:
                known[id] = nest(make(row))
            return known[id]

        return read

    return factory


def _combine(members: list[Member], nest: NestedSerializer, hidden: Hidden) -> RowSerializer:
    readers = [(name, factory(nest, hidden)) for name, factory in members]
    return lambda row: {name: read(row) for name, read in readers}


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
