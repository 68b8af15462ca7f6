"""Warnings: valid rows that are unlikely. They refuse nothing.

Functions of the core and of plugins find them (``config.add_warnings``). They get up to 1,000 rows at once, so that the
number of statements does not depend on the number of rows.
"""

import dataclasses
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shoptrack.resources.schema import Values

MAX_ROWS = 1000  # of one call
WHOLE_ROW = "non_field_errors"  # the key of a message about several values, as in errors
log = logging.getLogger(__name__)

HasPermission = Callable[[str], Any]


@dataclass(frozen=True)
class RowWarning:
    """A warning about a row.

    :param position: of the row among those that were checked, counted from 0
    :param id: of the row; ``None`` if it is not stored
    :param key: of the value, as in bodies
    :param code: for programs, such as ``price_outlier``
    :param detail: for people; pages and responses translate it
    :param figures: further members of the document, as JSON has them
    """

    position: int
    id: int | None
    key: str
    code: str
    detail: str
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class CheckedRow:
    """A row that is checked for warnings.

    :param id: ``None`` if it is not stored, as in an import's dry run
    :param values: by the keys of bodies, such as ``store_id``
    """

    position: int
    id: int | None
    values: Values
    warnings: list[RowWarning] = dataclasses.field(default_factory=list, compare=False)

    def add_warning(self, key: str, code: str, detail: str, **figures: Any) -> None:
        """Add a warning about one value.

        :param key: of the value, as in bodies; ``non_field_errors`` for a warning about several
        :param code: for programs; keep it stable
        :param detail: a sentence for people, translatable by `shoptrack.i18n`
        :param figures: further members of the warning, as JSON has them: decimals are text
        """
        self.warnings.append(RowWarning(self.position, self.id, key, code, detail, figures))


@dataclass(frozen=True)
class CheckedRows:
    """Up to 1,000 rows of a resource that are checked together.

    :param registry: of the application
    :param connection: reads; a function that finds warnings writes nothing
    """

    registry: Any
    connection: Connection
    rows: Sequence[CheckedRow]


@dataclass(frozen=True)
class WarningFinder:
    """A function that finds warnings.

    :param needs: the permissions to view what it reads, beside the rows themselves
    """

    find: Callable[[CheckedRows], None]
    needs: frozenset[str]


def make_checked_rows(rows: Sequence[Any], get_values: Callable[[Any], Values]) -> list[CheckedRow]:
    """Return rows to check.

    :param rows: ``StoredRow``, the values of rows that are not stored, or rows with changed values
    :param get_values: returns the values of a stored row's columns, by the keys of bodies
    """

    def make(position: int, row: Any) -> CheckedRow:
        if isinstance(row, CheckedRow):
            return row
        if isinstance(row, dict):
            return CheckedRow(position, None, row)
        return CheckedRow(position, row.id, get_values(row.values))

    return [make(position, row) for position, row in enumerate(rows)]


def find_warnings(
    registry: Any,
    resource: Any,
    db: Session | Connection,
    rows: Sequence[CheckedRow],
    has_permission: HasPermission | None,
) -> list[RowWarning]:
    """Return the warnings about rows, in the order of the rows.

    In a session, an error of a finder is logged, and the change goes on: a warning never refuses it.
    """
    own = frozenset({resource.permission("view")})
    for finder in resource.warning_finders:
        if has_permission and not all(map(has_permission, own | finder.needs)):
            continue
        for first in range(0, len(rows), MAX_ROWS):
            part = rows[first : first + MAX_ROWS]
            if isinstance(db, Session):
                _try(finder, registry, db, part)
            else:
                finder.find(CheckedRows(registry, db, part))
    return [warning for row in rows for warning in row.warnings]


def _try(finder: WarningFinder, registry: Any, db: Session, rows: Sequence[CheckedRow]) -> None:
    savepoint = db.begin_nested()
    try:
        # The session asks for the savepoint when it hands out the connection.
        finder.find(CheckedRows(registry, db.connection(), rows))
        savepoint.commit()
    except Exception as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        savepoint.rollback()
        log.exception("%s failed to find warnings", finder.find.__qualname__)
