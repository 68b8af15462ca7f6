"""Deleting rows that nothing refers to, and the rows that belong to them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from shoptrack.db.migrations import Lineages, check_unreferenced
from shoptrack.db.sessions import get_database
from shoptrack.errors import InUse, ItemsInUse
from shoptrack.events import (
    ChangeGroup,
    RowDeleted,
    get_group,
    has_subscribers,
    publish,
    publish_batch,
    refer_to,
)
from shoptrack.resources.bulk import BulkWriter
from shoptrack.resources.changes import RowWriter
from shoptrack.resources.owned_rows import OwnedRowsInUse, delete_owned_rows
from shoptrack.resources.referrers import (
    ReferringField,
    count_referrers,
    count_referrers_of_many,
    sum_visible,
)
from shoptrack.resources.resource import Resource
from shoptrack.resources.row_statements import Document, Row
from shoptrack.resources.serializers import ResourceSerializer
from shoptrack.resources.visibility import Hidden


@dataclass(frozen=True)
class OwnedDeletion:
    """Rows that were deleted with the rows to which they belong.

    :param roots: the ids of the rows that the request deleted, by the ids of these rows
    """

    serializer: ResourceSerializer
    rows: Sequence[Row]
    roots: Mapping[int, int]


class RowDeleter:
    """Deletes rows of one resource in one application.

    :param referring_fields: of the application's resources
    :param find_hidden: returns the view permissions that a session's actor lacks, for some resources
    :param find_deleter: returns the application's deleter of a resource
    """

    def __init__(
        self,
        registry: Any,
        writer: RowWriter,
        bulk_writer: BulkWriter,
        referring_fields: Sequence[ReferringField],
        find_hidden: Callable[..., Hidden],
        find_deleter: Callable[[Resource], "RowDeleter"],
    ):
        self._registry = registry
        self._resource = writer.resource
        self._writer = writer
        self._bulk_writer = bulk_writer
        self._referring_fields = referring_fields
        self._others = [field for field in referring_fields if not field.is_owned]
        self._find_hidden = find_hidden
        self._find_deleter = find_deleter

    def delete(self, db: Session, row: Row, *, is_alone: bool = False) -> None:
        """Delete a locked row.

        :param is_alone: whether rows that belong to it prevent the deletion
        :raises InUse: naming the kinds and numbers of the referrers, as far as the caller may view them
        """
        fields = self._referring_fields if is_alone else self._others
        owned: list[OwnedDeletion] = []

        def explain(connection: Connection, *, is_refused: bool = True) -> None:
            counts = count_referrers(connection, fields, row[0])
            if any(counts):
                hidden = self._find_hidden(db, *(f.resource for f in fields))
                references, has_more = sum_visible(fields, counts, hidden)
                raise InUse(self._resource.noun(), references, has_more=has_more)
            if is_refused:
                self._check_unreferenced(connection, [row[0]])

        if not all(field.is_kept_by_constraint for field in fields):
            explain(db.connection(), is_refused=False)
        try:
            roots = {row[0]: row[0]}
            self._writer.delete(db, row, explain, lambda: self._delete_owned(db, roots, owned))
        except OwnedRowsInUse as error:
            raise InUse(error.resource.noun(), error.references[row[0]]) from None
        self._publish(db, [row], owned, is_bulk=False)

    def delete_many(self, db: Session, ids: Sequence[Any]) -> None:
        """Delete rows, all or none.

        :raises ItemErrors: naming each row that does not exist
        :raises ItemsInUse: naming each row that others refer to
        :raises InUse: naming the tables without a resource that refer to any
        """
        owned: list[OwnedDeletion] = []
        rows = self._bulk_writer.lock(db, ids)
        self._delete_rows(db, rows, {}, owned)
        self._publish(db, rows, owned, is_bulk=True)

    def delete_merged(self, db: Session, rows: Sequence[Row]) -> None:
        """Delete locked rows whose referrers were all reassigned.

        :raises ItemErrors: a plugin refuses
        :raises InUse: naming the tables without a resource that refer to any
        """

        def explain(connection: Connection, ids: Mapping[int, int]) -> None:
            self._check_merged(connection, list(ids.values()))

        self._bulk_writer.delete(db, rows, explain, lambda ids: None, is_kept_by_constraint=True)
        self._publish(db, rows, [], is_bulk=True)

    def get_merge_checks(self, db: Session, rows: Sequence[Row]) -> list[Callable[[], None]]:
        """Return functions that raise the errors of ``delete_merged``, before anything is reassigned."""

        def check_merged() -> None:
            with get_database(db).read_engine.connect() as connection:
                self._check_merged(connection, [row[0] for row in rows])

        return [lambda: self._bulk_writer.check_deletion(db, rows), check_merged]

    def _delete_rows(
        self,
        db: Session,
        rows: Sequence[Row],
        roots: Mapping[int, int],
        owned: list[OwnedDeletion],
    ) -> None:
        fields = self._others

        def explain(
            connection: Connection, ids: Mapping[int, int], is_refused: bool = True
        ) -> None:
            counts = count_referrers_of_many(connection, fields, list(ids.values()))
            if counts:
                hidden = self._find_hidden(db, *(f.resource for f in fields))
                found = {
                    number: sum_visible(fields, counts[id], hidden)[0]
                    for number, id in ids.items()
                    if id in counts
                }
                raise ItemsInUse(self._resource.plural(), found)
            if is_refused:
                self._check_unreferenced(connection, list(ids.values()))

        is_kept = all(field.is_kept_by_constraint for field in fields)

        def delete_owned(ids: Mapping[int, int]) -> None:
            try:
                self._delete_owned(db, {id: roots.get(id, id) for id in ids.values()}, owned)
            except OwnedRowsInUse as error:
                found = {n: error.references[id] for n, id in ids.items() if id in error.references}
                raise ItemsInUse(self._resource.plural(), found) from None

        self._bulk_writer.delete(db, rows, explain, delete_owned, is_kept_by_constraint=is_kept)

    def _delete_owned(
        self, db: Session, roots: Mapping[int, int], owned: list[OwnedDeletion]
    ) -> None:
        def delete(resource: Resource, roots_of_owned: Mapping[int, int]) -> None:
            deleter = self._find_deleter(resource)
            rows = deleter._bulk_writer.lock(db, list(roots_of_owned))
            deleter._delete_rows(db, rows, roots_of_owned, owned)
            owned.append(OwnedDeletion(deleter._writer.serializer, rows, roots_of_owned))

        delete_owned_rows(db, self._referring_fields, roots, delete)

    def _publish(
        self, db: Session, rows: Iterable[Row], owned: Sequence[OwnedDeletion], *, is_bulk: bool
    ) -> None:
        """Publish the deletions, and then as parts of them those of the rows that belonged to them."""
        if not has_subscribers(db, RowDeleted):
            return
        documents = _make_documents(self._writer.serializer, rows)
        roots = {root for one in owned for root in one.roots.values()}
        groups: dict[int, ChangeGroup | None] = dict.fromkeys(roots, get_group(db))
        if get_group(db) is None:
            for document in documents:
                id, label = document["id"], self._resource.label(document)
                if id in roots:
                    groups[id] = ChangeGroup(db, "", self._resource, id, label)
        events = _make_events(db, self._resource, documents, groups, is_bulk=is_bulk)
        if is_bulk:
            publish_batch(events)
        else:
            publish(*events)
        for one in owned:
            resource = one.serializer.resource
            of_rows = {id: groups[root] for id, root in one.roots.items()}
            documents = _make_documents(one.serializer, one.rows)
            publish_batch(_make_events(db, resource, documents, of_rows, is_bulk=True))

    def _check_merged(self, connection: Connection, ids: Sequence[int]) -> None:
        # The connection does not see yet that these references were reassigned.
        moved = [(one.model.__tablename__, one.column_name) for one in self._referring_fields]
        self._check_unreferenced(connection, ids, moved)

    def _check_unreferenced(
        self, connection: Connection, ids: Sequence[int], moved: Sequence[tuple[str, str]] = ()
    ) -> None:
        lineages = Lineages.of(self._registry).values()
        name = self._resource.model.__tablename__
        check_unreferenced(connection, lineages, name, ids, self._resource.noun(), moved)


def _make_documents(serializer: ResourceSerializer, rows: Iterable[Row]) -> list[Document]:
    return list(map(serializer.make_row_serializer(), rows))


def _make_events(
    db: Session,
    resource: Any,
    documents: Iterable[Document],
    groups: Mapping[int, ChangeGroup | None],
    *,
    is_bulk: bool,
) -> list[RowDeleted]:
    """Return the events of deleted rows.

    :param groups: the actions of which they are parts, by id; those of other rows are the current one
    """
    events = []
    for document in documents:
        id, label = document["id"], resource.label(document)
        with refer_to(db, groups.get(id, get_group(db))):
            events.append(RowDeleted(db, resource, id, label, document, {}, is_bulk))
    return events
