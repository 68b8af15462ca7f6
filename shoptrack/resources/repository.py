"""The rows of a resource: how applications, commands and plugins read and write them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache, partial
from typing import Any

import orjson
from sqlalchemy import BigInteger, Connection, Select, bindparam
from sqlalchemy.orm import Session

from shoptrack.db.sessions import get_request
from shoptrack.errors import ValidationError
from shoptrack.i18n.currencies import Currency
from shoptrack.i18n.translation import _
from shoptrack.permissions import Permissions
from shoptrack.resources import row_warnings
from shoptrack.resources.bulk import BulkWriter
from shoptrack.resources.changes import RowWriter
from shoptrack.resources.deletion import RowDeleter
from shoptrack.resources.list_query import ListParameters, ListQuery
from shoptrack.resources.list_statements import MAX_CACHED_SHAPES as MAX_CACHED
from shoptrack.resources.list_statements import ListStatements, QueryShape, make_search
from shoptrack.resources.list_version import ListVersion
from shoptrack.resources.merging import RowMerger
from shoptrack.resources.pagination import Page, read_page
from shoptrack.resources.reassignment import ReassignedCounts, lock_existing, lock_rows
from shoptrack.resources.referrers import (
    Referrers,
    ReferringField,
    count_referrers,
    get_referring_fields,
    sum_visible,
)
from shoptrack.resources.resource import Resource
from shoptrack.resources.row_statements import Document, Row
from shoptrack.resources.schema import Values
from shoptrack.resources.serializers import ResourceSerializer, StoredRow, make_json_fragment
from shoptrack.resources.text_search import parse_search
from shoptrack.resources.visibility import SHOW_ALL, Hidden, get_hidden
from shoptrack.settings import Settings

CHUNK_ROWS = 1000  # rows of a long list in memory at a time


class Repository:
    """Reads and writes the rows of one resource in one application.

    Reading takes a connection, such as ``request.reader``, and the view permissions that the caller lacks
    (``get_hidden``). Writing takes a session, such as ``request.db``: each change is validated, published to
    subscribers and recorded in the history. The session knows the actor.
    """

    def __init__(self, resource: Resource, registry: Any):
        self.resource = resource
        self._registry = registry
        self._serializer = ResourceSerializer(resource)
        self._statements = lru_cache(MAX_CACHED)(self._make_statements)
        self._version = lru_cache(MAX_CACHED)(partial(ListVersion, resource))
        self._search = lru_cache(MAX_CACHED)(partial(make_search, self._serializer))

    @classmethod
    def of(cls, registry: Any, resource: type[Resource] | str) -> "Repository":
        """Return the application's repository of a resource.

        :param resource: its class, or the path of one that the application serves
        """
        path = resource if isinstance(resource, str) else resource.path
        repositories = registry[cls]
        if path not in repositories:
            if isinstance(resource, str):
                raise LookupError(f"This application serves no resource {resource!r}.")
            repositories.setdefault(path, cls(resource(), registry))
        return repositories[path]

    def register(self) -> None:
        """Register this repository in the application."""
        self._registry[type(self)][self.resource.path] = self

    @cached_property
    def parameters(self) -> ListParameters:
        """Return the query parameters of the resource's list."""
        return ListParameters(self.resource)

    @cached_property
    def referring_fields(self) -> list[ReferringField]:
        """Return the fields of this application's resources that refer to this one."""
        return get_referring_fields(self.resource, self._registry)

    @property
    def currency(self) -> Currency:
        """Return the household's currency."""
        return Settings.of(self._registry).currency

    def get_hidden(self, identity: Any, *others: Resource) -> Hidden:
        """Return the view permissions that an identity lacks, for these rows and all that they nest.

        :param identity: such as ``request.identity``
        :param others: further resources
        """
        declared = Permissions.of(self._registry).declared
        return get_hidden(identity, declared, (self.resource, *others))

    # Reading

    def get(self, connection: Connection, id: int, hidden: Hidden = SHOW_ALL) -> StoredRow | None:
        """Return a row, by one statement."""
        values = self._serializer.get_row(connection, id)
        return None if values is None else StoredRow(self._serializer.hiding(hidden), values)

    def get_many(
        self, connection: Connection, ids: Collection[int], hidden: Hidden = SHOW_ALL
    ) -> list[Document]:
        """Return the documents of those rows with these ids that exist, ordered by id."""
        return self._read(connection, self._by_ids, {"ids": [*ids]}, hidden)

    def read_values(
        self, connection: Connection, ids: Collection[int]
    ) -> dict[int, dict[str, Any]]:
        """Return the values of those rows with these ids that exist, by the keys of bodies."""
        found = connection.execute(self._by_ids, {"ids": [*ids]}).all()
        rows = self._serializer.complete(connection, found)
        return {row[0]: self._writer.get_values(row) for row in rows}

    def all(
        self, connection: Connection, query: ListQuery, hidden: Hidden = SHOW_ALL
    ) -> list[Document]:
        """Return all documents of a list, all of them in memory at once."""
        statements = self._statements(query.shape)
        serializer = statements.serializer.hiding(hidden)
        make_document = serializer.make_row_serializer()
        rows = connection.execute(statements.all_rows, query.values).all()
        return [make_document(row) for row in serializer.complete(connection, rows)]

    def page(self, connection: Connection, query: ListQuery, hidden: Hidden = SHOW_ALL) -> Page:
        """Read the page of a query by one statement."""
        return read_page(connection, self._statements(query.shape), query, hidden)

    def count(self, connection: Connection, query: ListQuery) -> int:
        """Return the number of documents of a list."""
        return connection.execute(self._statements(query.shape).count, query.values).scalar_one()

    def iterate(
        self, connection: Connection, query: ListQuery, hidden: Hidden = SHOW_ALL
    ) -> Iterator[Document]:
        """Yield all documents of a list, few of them in memory at a time."""
        statements = self._statements(query.shape)
        serializer = statements.serializer.hiding(hidden)
        make_document = serializer.make_row_serializer()
        for rows in connection.execute(statements.all_rows, query.values).partitions(CHUNK_ROWS):
            yield from map(make_document, serializer.complete(connection, rows))

    def stream(
        self, connection: Connection, query: ListQuery, hidden: Hidden = SHOW_ALL
    ) -> Iterator[bytes]:
        """Yield a whole list as JSON, in chunks of rows."""
        statements = self._statements(query.shape)
        serializer = statements.serializer.hiding(hidden)
        make_document = serializer.make_row_serializer(make_json_fragment)
        before = b"["
        for rows in connection.execute(statements.all_rows, query.values).partitions(CHUNK_ROWS):
            # Without its brackets a chunk can be joined to the next.
            documents = [make_document(row) for row in serializer.complete(connection, rows)]
            yield before + orjson.dumps(documents)[1:-1]
            before = b","
        yield b"[]" if before == b"[" else b"]"

    def get_version(
        self, connection: Connection, shape: QueryShape, hidden: Hidden = SHOW_ALL
    ) -> tuple[str | None, int]:
        """Return an ETag of all lists of one shape, and an upper bound of their length, by one statement.

        :returns: ``None`` as the ETag if the database does not count changes
        """
        version, newest = self._version(hidden).read(connection)
        layout = self._statements(shape).serializer.hiding(hidden).layout_hash
        return (None if version is None else f"{layout}-{version}"), newest

    def search(
        self,
        connection: Connection,
        text: str,
        limit: int,
        hidden: Hidden = SHOW_ALL,
        used_by: ReferringField | None = None,
    ) -> tuple[list[Document], bool]:
        """Return rows whose texts have each word, first names that begin with one, and whether these are all.

        :param hidden: view permissions that the caller lacks; the rows that require them are not searched
        :param used_by: a field whose newest rows use the rows to search, the last used ones first
        :raises InvalidText: the text cannot be searched
        """
        values = parse_search(text)
        statement = self._search(len(values), hidden, used_by)
        documents = self._read(connection, statement, values | {"limit": limit + 1}, hidden)
        return documents[:limit], len(documents) <= limit

    def find_referrers(
        self, connection: Connection, id: int, hidden: Hidden = SHOW_ALL, first: int = 5
    ) -> list[Referrers]:
        """Return the referrers of a row, for example before it is deleted.

        It takes one statement, and one more for each field by which any row refers.

        :param first: the number of rows to return of each kind
        """
        found = []
        fields = self.referring_fields
        for field, count in zip(fields, count_referrers(connection, fields, id), strict=True):
            if count and field.is_hidden(hidden):
                found.append(Referrers(field, None, []))
            elif count:
                other = self._get_other(field.resource)
                rows = other._serializer.select_where(field.refers_to_condition(id))
                statement = rows.order_by(field.resource.model.id).limit(first)
                documents = other._read(connection, statement, {}, hidden)
                found.append(Referrers(field, count, documents))
        return found

    def count_referrers(
        self, connection: Connection, id: int, hidden: Hidden = SHOW_ALL
    ) -> tuple[dict[str, int], bool]:
        """Return the numbers of visible referrers of a row, by their resources' paths, and whether there are others."""
        counts = count_referrers(connection, self.referring_fields, id)
        return sum_visible(self.referring_fields, counts, hidden)

    def make_documents(
        self, rows: Iterable[StoredRow], hidden: Hidden = SHOW_ALL
    ) -> list[Document]:
        """Return the documents of several rows. Rows that they nest are made once."""
        make_document = self._serializer.hiding(hidden).make_row_serializer()
        return [make_document(row.values) for row in rows]

    def find_warnings(
        self,
        db: Session | Connection,
        rows: Sequence[StoredRow | Values | row_warnings.CheckedRow],
        has_permission: row_warnings.HasPermission | None = None,
    ) -> list[row_warnings.RowWarning]:
        """Return what is unlikely about rows, in their order. It takes few statements for each 1,000 rows.

        :param db: a session, in which an error refuses no change, or a connection
        :param rows: stored ones, or the valid values of others by the keys of bodies
        :param has_permission: such as ``request.has_permission``: nothing is told of what the caller may not view
        """
        checked = row_warnings.make_checked_rows(rows, self._writer.get_values)
        context = self._registry, self.resource
        return row_warnings.find_warnings(*context, db, checked, has_permission)

    # Writing

    def lock(self, db: Session, id: int) -> StoredRow | None:
        """Return a row, locked until the transaction ends."""
        values = self._writer.lock(db, id)
        return None if values is None else StoredRow(self._serializer, values)

    def lock_many(self, db: Session, ids: Collection[int]) -> dict[int, StoredRow]:
        """Return those rows that exist by id, locked until the transaction ends."""
        found = lock_existing(db, self.resource, ids)
        return {row[0]: StoredRow(self._serializer, row) for row in self._writer.read(db, found)}

    def create(self, db: Session, body: Values) -> StoredRow:
        """Add a row.

        :raises ValidationError: naming each invalid value
        """
        return StoredRow(self._serializer, self._writer.create(db, body))

    def update(
        self, db: Session, row: StoredRow, body: Values, *, is_partial: bool = False
    ) -> StoredRow:
        """Change a locked row, and return its new state.

        :param is_partial: whether required fields may be left out
        :raises ValidationError: naming each invalid value
        """
        values = self._writer.update(db, row.values, body, is_partial=is_partial)
        return StoredRow(self._serializer, values)

    def delete(self, db: Session, row: StoredRow, *, is_alone: bool = False) -> None:
        """Delete a locked row without referrers, and the rows that belong to it.

        :param is_alone: whether rows that belong to it prevent the deletion
        :raises InUse: naming the kinds and numbers of the referrers, as far as the caller may view them
        """
        self._deleter.delete(db, row.values, is_alone=is_alone)

    def restore(self, db: Session, id: int, values: Values) -> StoredRow:
        """Add a row that was deleted, with its id.

        :param values: of its fields by key, also of those that are read-only, as Python values
        :raises ValidationError: naming each value that a constraint rejects
        """
        return StoredRow(self._serializer, self._writer.restore(db, id, values))

    def create_many(self, db: Session, bodies: Sequence[Any]) -> list[StoredRow]:
        """Add rows, all or none, and return them in the order of their bodies.

        :raises ItemErrors: naming each invalid value of each item
        """
        return self._store_all(self._bulk_writer.create(db, bodies))

    def update_many(self, db: Session, bodies: Sequence[Any]) -> list[StoredRow]:
        """Change rows, all or none. Each body has the row's ``id`` and the values to change.

        :raises ItemErrors: naming each invalid value of each item
        """
        return self._store_all(self._bulk_writer.update(db, bodies))

    def delete_many(self, db: Session, ids: Sequence[Any]) -> None:
        """Delete rows without referrers, and the rows that belong to them, all or none.

        :raises ItemErrors: naming each row that does not exist
        :raises ItemsInUse: naming each row that others refer to
        :raises InUse: naming the tables without a resource that refer to any
        """
        self._deleter.delete_many(db, ids)

    def reassign(self, db: Session, source: int, target: int) -> ReassignedCounts:
        """Reassign all referrers of one row to another.

        :raises NotFound: one of the rows does not exist
        :raises Conflict: a unique constraint does not allow some rows, or the rows have different units
        """
        if source == target:
            noun = self.resource.noun()
            raise ValidationError({"target": [_("Choose another ${noun}.", noun=noun)]})
        lock_rows(db, self.resource, {source, target})
        factors = self.merger.find_factors(db, source, target)
        return self.merger.reassign(db, [source], target, factors)

    def merge(
        self, db: Session, keep: int, others: Collection[int], convert: Fraction | None = None
    ) -> ReassignedCounts:
        """Merge rows into one: reassign their referrers to it, then delete them.

        :param convert: how many of the kept row's unit one of the others' unit is
        :raises NotFound: one of the rows does not exist
        :raises Conflict: a unique constraint does not allow some rows, or the rows have different units
        """
        return self.merger.merge(db, keep, others, convert).counts

    @cached_property
    def merger(self) -> RowMerger:
        """Return what merges rows, and plans it."""
        fields, find_hidden = self.referring_fields, self._get_hidden_from
        return RowMerger(self._writer, fields, self._find_writer, find_hidden, self._deleter)

    # For this package only

    def _get_other(self, resource: Resource) -> "Repository":
        return Repository.of(self._registry, resource.path)

    def _find_writer(self, resource: Resource) -> RowWriter:
        return self._get_other(resource)._writer

    def _find_deleter(self, resource: Resource) -> RowDeleter:
        return self._get_other(resource)._deleter

    @cached_property
    def _writer(self) -> RowWriter:
        return RowWriter(self._serializer)

    @cached_property
    def _bulk_writer(self) -> BulkWriter:
        return BulkWriter(self._writer)

    @cached_property
    def _deleter(self) -> RowDeleter:
        fields, find_hidden = self.referring_fields, self._get_hidden_from
        writers = self._writer, self._bulk_writer
        return RowDeleter(self._registry, *writers, fields, find_hidden, self._find_deleter)

    def _store_all(self, rows: Iterable[Row]) -> list[StoredRow]:
        return [StoredRow(self._serializer, row) for row in rows]

    @cached_property
    def _by_ids(self) -> Select:
        ids, id = bindparam("ids", type_=BigInteger, expanding=True), self.resource.model.id
        return self._serializer.select_where(id.in_(ids)).order_by(id)

    def _make_statements(self, shape: QueryShape) -> ListStatements:
        fields = shape.fields
        serializer = ResourceSerializer(self.resource, fields) if fields else self._serializer
        return ListStatements(serializer, shape)

    def _read(
        self, connection: Connection, statement: Select, values: dict[str, Any], hidden: Hidden
    ) -> list[Document]:
        make_document = self._serializer.hiding(hidden).make_row_serializer()
        rows = self._serializer.complete(connection, connection.execute(statement, values).all())
        return [make_document(row) for row in rows]

    def _get_hidden_from(self, db: Session, *resources: Resource) -> Hidden:
        """Return the view permissions that the session's actor lacks; a command may view everything."""
        request = get_request(db)
        return SHOW_ALL if request is None else self.get_hidden(request.identity, *resources)
