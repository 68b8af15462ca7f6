"""The import: the first pass only checks the rows, the second writes them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, Table, insert

from shoptrack.db import (
    Base,
    analyze,
    find_nonempty_tables,
    get_last_ids,
    lock_tables,
    reset_sequences,
)
from shoptrack.errors import Conflict
from shoptrack.history import restart_feed
from shoptrack_django_import import permissions
from shoptrack_django_import.permissions import (
    CONTENT_TYPE,
    PERMISSION,
    Permissions,
    UnmappedPermission,
)
from shoptrack_django_import.row_reader import RejectedRow, RowReader
from shoptrack_django_import.source import BATCH_ROWS, check_tables
from shoptrack_django_import.tables import get_django_tables
from shoptrack_django_import.unusable_passwords import UnusablePassword, find_unusable_passwords

TABLES: list[Table] = [
    Base.metadata.tables[old.model.__tablename__] for old in get_django_tables(Permissions())
]


class ImportTargetNotEmpty(Conflict):
    """There are users or shopping data already, whose ids could be those of rows that come."""

    def __init__(self, tables: list[str]):
        super().__init__(
            f"ShopTrack's own tables hold rows already: {', '.join(tables)}. Nothing was changed. An "
            "import keeps every id, so that it fills only tables without any: choose a new "
            "database by DATABASE_URL, run shoptrack migrate for it, and import before any user "
            "is made in it."
        )


@dataclass(frozen=True)
class TableCount:
    """The numbers of accepted and rejected rows of one of Django's tables."""

    table: str
    accepted: int
    rejected: int


class DjangoImporter:
    """The import from one database.

    :param source: a connection of `shoptrack_django_import.source.open_source`
    :raises NoDjangoTables: the database has other tables
    """

    def __init__(self, source: Connection):
        needed = [old.source for old in get_django_tables(Permissions())]
        check_tables(source, [*needed, PERMISSION, CONTENT_TYPE])
        self._source = source
        self._permissions = permissions.read_permissions(source)
        self._tables = get_django_tables(self._permissions)

    def find_unmapped_permissions(self) -> list[UnmappedPermission]:
        """Return the granted permissions that ShopTrack does not have."""
        return permissions.find_unmapped_permissions(self._source, self._permissions)

    def find_unusable_passwords(self) -> list[UnusablePassword]:
        """Return the users who need a new password."""
        return list(find_unusable_passwords(self._source))

    def check(self, reject: Callable[[RejectedRow], object]) -> list[TableCount]:
        """Check every row, and write nothing.

        :param reject: called for each row that is not accepted
        """
        rejected: Counter[str] = Counter()

        def note(row: RejectedRow) -> None:
            rejected[row.table] += 1
            reject(row)

        reader = RowReader(self._source, self._tables, note)
        return [
            TableCount(old.name, sum(1 for _ in reader.values(old)), rejected[old.name])
            for old in self._tables
        ]

    def write(self, target: Connection, progress: Callable[[int], object]) -> None:
        """Write every accepted row, inside a transaction that the caller commits.

        :param progress: called with the number of rows written since the last call
        :raises ImportTargetNotEmpty: ShopTrack's tables have rows
        """
        if used := lock_tables(target, TABLES):
            raise ImportTargetNotEmpty(used)
        reader = RowReader(self._source, self._tables, reject=lambda row: None)
        for old in self._tables:
            values = reader.values(old)
            while batch := list(islice(values, BATCH_ROWS)):
                target.execute(insert(old.model), batch)
                progress(len(batch))
        reset_sequences(target, TABLES, self._last_ids())
        restart_feed(target)
        analyze(target, TABLES)

    def _last_ids(self) -> dict[str, int]:
        """Return the largest id that Django has assigned, for each of ShopTrack's tables."""
        last = get_last_ids(self._source, [old.source for old in self._tables])
        return {old.model.__tablename__: last[old.name] for old in self._tables if old.name in last}


def check_empty(target: Connection) -> None:
    """Check that ShopTrack's tables are empty.

    :raises ImportTargetNotEmpty: naming the tables
    """
    if used := find_nonempty_tables(target, TABLES):
        raise ImportTargetNotEmpty(used)
