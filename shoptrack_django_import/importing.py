"""Bringing everything over: one reading that only checks, then one that writes."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, Table, insert

from shoptrack.db import Base
from shoptrack.db.bulk_load import (
    analyze,
    find_nonempty_tables,
    get_last_ids,
    lock_tables,
    reset_sequences,
)
from shoptrack.errors import Conflict
from shoptrack_django_import import permissions
from shoptrack_django_import.old_passwords import Unreadable, unreadable
from shoptrack_django_import.permissions import CONTENT_TYPE, PERMISSION, LeftOut, Permissions
from shoptrack_django_import.reading import Reading, Refusal
from shoptrack_django_import.source import BATCH, check_tables
from shoptrack_django_import.tables import old_tables

TABLES: list[Table] = [
    Base.metadata.tables[old.model.__tablename__] for old in old_tables(Permissions())
]


class NotEmpty(Conflict):
    """There are users or shopping data already, whose ids could be those of rows that come."""

    def __init__(self, tables: list[str]):
        super().__init__(
            f"ShopTrack's own tables hold rows already: {', '.join(tables)}. Nothing was changed. An "
            "import keeps every id, so that it fills only tables without any: choose a new "
            "database by DATABASE_URL, run shoptrack migrate for it, and import before any user "
            "is made in it."
        )


@dataclass(frozen=True)
class Count:
    """How many rows of one of Django's tables can be taken, and how many cannot."""

    table: str
    taken: int
    refused: int


class Import:
    """The import from one database.

    :param source: a connection of `shoptrack_django_import.source.opened`
    :raises NoDjangoTables: it is another kind of database
    """

    def __init__(self, source: Connection):
        needed = [old.source for old in old_tables(Permissions())]
        check_tables(source, [*needed, PERMISSION, CONTENT_TYPE])
        self._source = source
        self._permissions = permissions.read(source)
        self._tables = old_tables(self._permissions)

    def left_out(self) -> list[LeftOut]:
        """Return the permissions that somebody was given and that ShopTrack does not have."""
        return permissions.left_out(self._source, self._permissions)

    def unreadable(self) -> list[Unreadable]:
        """Return the users who need a new password."""
        return list(unreadable(self._source))

    def check(self, refuse: Callable[[Refusal], object]) -> list[Count]:
        """Check every row, and write nothing.

        :param refuse: told of each row that cannot be taken
        """
        refused: Counter[str] = Counter()

        def note(refusal: Refusal) -> None:
            refused[refusal.table] += 1
            refuse(refusal)

        reading = Reading(self._source, self._tables, note)
        return [
            Count(old.name, sum(1 for _ in reading.values(old)), refused[old.name])
            for old in self._tables
        ]

    def write(self, target: Connection, progress: Callable[[int], object]) -> None:
        """Write every row that can be taken, inside a transaction that the caller commits.

        :param progress: told how many rows were written since the last time
        :raises DemoTargetNotEmpty: ShopTrack's tables have rows
        """
        if used := lock_tables(target, TABLES):
            raise NotEmpty(used)
        reading = Reading(self._source, self._tables, refuse=lambda refusal: None)
        for old in self._tables:
            values = reading.values(old)
            while batch := list(islice(values, BATCH)):
                target.execute(insert(old.model), batch)
                progress(len(batch))
        reset_sequences(target, TABLES, self._last_ids())
        analyze(target, TABLES)

    def _last_ids(self) -> dict[str, int]:
        """Return the largest id that each of our tables' forerunners gave."""
        last = get_last_ids(self._source, [old.source for old in self._tables])
        return {old.model.__tablename__: last[old.name] for old in self._tables if old.name in last}


def check_empty(target: Connection) -> None:
    """Refuse a database in which ShopTrack has rows.

    :raises DemoTargetNotEmpty: naming the tables
    """
    if used := find_nonempty_tables(target, TABLES):
        raise NotEmpty(used)
