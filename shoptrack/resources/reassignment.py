"""Reassigning the referrers of a row to another row."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Index, UniqueConstraint, exists, select, update
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
from shoptrack.resources.changes import RowWriter, raise_errors
from shoptrack.resources.referrers import ReferringField
from shoptrack.resources.resource import Resource
from shoptrack.resources.row_statements import Document
from shoptrack.resources.serializers import ResourceSerializer
from shoptrack.resources.visibility import Hidden

BATCH_ROWS = 500  # per batch, which is in memory if there are subscribers
MAX_LISTED_ROWS = 5  # of a conflict

ReassignedCounts = dict[str, int]  # numbers of reassigned rows, by the path of their resource
FindHidden = Callable[[Resource], Hidden]
FindWriter = Callable[[Resource], RowWriter]


class ReassignmentConflict(Conflict):
    """Rows cannot refer to another one, because rows of which one may exist refer to it already."""

    code = "cannot_move"

    def __init__(self, referring: ReferringField, labels: list[str]):
        named = f" ({', '.join(labels)})" if labels else ""
        message = _(
            "Cannot change the ${field} of some ${rows}${named}: that would create duplicates. "
            "Change or delete them first.",
            rows=referring.resource.plural(),
            named=named,
            field=referring.field.verbose_name,
        )
        super().__init__(message)


def lock_rows(db: Session, resource: Resource, ids: Collection[int]) -> None:
    """Lock rows, so that no request deletes them or adds references to them.

    They are locked in one order, so that two requests for the same rows cannot deadlock.

    :raises NotFound: a row does not exist
    """
    model = resource.model
    statement = select(model.id).where(model.id.in_(ids)).order_by(model.id).with_for_update()
    found = set(db.scalars(statement))
    for id in sorted(ids):
        if id not in found:
            raise NotFound(_("There is no ${noun} ${id}.", noun=resource.noun(), id=id))


def reassign_references(
    db: Session,
    referring_fields: Sequence[ReferringField],
    source: int,
    target: int,
    find_writer: FindWriter,
    find_hidden: FindHidden,
) -> ReassignedCounts:
    """Reassign all referrers of one locked row to another.

    :param find_writer: returns the application's writer of a resource
    :param find_hidden: returns the view permissions that the caller lacks, for a resource
    :raises ReassignmentConflict: a unique constraint does not allow some rows
    """
    counts: Counter[str] = Counter()
    for referring in referring_fields:
        count = sum(
            _reassign(db, referring, source, target, find_writer(referring.resource), find_hidden)
        )
        if count:
            counts[referring.resource.path] += count
    return dict(counts)


def _reassign(
    db: Session,
    referring: ReferringField,
    source: int,
    target: int,
    writer: RowWriter,
    find_hidden: FindHidden,
) -> Iterator[int]:
    """Reassign the rows that refer by one field, and yield the number of rows of each batch."""
    rows, model, field = referring.resource.model, referring.model, referring.field
    is_published, is_checked = (
        has_subscribers(db, RowChanged),
        writer.is_checked(db, BeforeRowsChanged),
    )
    batch = (
        select(rows.id)
        .where(referring.refers_to_condition(source))
        .order_by(rows.id)
        .limit(BATCH_ROWS)
        .with_for_update()
    )
    while ids := list(db.scalars(batch)):
        before: list[Document] = []
        after: Document = {}
        if is_published or is_checked:
            found = writer.read(db, ids)
            make_document = writer.serializer.make_row_serializer()
            before = [make_document(row) for row in found] if is_published else []
            after = {field.name: _read_document(db, field.resource(), target)}
        if is_checked:
            values = map(writer.get_values, found)
            changes = [
                RowChange(id, old, old | {field.key: target})
                for id, old in zip(ids, values, strict=True)
            ]
            writer.check(db, BeforeRowsChanged, *changes)
            for change in changes:
                raise_errors(change.errors)
        try:
            db.execute(update(model).where(model.id.in_(ids)).values({field.key: target}))
        except IntegrityError:
            with get_database(db).read_engine.connect() as connection:
                hidden = find_hidden(referring.resource)
                labels = _find_duplicates(connection, referring, source, target, hidden)
            raise ReassignmentConflict(referring, labels) from None
        events = []
        for document in before:
            label = referring.resource.label(document | after)
            old = {field.name: document[field.name]}
            events.append(
                RowChanged(db, referring.resource, document["id"], label, old, after, True)
            )
        publish_batch(events)
        yield len(ids)


def _read_document(db: Session, resource: Resource, id: int) -> Document:
    serializer = ResourceSerializer(resource)
    row = serializer.get_row(db.connection(), id)
    assert row is not None, "the transaction has locked it"
    return serializer.make_document(row)


def _find_duplicates(
    connection: Connection, referring: ReferringField, source: int, target: int, hidden: Hidden
) -> list[str]:
    """Return the labels of some rows that would become duplicates, as far as the caller may view them."""
    if referring.is_hidden(hidden):
        return []
    model, field = referring.model, referring.field
    rules: list[Any] = [*model.__table__.constraints, *model.__table__.indexes]
    for rule in rules:
        if not isinstance(rule, UniqueConstraint) and not (isinstance(rule, Index) and rule.unique):
            continue
        names = [column.key for column in rule.columns]
        if field.key not in names:
            continue
        other = aliased(model)
        same = [getattr(other, name) == getattr(model, name) for name in names if name != field.key]
        duplicate = exists().where(getattr(other, field.key) == target, *same)
        if model is not referring.resource.model:
            duplicate = duplicate.where(model.id == referring.resource.model.id)
        serializer = ResourceSerializer(referring.resource).hiding(hidden)
        statement = serializer.select_where(referring.refers_to_condition(source), duplicate)
        statement = statement.order_by(referring.resource.model.id).limit(MAX_LISTED_ROWS)
        rows = serializer.complete(connection, connection.execute(statement).all())
        make_document = serializer.make_row_serializer()
        labels = [referring.resource.label_of(make_document(row)) for row in rows]
        if labels:
            return labels
    return []
