"""Writing rows: validate a change, send it as one statement, and publish it.

Two requests may pass a check at the same time, so the database decides: every rule of a resource has a constraint
(`shoptrack.resources.resource_checks`). The rules are not queried beforehand. Only after the database has rejected a
change, they are queried for the messages to the client. Most bodies are valid, so this saves a statement.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from shoptrack.db.sessions import get_database
from shoptrack.errors import DomainError, ValidationError
from shoptrack.events import RowAdded, RowChanged, RowDeleted, RowEvent, has_subscribers, publish
from shoptrack.i18n.translation import _
from shoptrack.resources.resource import Resource
from shoptrack.resources.schema import Errors, Values
from shoptrack.resources.serializers import Document, ResourceSerializer, Row
from shoptrack.resources.validators import DatabaseValidator


class ConcurrentUpdate(DomainError):
    """Another request changed the data that the database refused this change for."""

    component_name = "ConcurrentUpdate"  # the name in generated clients
    status = 409
    detail = _("Another request changed the same data at the same time. Try again.")


class RowWriter:
    """Writes the rows of one resource. It is made once, and keeps only statements."""

    def __init__(self, serializer: ResourceSerializer):
        self._serializer = serializer
        self._resource: Resource = serializer.resource  # type: ignore[assignment]
        self._validator = DatabaseValidator(self._resource)
        mapper = self._resource.model.__mapper__
        self._table = self._resource.model.__table__
        self._columns = {one.key: one.columns[0] for one in mapper.column_attrs}
        id = self._table.c.id == bindparam("row_id", type_=BigInteger)
        self._lock = select(self._table.c.id).where(id).with_for_update()
        self._insert = insert(self._table).returning(self._table.c.id)
        self._own = [key for key in serializer.positions if key in self._columns]
        own = [self._columns[key] for key in self._own]
        self._update = update(self._table).where(id).returning(*own)
        self._delete = delete(self._table).where(id)

    def lock(self, db: Session, id: int) -> Row | None:
        """Return a row, locked until the transaction ends.

        PostgreSQL locks the id first. A single statement that locks and joins could miss the row: while it waits,
        another transaction may change a reference of the row.
        """
        connection = _connect(db, self._resource.model)
        is_alone = get_database(db).is_sqlite  # its write transaction locks the whole file
        if not is_alone and connection.scalar(self._lock, {"row_id": id}) is None:
            return None
        return self._serializer.get_row(connection, id)

    def create(self, db: Session, body: Values) -> Row:
        """Add a row.

        :raises ValidationError: naming each invalid value
        """
        values = self._validate(db, body)
        connection = _connect(db, self._resource.model)
        stored = self._store(values)
        id = self._execute(
            db, lambda: connection.scalar(self._insert, stored), lambda c: self._explain(c, values)
        )
        row = self._get_row(connection, id)
        if has_subscribers(db, RowAdded):
            document = self._serializer.make_document(row)
            self._publish(db, RowAdded, document, {}, document)
        return row

    def update(self, db: Session, row: Row, body: Values, *, is_partial: bool) -> Row:
        """Change a locked row, and return its new state.

        :param is_partial: whether required fields may be left out
        :raises ValidationError: naming each invalid value
        """
        id, positions = row[0], self._serializer.positions
        values = self._validate(db, body, is_partial=is_partial, id=id)
        changed = {key: value for key, value in values.items() if row[positions[key]] != value}
        if not changed:
            return row
        connection = _connect(db, self._resource.model)
        parameters = {**self._store(changed), "row_id": id}
        own = self._execute(
            db,
            lambda: connection.execute(self._update, parameters).one(),
            lambda c: self._explain(c, values, id),
        )
        references = {field.key for field in self._resource.references()}
        if references.isdisjoint(changed):
            after = list(row)
            for key, value in zip(self._own, own, strict=True):
                after[positions[key]] = value
            new: Row = tuple(after)
        else:
            new = self._get_row(connection, id)
        if has_subscribers(db, RowChanged):
            self._publish_change(db, row, new)
        return new

    def delete(self, db: Session, row: Row, explain: Callable[[Connection], None]) -> None:
        """Delete a locked row.

        :param explain: raises the error for the client if a constraint prevents the deletion
        """
        connection = _connect(db, self._resource.model)
        self._execute(db, lambda: connection.execute(self._delete, {"row_id": row[0]}), explain)
        if has_subscribers(db, RowDeleted):
            document = self._serializer.make_document(row)
            self._publish(db, RowDeleted, document, document, {})

    def _validate(
        self, db: Session, body: Values, *, is_partial: bool = False, id: int | None = None
    ) -> Values:
        values, errors = self._resource.schema.load(body, is_partial=is_partial)
        if errors:  # Report all errors of a body at once.
            errors |= self._validator.find_errors(db.connection(), values, id)
        in_order = (*(field.key for field in self._resource.fields), *errors)
        _raise_errors({name: errors[name] for name in in_order if name in errors})
        return values

    def _explain(self, connection: Connection, values: Values, id: int | None = None) -> None:
        _raise_errors(self._validator.find_errors(connection, values, id))

    def _store(self, values: Values) -> dict[str, Any]:
        """Return the values of all columns that store the given values, by column name."""
        model = self._resource.model
        stored: dict[str, Any] = {}
        for field in self._resource.fields:
            if field.key in values:
                stored |= field.store(model, values[field.key])
        return {self._columns[key].key: value for key, value in stored.items()}

    def _get_row(self, connection: Connection, id: int) -> Row:
        row = self._serializer.get_row(connection, id)
        assert row is not None, "the transaction wrote it"
        return row

    def _publish_change(self, db: Session, row: Row, new: Row) -> None:
        before, after = map(self._serializer.make_document, (row, new))
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
        label = self._resource.label(document)
        publish(kind(db, self._resource, document["id"], label, before, after))

    @staticmethod
    def _execute(
        db: Session, call: Callable[[], Any], explain: Callable[[Connection], None]
    ) -> Any:
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


def _connect(db: Session, model: Any) -> Connection:
    """Return the session's connection, and synchronize the session's objects before and after."""
    if db.new or db.dirty or db.deleted:
        db.flush()
    for row in db.identity_map.values():
        if isinstance(row, model):
            db.expire(row)
    return db.connection()


def _raise_errors(errors: Errors) -> None:
    if errors:
        raise ValidationError(errors)
