"""Writing rows: validate a change, send it as one statement, and publish it.

Two requests may pass a check at the same time, so the database decides: every rule of a resource has a constraint
(`shoptrack.resources.resource_checks`). The rules are not queried beforehand. Only after the database has rejected a
change, they are queried for the messages to the client. Most bodies are valid, so this saves a statement.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from shoptrack.db.sessions import get_database
from shoptrack.errors import DomainError, ValidationError
from shoptrack.events import (
    BeforeRowsAdded,
    BeforeRowsChanged,
    BeforeRowsDeleted,
    BeforeRowsEvent,
    RowAdded,
    RowChange,
    RowChanged,
    RowEvent,
    has_subscribers,
    publish,
)
from shoptrack.i18n.translation import _
from shoptrack.resources.extension_rows import ExtensionRows
from shoptrack.resources.resource import Resource
from shoptrack.resources.row_statements import Document, Row
from shoptrack.resources.schema import Errors, Values
from shoptrack.resources.serializers import ResourceSerializer
from shoptrack.resources.validators import DatabaseValidator


class ConcurrentUpdate(DomainError):
    """Another request changed the data that the database refused this change for."""

    component_name = "ConcurrentUpdate"  # the name in generated clients
    status = 409
    detail = _("Another request changed the same data at the same time. Try again.")


class RowWriter:
    """Writes the rows of one resource. It is made once, and keeps only statements."""

    def __init__(self, serializer: ResourceSerializer):
        self.serializer = serializer
        self.resource: Resource = serializer.resource  # type: ignore[assignment]
        self.validator = DatabaseValidator(self.resource)
        mapper = self.resource.model.__mapper__
        self.table = self.resource.model.__table__
        self.columns = {one.key: one.columns[0] for one in mapper.column_attrs}
        id = self.table.c.id == bindparam("row_id", type_=BigInteger)
        self._lock = select(self.table.c.id).where(id).with_for_update()
        self._insert = insert(self.table).returning(self.table.c.id)
        keys = {field.key for one in self.resource.extensions for field in one.stored_fields}
        self._own = [key for key in serializer.positions if key in self.columns.keys() - keys]
        own = [self.columns[key] for key in self._own]
        self._update = update(self.table).where(id).returning(*own)
        self._delete = delete(self.table).where(id)
        fields = self.resource.own_fields()
        self._stores = [(field.key, field.store) for field in fields]
        self._names = {key: column.key for key, column in self.columns.items()}
        self.empty = {one.key: one.default for one in self.resource.schema.writable}
        self.defaults = {one.key: one.default for one in fields if one.default is not None}
        # Fields whose change changes more of the row than their own columns.
        self._rereads = {one.key for one in self.resource.references()}
        if any(one.batch for one in self.resource.fields):
            self._rereads |= {one.key for one in self.resource.fields}
        stored = (one for one in self.resource.extensions if one.stored_fields)
        self.extensions = [ExtensionRows(one) for one in stored]

    def lock(self, db: Session, id: int) -> Row | None:
        """Return a row, locked until the transaction ends.

        PostgreSQL locks the id first. A single statement that locks and joins could miss the row: while it waits,
        another transaction may change a reference of the row.
        """
        connection = connect(db, self.resource.model)
        is_alone = get_database(db).is_sqlite  # its write transaction locks the whole file
        if not is_alone and connection.scalar(self._lock, {"row_id": id}) is None:
            return None
        return self.serializer.get_row(connection, id)

    def create(self, db: Session, body: Values) -> Row:
        """Add a row.

        :raises ValidationError: naming each invalid value
        """
        return self._add(db, self.defaults | self._validate(db, body))

    def restore(self, db: Session, id: int, values: Values) -> Row:
        """Add a row that was deleted, with its id.

        :param values: as Python values
        :raises ValidationError: naming each value that a constraint rejects
        """
        return self._add(db, self.defaults | values, id)

    def _add(self, db: Session, values: Values, id: int | None = None) -> Row:
        self._check_one(db, BeforeRowsAdded, RowChange(None, {}, self.empty | values))
        connection = connect(db, self.resource.model)
        stored = self.store(values) | ({} if id is None else {"id": id})

        def add() -> int:
            id = connection.scalar(self._insert, stored)
            for extension in self.extensions:
                extension.write(connection, [(id, values)], is_new=True)
            return id

        id = execute(db, add, lambda c: self._explain(c, values))
        row = self._get_row(connection, id)
        if has_subscribers(db, RowAdded):
            document = self.serializer.make_document(row)
            self._publish(db, RowAdded, document, {}, document)
        return row

    def update(self, db: Session, row: Row, body: Values, *, is_partial: bool) -> Row:
        """Change a locked row, and return its new state.

        :param is_partial: whether required fields may be left out
        :raises ValidationError: naming each invalid value
        """
        id, positions = row[0], self.serializer.positions
        values = self._validate(db, body, is_partial=is_partial, id=id)
        changed = {key: value for key, value in values.items() if row[positions[key]] != value}
        if not changed:
            return row
        if self.is_checked(db, BeforeRowsChanged):
            old = self.get_values(row)
            self._check_one(db, BeforeRowsChanged, RowChange(id, old, old | changed))
        connection = connect(db, self.resource.model)
        stored = self.store(changed)

        def change() -> tuple[Row | None, bool]:
            own = None
            if stored:
                own = connection.execute(self._update, {**stored, "row_id": id}).one()
            extended = [
                extension.write(connection, [(id, changed)], is_new=False)
                for extension in self.extensions
            ]
            return own, any(extended)

        own, is_extended = execute(db, change, lambda c: self._explain(c, values, id))
        if own is None or is_extended or not self._rereads.isdisjoint(changed):
            new = self._get_row(connection, id)
        else:
            after = list(row)
            for key, value in zip(self._own, own, strict=True):
                after[positions[key]] = value
            new = tuple(after)
        if has_subscribers(db, RowChanged):
            self._publish_change(db, row, new)
        return new

    def delete(
        self,
        db: Session,
        row: Row,
        explain: Callable[[Connection], None],
        delete_owned: Callable[[], None],
    ) -> None:
        """Delete a locked row. Its event is the caller's.

        :param explain: raises the error for the client if a constraint prevents the deletion
        :param delete_owned: deletes the rows that belong to it, once plugins have checked the deletion
        """
        if self.is_checked(db, BeforeRowsDeleted):
            self._check_one(db, BeforeRowsDeleted, RowChange(row[0], self.get_values(row), {}))
        delete_owned()
        connection = connect(db, self.resource.model)
        execute(db, lambda: connection.execute(self._delete, {"row_id": row[0]}), explain)

    def read(self, db: Session, ids: Collection[int]) -> Sequence[Row]:
        """Return rows ordered by id, by one statement."""
        id, connection = self.resource.model.id, db.connection()
        # An id in a request may exceed the column's type.
        wanted = bindparam("ids", type_=BigInteger, expanding=True)
        statement = self.serializer.select_where(id.in_(wanted)).order_by(id)
        rows = connection.execute(statement, {"ids": [*ids]}).all()
        return self.serializer.complete(connection, rows)

    @contextmanager
    def hand_over(self, db: Session, sources: Sequence[int], target: int) -> Iterator[None]:
        """Give the values of extensions to another locked row, as far as it has none.

        The ``with`` block deletes the sources. Only then the change is published: an undo goes back from the last
        change, and takes a unique value from the other row before it restores its source.
        """
        if not self.extensions:
            yield
            return
        connection = connect(db, self.resource.model)
        before = self._get_row(connection, target)
        for extension in self.extensions:
            extension.hand_over(connection, sources, target)
        yield
        if has_subscribers(db, RowChanged):
            self._publish_change(db, before, self._get_row(connection, target))

    def _validate(
        self, db: Session, body: Values, *, is_partial: bool = False, id: int | None = None
    ) -> Values:
        values, errors = self.resource.schema.load(body, is_partial=is_partial)
        if errors:  # Report all errors of a body at once.
            errors |= self.validator.find_errors(db.connection(), values, id)
        in_order = (*(field.key for field in self.resource.fields), *errors)
        raise_errors({name: errors[name] for name in in_order if name in errors})
        return values

    def get_values(self, row: Row) -> Values:
        """Return a row's values by the keys of bodies."""
        positions = self.serializer.positions
        return {
            field.key: row[positions[field.key]]
            for field in self.resource.fields
            if field.key in positions
        }

    def is_checked(self, db: Session, kind: type[BeforeRowsEvent]) -> bool:
        """Return whether plugins check this kind of change."""
        return bool(self.resource.validators) or has_subscribers(db, kind)

    def check(self, db: Session, kind: type[BeforeRowsEvent], *changes: RowChange) -> None:
        """Let plugins check changes that are valid by the resource's description. The changes take their errors."""
        if kind is not BeforeRowsDeleted:
            for validator in self.resource.validators:
                validator(db, changes)
        if has_subscribers(db, kind):
            publish(kind(db, self.resource, changes))

    def _check_one(self, db: Session, kind: type[BeforeRowsEvent], change: RowChange) -> None:
        self.check(db, kind, change)
        raise_errors(change.errors)

    def _explain(self, connection: Connection, values: Values, id: int | None = None) -> None:
        raise_errors(self.validator.find_errors(connection, values, id))

    def store(self, values: Values) -> dict[str, Any]:
        """Return the values of all columns that store the given values, by column name."""
        stored: dict[str, Any] = {}
        for key, store in self._stores:
            if key in values:
                stored.update(store(self.resource.model, values[key]))
        return {self._names[key]: value for key, value in stored.items()}

    def _get_row(self, connection: Connection, id: int) -> Row:
        row = self.serializer.get_row(connection, id)
        assert row is not None, "the transaction wrote it"
        return row

    def _publish_change(self, db: Session, row: Row, new: Row) -> None:
        before, after = map(self.serializer.make_document, (row, new))
        names = [name for name in after if after[name] != before[name]]
        if names:
            old, changed = ({name: one[name] for name in names} for one in (before, after))
            self._publish(db, RowChanged, after, old, changed)

    def _publish(
        self,
        db: Session,
        kind: type[RowEvent],
        document: Document,
        before: Document,
        after: Document,
    ) -> None:
        label = self.resource.label(document)
        publish(kind(db, self.resource, document["id"], label, before, after))


def execute(db: Session, call: Callable[[], Any], explain: Callable[[Connection], None]) -> Any:
    """Execute a change. If a constraint rejects it, ``explain`` raises the error for the client.

    ``explain`` uses a connection of its own, because PostgreSQL allows no query in a failed transaction.
    """
    try:
        return call()
    except (IntegrityError, DataError) as error:  # the latter: an id is larger than its column
        with get_database(db).read_engine.connect() as connection:
            explain(connection)
        if isinstance(error, DataError):
            raise
        raise ConcurrentUpdate from None


def connect(db: Session, model: Any) -> Connection:
    """Return the session's connection, and synchronize the session's objects before and after."""
    if db.new or db.dirty or db.deleted:
        db.flush()
    for row in db.identity_map.values():
        if isinstance(row, model):
            db.expire(row)
    return db.connection()


def raise_errors(errors: Errors) -> None:
    """Raise the error for the client if there are messages."""
    if errors:
        raise ValidationError(errors)
