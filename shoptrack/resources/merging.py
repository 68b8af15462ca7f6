"""Merging duplicates: the referrers of some rows are reassigned to another row, which stays."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial

from sqlalchemy.orm import Session

from shoptrack.errors import (
    Conflict,
    DomainError,
    ItemErrors,
    ValidationError,
)
from shoptrack.events import ChangeGroup, publish_group
from shoptrack.i18n.translation import _
from shoptrack.resources.changes import RowWriter
from shoptrack.resources.conversions import Conversion
from shoptrack.resources.deletion import RowDeleter
from shoptrack.resources.reassignment import (
    MissingRows,
    ReassignedCounts,
    Reassignment,
    lock_rows,
)
from shoptrack.resources.referrers import ReferringField, count_referrers_of_many, sum_visible
from shoptrack.resources.resource import Resource
from shoptrack.resources.row_statements import Document, Row
from shoptrack.resources.visibility import Hidden


@dataclass
class Merge:
    """A merge, or its plan.

    :param counts: the numbers of reassigned rows, by the path of their resource
    :param has_hidden: whether there are others, which the caller may not view
    :param factors: of the converted rows, by the id of the merged row
    :param conflicts: the reasons why the rows cannot be merged, of a plan
    :param entry_id: of the history entry, by which the merge can be undone
    """

    counts: ReassignedCounts = field(default_factory=dict)
    has_hidden: bool = False
    factors: dict[int, Fraction] = field(default_factory=dict)
    conflicts: list[DomainError] = field(default_factory=list)
    entry_id: int | None = None


class RowMerger:
    """Merges the rows of one resource in one application.

    :param referring_fields: the fields of all resources that refer to the rows
    :param find_writer: returns the application's writer of another resource
    :param find_hidden: returns the view permissions that the session's user lacks, for some resources
    """

    def __init__(
        self,
        writer: RowWriter,
        referring_fields: Sequence[ReferringField],
        find_writer: Callable[[Resource], RowWriter],
        find_hidden: Callable[..., Hidden],
        deleter: RowDeleter,
    ):
        self._writer = writer
        self._resource = writer.resource
        self._referring_fields = referring_fields
        self._find_writer = find_writer
        self._find_hidden = find_hidden
        self._deleter = deleter

    def merge(
        self, db: Session, keep: int, others: Collection[int], convert: Fraction | None = None
    ) -> Merge:
        """Reassign the referrers of rows to another one, and delete them.

        :param convert: how many of the kept row's unit one of the others' unit is; by default as the packages know it
        :raises MissingRows: some of the rows do not exist
        :raises Conflict: a constraint does not allow some referrers, or their values cannot be converted
        :raises ValidationError: there is no other row, or a plugin refuses a change
        """
        ids = self._get_others(keep, others)
        lock_rows(db, self._resource, {*ids, keep})
        rows = self._read(db, keep, ids)
        kept, *documents = self._make_documents(rows)
        factors = self._find_factors(db, documents, kept, convert)
        group = ChangeGroup(
            db,
            "merged",
            self._resource,
            keep,
            self._resource.label(kept),
            {"merged": ids},
        )
        with publish_group(group):
            counts = self.reassign(db, ids, keep, factors)
            with self._writer.hand_over(db, ids, keep), _as_of_one():
                self._deleter.delete_merged(db, rows[1:])
        return Merge(counts, factors=factors, entry_id=group.entry_id)

    def plan(
        self,
        db: Session,
        keep: int,
        others: Collection[int],
        convert: Fraction | None = None,
    ) -> Merge:
        """Return what a merge would do, and all reasons why it could not. Nothing is changed.

        :raises MissingRows: some of the rows do not exist
        :raises ValidationError: there is no other row, or nothing to convert
        """
        ids = self._get_others(keep, others)
        rows = self._read(db, keep, ids)
        kept, *documents = self._make_documents(rows)
        fields = self._referring_fields
        merge = Merge()
        counts = count_referrers_of_many(db.connection(), fields, ids)
        totals = [sum(one) for one in zip(*counts.values(), strict=True)] or [0] * len(fields)
        hidden = self._find_hidden(db, *(one.resource for one in fields))
        merge.counts, merge.has_hidden = sum_visible(fields, totals, hidden)
        with _collect(merge):
            merge.factors = self._find_factors(db, documents, kept, convert)
        checks = [
            check
            for referring in fields
            for check in self._make(db, referring, ids, keep, merge.factors).get_checks()
        ]
        for check in (*checks, *self._deleter.get_merge_checks(db, rows[1:])):
            with _collect(merge):
                check()
        return merge

    def reassign(
        self,
        db: Session,
        sources: Sequence[int],
        target: int,
        factors: Mapping[int, Fraction],
    ) -> ReassignedCounts:
        """Reassign the referrers of locked rows to another.

        :param factors: of the rows whose referrers are converted, by id
        """
        counts: Counter[str] = Counter()
        for referring in self._referring_fields:
            count = self._make(db, referring, sources, target, factors).run()
            if count:
                counts[referring.resource.path] += count
        return dict(counts)

    def find_factors(self, db: Session, source: int, target: int) -> dict[int, Fraction]:
        """Return the factor between two rows by the id of the first one, none if its referrers need no conversion."""
        kept, *documents = self._make_documents(self._read(db, target, [source]))
        return self._find_factors(db, documents, kept, None)

    def _find_factors(
        self, db: Session, rows: list[Document], kept: Document, convert: Fraction | None
    ) -> dict[int, Fraction]:
        hidden = self._find_hidden(db, self._resource)
        return self._resource.find_factors(db, rows, kept, convert, hidden)

    def _make(
        self,
        db: Session,
        referring: ReferringField,
        sources: Sequence[int],
        target: int,
        factors: Mapping[int, Fraction],
    ) -> Reassignment:
        conversion = Conversion(factors) if factors else None
        writer = self._find_writer(referring.resource)
        find_hidden = partial(self._find_hidden, db)
        return Reassignment(db, referring, sources, target, conversion, writer, find_hidden)

    def _read(self, db: Session, keep: int, ids: Sequence[int]) -> list[Row]:
        """Return rows, first the kept one.

        :raises MissingRows: some do not exist
        """
        rows = {row[0]: row for row in self._writer.read(db, [keep, *ids])}
        if missing := sorted({keep, *ids} - rows.keys()):
            raise MissingRows(self._resource, missing)
        return [rows[id] for id in (keep, *ids)]

    def _make_documents(self, rows: Sequence[Row]) -> list[Document]:
        return list(map(self._writer.serializer.make_row_serializer(), rows))

    def _get_others(self, keep: int, others: Collection[int]) -> Sequence[int]:
        ids = sorted(set(others) - {keep})
        if not ids:
            message = _("Choose another ${noun} to merge.", noun=self._resource.noun())
            raise ValidationError({"duplicates": [message]})
        return ids


@contextmanager
def _collect(merge: Merge) -> Iterator[None]:
    """Collect the conflict that the block raises, unless another row has the same."""
    try:
        with _as_of_one():
            yield
    except (Conflict, ValidationError) as conflict:
        if conflict.body() not in [known.body() for known in merge.conflicts]:
            merge.conflicts.append(conflict)


@contextmanager
def _as_of_one() -> Iterator[None]:
    """Raise the errors of one row if several cannot be deleted: the client does not know of positions."""
    try:
        yield
    except ItemErrors as error:
        raise ValidationError(next(iter(error.items.values()))) from None
