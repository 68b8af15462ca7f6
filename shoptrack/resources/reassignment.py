"""Giving what refers to a row another one instead, and merging duplicates into one row. Free of HTTP."""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, Index, UniqueConstraint, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from shoptrack.db import Database
from shoptrack.errors import Conflict, Invalid, NotFound
from shoptrack.events import RowChanged, is_awaited, tell
from shoptrack.i18n.translation import _
from shoptrack.resources import saving
from shoptrack.resources.referrers import Use, uses_of
from shoptrack.resources.resource import Resource
from shoptrack.resources.serializers import Document, Documents
from shoptrack.resources.visibility import Hidden, find_hidden

BATCH = 500  # rows that are moved at a time: they are held in memory where somebody is told
NAMED = 5  # rows that stand in the way and are named

Moved = dict[str, int]  # how many rows refer to another one now, by the path of their resource


class CannotMove(Conflict):
    """Rows cannot refer to another one, because rows of which one may exist refer to it already."""

    code = "cannot_move"

    def __init__(self, use: Use, labels: list[str]):
        named = f" ({', '.join(labels)})" if labels else ""
        sentence = _(
            "Some ${rows}${named} cannot be given another ${field}: with it they would be there "
            "twice. Change or delete them first.",
            rows=use.resource.plural(),
            named=named,
            field=use.field.verbose_name,
        )
        super().__init__(sentence)


def move(db: Session, resource: Resource, source: int, target: int, request: Any = None) -> Moved:
    """Let all that refers to one row refer to another.

    :param request: what asked for it, for those who are told
    :raises NotFound: one of the rows is not there
    :raises CannotMove: the database allows some rows no second time
    """
    if source == target:
        raise Invalid({"target": [_("Choose another ${noun}.", noun=resource.noun())]})
    _lock(db, resource, {source, target})
    return _move_all(db, resource, source, target, request)


def merge(
    db: Session, resource: Resource, duplicates: Collection[int], into: int, request: Any = None
) -> Moved:
    """Let one row take the place of others, which are deleted then.

    :param request: what asked for it, for those who are told
    :raises NotFound: one of the rows is not there
    :raises CannotMove: the database allows some rows no second time
    """
    ids = sorted(set(duplicates) - {into})
    if not ids:
        said = _("Choose another ${noun} to merge.", noun=resource.noun())
        raise Invalid({"duplicates": [said]})
    rows = _lock(db, resource, {*ids, into})
    documents = Documents(resource)
    moved: Counter[str] = Counter()
    for id in ids:
        moved.update(_move_all(db, resource, id, into, request))
        saving.delete(db, documents, rows[id], request)
    return dict(moved)


def _lock(db: Session, resource: Resource, ids: Collection[int]) -> dict[int, Any]:
    """Lock rows, so that nobody deletes them and nothing new refers to them.

    In one order, so that of two that want the same rows one waits for the other.
    """
    model = resource.model
    statement = select(model).where(model.id.in_(ids)).order_by(model.id).with_for_update()
    rows = {row.id: row for row in db.scalars(statement)}
    for id in sorted(ids):
        if id not in rows:
            raise NotFound(_("There is no ${noun} ${id}.", noun=resource.noun(), id=id))
    return rows


def _move_all(db: Session, resource: Resource, source: int, target: int, request: Any) -> Moved:
    moved: Counter[str] = Counter()
    for use in uses_of(resource, db.info["registry"]):
        count = sum(_move(db, use, source, target, request))
        if count:
            moved[use.resource.path] += count
    return dict(moved)


def _move(db: Session, use: Use, source: int, target: int, request: Any) -> Iterator[int]:
    """Move the rows that refer by one field, and yield how many, batch by batch."""
    documents = Documents(use.resource) if is_awaited(db, RowChanged) else None
    new = Documents(use.field.resource())
    batch = (
        select(use.model.id)
        .where(use.is_of(source))
        .order_by(use.model.id)
        .limit(BATCH)
        .with_for_update()
    )
    while ids := list(db.scalars(batch)):
        before: list[Document] = []
        after: Document = {}
        if documents:
            make = documents.maker()
            rows = documents.where(use.model.id.in_(ids)).order_by(use.model.id)
            before = [make(row) for row in db.connection().execute(rows)]
            after = {use.field.name: new.maker()(new.held(db.connection(), target))}
        try:
            db.execute(
                update(use.model).where(use.model.id.in_(ids)).values({use.field.key: target})
            )
        except IntegrityError:
            database: Database = db.info["database"]
            with database.reads.connect() as connection:
                hidden = find_hidden(request, use.resource)
                labels = _twins(connection, use, source, target, hidden)
            raise CannotMove(use, labels) from None
        for document in before:
            label = use.resource.label(document | after)
            old = {use.field.name: document[use.field.name]}
            tell(RowChanged(db, use.resource, document["id"], label, old, after, request, True))
        yield len(ids)


def _twins(connection: Connection, use: Use, source: int, target: int, hidden: Hidden) -> list[str]:
    """Return the labels of some rows whose like refers to the target already, for who may view them."""
    if use.is_hidden(hidden):
        return []
    table = use.model.__table__
    rules = [*table.constraints, *table.indexes]
    for rule in rules:
        if not isinstance(rule, UniqueConstraint) and not (isinstance(rule, Index) and rule.unique):
            continue
        names = [column.key for column in rule.columns]
        if use.field.key not in names:
            continue
        twin = aliased(use.model)
        same = [
            getattr(twin, name) == getattr(use.model, name)
            for name in names
            if name != use.field.key
        ]
        there = exists().where(getattr(twin, use.field.key) == target, *same)
        documents = Documents(use.resource).hiding(hidden)
        rows = documents.where(use.is_of(source), there).order_by(use.model.id).limit(NAMED)
        make = documents.maker()
        if labels := [use.resource.label_of(make(row)) for row in connection.execute(rows)]:
            return labels
    return []
