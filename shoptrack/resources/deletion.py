"""Deleting rows that nothing refers to, and the rows that belong to them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from shoptrack.db.migrations import Lineages, check_unreferenced
from shoptrack.errors import InUse, ItemsInUse
from shoptrack.resources.bulk import BulkWriter
from shoptrack.resources.changes import RowWriter
from shoptrack.resources.owned_rows import OwnedRowsInUse, delete_owned_rows
from shoptrack.resources.referrers import (
    ReferringField,
    count_referrers,
    count_referrers_of_many,
    sum_visible,
)
from shoptrack.resources.row_statements import Row
from shoptrack.resources.visibility import Hidden


class RowDeleter:
    """Deletes rows of one resource in one application.

    :param referring_fields: of the application's resources
    :param find_hidden: returns the view permissions that a session's actor lacks, for some resources
    :param find_repository: returns the application's repository of a resource
    """

    def __init__(
        self,
        registry: Any,
        writer: RowWriter,
        bulk_writer: BulkWriter,
        referring_fields: Sequence[ReferringField],
        find_hidden: Callable[..., Hidden],
        find_repository: Callable[..., Any],
    ):
        self._registry = registry
        self._resource = writer.resource
        self._writer = writer
        self._bulk_writer = bulk_writer
        self._referring_fields = referring_fields
        self._others = [field for field in referring_fields if not field.is_owned]
        self._find_hidden = find_hidden
        self._find_repository = find_repository

    def delete(self, db: Session, row: Row) -> None:
        """Delete a locked row.

        :raises InUse: naming the kinds and numbers of the referrers, as far as the caller may view them
        """
        fields = self._others

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
            self._writer.delete(db, row, explain, lambda: self._delete_owned(db, [row[0]]))
        except OwnedRowsInUse as error:
            raise InUse(error.resource.noun(), error.references[row[0]]) from None

    def delete_many(self, db: Session, ids: Sequence[Any]) -> None:
        """Delete rows, all or none.

        :raises ItemErrors: naming each row that does not exist
        :raises ItemsInUse: naming each row that others refer to
        :raises InUse: naming the tables without a resource that refer to any
        """
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
                self._delete_owned(db, ids.values())
            except OwnedRowsInUse as error:
                found = {n: error.references[id] for n, id in ids.items() if id in error.references}
                raise ItemsInUse(self._resource.plural(), found) from None

        self._bulk_writer.delete(db, ids, explain, delete_owned, is_kept_by_constraint=is_kept)

    def _delete_owned(self, db: Session, ids: Collection[int]) -> None:
        delete_owned_rows(db, self._referring_fields, ids, self._find_repository)

    def _check_unreferenced(self, connection: Connection, ids: Sequence[int]) -> None:
        lineages = Lineages.of(self._registry).values()
        name = self._resource.model.__tablename__
        check_unreferenced(connection, lineages, name, ids, self._resource.noun())
