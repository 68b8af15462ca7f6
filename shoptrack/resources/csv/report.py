"""What a plan reports: to clients of the API, in the command line, and on the page of the administration."""

from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from shoptrack.resources.csv.encodings import DELIMITERS
from shoptrack.resources.csv.planning import ImportPlan
from shoptrack.resources.csv.proposals import find_near
from shoptrack.resources.repository import Repository
from shoptrack.resources.row_warnings import CheckedRow, HasPermission, RowWarning
from shoptrack.resources.schema import Values

MAX_NEW_ROWS_SHOWN = 100
MAX_WARNINGS_SHOWN = 100
OUTCOMES = ("new", "changed", "same", "faulty", "skipped")


def make_report(plan: ImportPlan, registry: Any, *, is_dry_run: bool) -> dict[str, Any]:
    """Return the report of a plan. That of a dry run proposes existing rows whose names are near to new ones."""
    shown = plan.new_rows[:MAX_NEW_ROWS_SHOWN]
    near = find_near(registry, shown, plan.hidden) if is_dry_run and shown else {}
    rows = sorted(plan.new_rows, key=lambda row: row.resource.path)
    encoding = plan.format.encoding.removesuffix("-sig") if plan.format else None
    delimiters = {character: name for name, character in DELIMITERS.items()}
    return {
        "dry_run": is_dry_run,
        "encoding": encoding,
        "delimiter": delimiters[plan.format.delimiter] if plan.format else None,
        "columns": plan.layout.columns if plan.layout else {},
        "ignored_columns": plan.layout.ignored if plan.layout else [],
        "counts": {outcome: plan.counts[outcome] for outcome in OUTCOMES},
        "new_rows": [
            {
                "resource": path,
                "count": len(group),
                "rows": [
                    {"name": row.name, "line": row.line, "near": near.get(row.number, [])}
                    for row in group
                    if row in shown
                ],
            }
            for path, group in (
                (path, list(found)) for path, found in groupby(rows, lambda row: row.resource.path)
            )
        ],
        "faults": [fault._asdict() for fault in plan.faults.first],
    }


def find_line_warnings(
    plan: ImportPlan, connection: Connection, has_permission: HasPermission | None = None
) -> list[tuple[int, RowWarning]]:
    """Return the first hundred warnings about the rows that a plan adds and changes, with the numbers of their lines.

    They are compared with stored rows, and with other lines of the file as far as these are read together.

    :param has_permission: as for ``Repository.find_warnings``
    """
    found: list[tuple[int, RowWarning]] = []
    repository = plan.repository
    for batch in plan.spool.new_lines():
        values = [_load(repository, body) for _line, body in batch]
        warnings = repository.find_warnings(connection, values, has_permission)
        found += [(batch[warning.position][0], warning) for warning in warnings]
        if len(found) >= MAX_WARNINGS_SHOWN:
            return found[:MAX_WARNINGS_SHOWN]
    for batch in plan.spool.changed_lines():
        stored = repository.read_values(connection, [body["id"] for _line, body in batch])
        rows = [
            CheckedRow(position, id, stored[id] | _load(repository, body))
            for position, (_line, body) in enumerate(batch)
            if (id := body["id"]) in stored
        ]
        warnings = repository.find_warnings(connection, rows, has_permission)
        found += [(batch[warning.position][0], warning) for warning in warnings]
        if len(found) >= MAX_WARNINGS_SHOWN:
            break
    return found[:MAX_WARNINGS_SHOWN]


def _load(repository: Repository, body: Values) -> Values:
    """Return the values of a valid body."""
    return repository.resource.schema.load(body, is_partial=True)[0]
