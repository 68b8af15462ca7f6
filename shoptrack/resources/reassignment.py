"""Reassigning the referrers of rows to another row."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Index,
    UniqueConstraint,
    bindparam,
    exists,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from shoptrack.db.sessions import get_database
from shoptrack.errors import Conflict, NotFound
from shoptrack.events import (
    BeforeRowsChanged,
    RowChange,
    RowChanged,
    has_subscribers,
    publish_batch,
)
from shoptrack.i18n.translation import _
from shoptrack.resources.bulk import BulkWriter
from shoptrack.resources.changes import RowWriter, raise_errors
from shoptrack.resources.conversions import MAX_LISTED_ROWS, Conversion, InexactConversion
from shoptrack.resources.fields import InvalidValue
from shoptrack.resources.referrers import ReferringField
from shoptrack.resources.resource import Resource
from shoptrack.resources.row_statements import Document, Row
from shoptrack.resources.schema import Values
from shoptrack.resources.serializers import ResourceSerializer
from shoptrack.resources.visibility import Hidden

BATCH_ROWS = 500  # per batch, which is in memory if there are subscribers
MAX_IDS = 50_000  # in memory at a time

ReassignedCounts = dict[str, int]  # numbers of reassigned rows, by the path of their resource
FindHidden = Callable[[Resource], Hidden]


class ReassignmentConflict(Conflict):
    """Rows cannot refer to another one, because rows of which one may exist refer to it already.

    :param rows: the labels of some of them, by id
    """

    code = "cannot_move"

    def __init__(self, referring: ReferringField, rows: Mapping[int, str]):
        self.rows = [{"id": id, "label": str(label)} for id, label in rows.items()]
        self._path = referring.resource.path
        named = f" ({', '.join(rows.values())})" if rows else ""
        message = _(
            "Cannot change the ${field} of some ${rows}${named}: that would create duplicates. "
            "Change or delete them first.",
            rows=referring.resource.plural(),
            named=named,
            field=referring.field.verbose_name,
        )
        super().__init__(message)

    def body(self) -> dict[str, Any]:
        """Return the message, and some of the rows."""
        return super().body() | {"resource": self._path, "rows": self.rows}


class MissingRows(NotFound):
    """Rows do not exist.

    :param ids: of these rows
    """

    def __init__(self, resource: Resource, ids: Sequence[int]):
        self.ids = ids
        super().__init__(_("There is no ${noun} ${id}.", noun=resource.noun(), id=ids[0]))


def lock_rows(db: Session, resource: Resource, ids: Collection[int]) -> None:
    """Lock rows, so that no request deletes them or adds references to them.

    :raises MissingRows: some do not exist
    """
    missing = sorted(set(ids) - lock_existing(db, resource, ids))
    if missing:
        raise MissingRows(resource, missing)


def lock_existing(db: Session, resource: Resource, ids: Collection[int]) -> set[int]:
    """Lock those rows that exist, and return their ids.

    They are locked in one order, so that two requests for the same rows cannot deadlock.
    """
    model = resource.model
    wanted = bindparam("ids", type_=BigInteger, expanding=True)
    statement = select(model.id).where(model.id.in_(wanted)).order_by(model.id).with_for_update()
    return set(db.scalars(statement, {"ids": list(ids)}))


@dataclass
class Reassignment:
    """Reassigns the referrers of locked rows to another, by one field.

    :param sources: the ids of the locked rows
    :param target: the id of the other one
    :param conversion: of the values that the reference measures
    :param find_hidden: returns the view permissions that the caller lacks, for a resource
    """

    db: Session
    referring: ReferringField
    sources: Sequence[int]
    target: int
    conversion: Conversion | None
    writer: RowWriter
    find_hidden: FindHidden

    def __post_init__(self):
        conversion = self.conversion
        self._measured = conversion.get_fields(self.referring) if conversion else []
        self._is_published = has_subscribers(self.db, RowChanged)
        self._is_checked = self.writer.is_checked(self.db, BeforeRowsChanged)

    def run(self) -> int:
        """Reassign the rows, few of them in memory at a time, and return their number.

        :raises ReassignmentConflict: a unique constraint does not allow some rows
        :raises InexactConversion: a value cannot be converted exactly
        :raises ValidationError: a plugin refuses a change
        """
        return sum(self._reassign(ids, rows) for ids, rows in self._read_batches(is_locked=True))

    def get_checks(self) -> list[Callable[[], None]]:
        """Return functions that raise the errors of ``run`` that depend on values, and change nothing."""
        connection = self.db.connection()
        return [
            lambda: self._raise_inexact(connection),
            lambda: self.raise_duplicates(connection),
            self._check_rules,
        ]

    def _check_rules(self) -> None:
        if not self._is_checked:
            return
        for _ids, rows in self._read_batches(is_locked=False):
            try:
                converted = [self._convert(row) for row in rows]
            except InvalidValue:
                return  # another check tells it
            self._check(rows, converted)

    def _read_batches(self, *, is_locked: bool) -> Iterator[tuple[list[int], Sequence[Row]]]:
        """Yield the ids of the rows in order, with the rows if they are needed."""
        model = self.referring.resource.model
        last = bindparam("last", type_=BigInteger)
        statement = (
            select(model.id)
            .where(self.referring.refers_to_condition(*self.sources), model.id > last)
            .order_by(model.id)
            .limit(MAX_IDS)
        )
        if is_locked:
            statement = statement.with_for_update()
        is_read = self._is_published or self._is_checked or self._measured
        ids = list(self.db.scalars(statement, {"last": -(2**63)}))
        while ids:
            for first in range(0, len(ids), BATCH_ROWS):
                batch = ids[first : first + BATCH_ROWS]
                yield batch, self.writer.read(self.db, batch) if is_read else []
            ids = list(self.db.scalars(statement, {"last": ids[-1]}))

    def _reassign(self, ids: list[int], rows: Sequence[Row]) -> int:
        db, field, writer = self.db, self.referring.field, self.writer
        try:
            converted = [self._convert(row) for row in rows]
        except InvalidValue:
            with get_database(db).read_engine.connect() as connection:
                self._raise_inexact(connection)
            raise
        if self._is_checked:
            self._check(rows, converted)
        model = self.referring.model
        try:
            if self._measured:
                changed = {
                    row[0]: {**values, field.key: self.target}
                    for row, values in zip(rows, converted, strict=True)
                }
                BulkWriter(writer).write(db.connection(), changed)
            else:
                db.execute(update(model).where(model.id.in_(ids)).values({field.key: self.target}))
        except IntegrityError:
            with get_database(db).read_engine.connect() as connection:
                self.raise_duplicates(connection)
            raise ReassignmentConflict(self.referring, {}) from None
        if self._is_published:
            self._publish(rows, converted)
        return len(ids)

    def _convert(self, row: Row) -> Values:
        if self.conversion is None or not self._measured:
            return {}
        values = self.writer.get_values(row)
        return self.conversion.convert(self._measured, values, values[self.referring.field.key])

    def _check(self, rows: Sequence[Row], converted: Sequence[Values]) -> None:
        changes = []
        for row, values in zip(rows, converted, strict=True):
            old = self.writer.get_values(row)
            new = old | values | {self.referring.field.key: self.target}
            changes.append(RowChange(row[0], old, new))
        self.writer.check(self.db, BeforeRowsChanged, *changes)
        for change in changes:
            raise_errors(change.errors)

    def _publish(self, rows: Sequence[Row], converted: Sequence[Values]) -> None:
        resource, field = self.referring.resource, self.referring.field
        make_document = self.writer.serializer.make_row_serializer()
        target = _read_document(self.db, field.resource(), self.target)
        events = []
        for row, values in zip(rows, converted, strict=True):
            document = make_document(row)
            after = {field.name: target}
            for one in self._measured:
                if (
                    one.key in values
                    and values[one.key] != row[self.writer.serializer.positions[one.key]]
                ):
                    after[one.name] = one.dump(values[one.key])
            before = {name: document[name] for name in after}
            label = resource.label(document | after)
            events.append(RowChanged(self.db, resource, row[0], label, before, after, True))
        publish_batch(events)

    # Errors

    def _raise_inexact(self, connection: Connection) -> None:
        if self.conversion is None:
            return
        field, count, ids = self.conversion.find_inexact(connection, self.referring)
        if count:
            rows = self._read_labels(connection, self.referring.resource.model.id.in_(ids))
            raise InexactConversion(self.referring, field, count, rows)

    def raise_duplicates(self, connection: Connection) -> None:
        """Raise the error about rows that would become duplicates.

        :raises ReassignmentConflict: naming some rows, as far as the caller may view them
        """
        referring, model = self.referring, self.referring.model
        ids = [*self.sources, self.target]
        rules: list[Any] = [*model.__table__.constraints, *model.__table__.indexes]
        for rule in rules:
            is_index = isinstance(rule, Index) and rule.unique
            names = [column.key for column in rule.columns]
            if (
                not (isinstance(rule, UniqueConstraint) or is_index)
                or referring.field.key not in names
            ):
                continue
            other = aliased(model)
            same = [
                getattr(other, name) == getattr(model, name)
                for name in names
                if name != referring.field.key
            ]
            reference = getattr(other, referring.field.key)
            is_duplicate = exists().where(reference.in_(ids), other.id != model.id, *same)
            found = select(model.id).where(referring.column.in_(ids), is_duplicate)
            # Of the rows that are the same then, those that refer to the target already may stay.
            found = found.where(referring.column != self.target).order_by(model.id)
            found_ids = list(connection.scalars(found.limit(MAX_LISTED_ROWS)))
            if found_ids:
                condition = referring.resource.model.id.in_(found_ids)
                raise ReassignmentConflict(referring, self._read_labels(connection, condition))

    def _read_labels(self, connection: Connection, condition: Any) -> dict[int, str]:
        """Return the labels of rows by id, none if the caller may not view them."""
        resource = self.referring.resource
        hidden = self.find_hidden(resource)
        if self.referring.is_hidden(hidden):
            return {}
        serializer = ResourceSerializer(resource).hiding(hidden)
        statement = serializer.select_where(condition).order_by(resource.model.id)
        rows = serializer.complete(connection, connection.execute(statement).all())
        make_document = serializer.make_row_serializer()
        return {row[0]: resource.label_of(make_document(row)) for row in rows}


def _read_document(db: Session, resource: Resource, id: int) -> Document:
    serializer = ResourceSerializer(resource)
    row = serializer.get_row(db.connection(), id)
    assert row is not None, "the transaction has locked it"
    return serializer.make_document(row)
