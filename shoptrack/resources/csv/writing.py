"""Storing the plan of an import, in the transaction of a session: all of it, or nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shoptrack.db.database import Database
from shoptrack.db.sessions import get_database, get_registry
from shoptrack.errors import Conflict, ItemErrors
from shoptrack.i18n.text_input import shorten
from shoptrack.i18n.translation import _
from shoptrack.resources.changes import ConcurrentUpdate
from shoptrack.resources.csv.faults import Fault, Faults
from shoptrack.resources.csv.matching import NewRow
from shoptrack.resources.csv.planning import ImportPlan, read_version
from shoptrack.resources.csv.spool import BATCH
from shoptrack.resources.repository import Repository

LOCK = "shoptrack import"  # of PostgreSQL: one import at a time writes, so that two of one file add its lines once

Bodies = list[tuple[int, dict[str, Any]]]


class OutdatedImport(Conflict):
    """Rows that the plan refers to have changed since."""

    code = "import_outdated"
    detail = _(
        "Somebody changed the same data while the file was read. Nothing was stored. Try again."
    )


class RefusedLines(Exception):
    """Plugins or constraints refuse lines of the plan, which only the writing has shown. Nothing may be committed."""

    def __init__(self, faults: Faults):
        self.faults = faults
        super().__init__("; ".join(map(str, faults.first)))


def store_plan(
    db: Session, plan: ImportPlan, on_progress: Callable[[int], None] = lambda lines: None
) -> None:
    """Add and change the rows of a plan without faults.

    :param on_progress: called with the number of lines that were stored
    :raises OutdatedImport: the rows that the file refers to are others now
    :raises RefusedLines: a plugin refuses lines
    """
    _lock(db)
    _compare_again(db, plan)
    ids = _add_new_rows(db, plan)
    repository, done = plan.repository, 0
    keys = [field.key for field in repository.resource.references()]
    for batches, write in (
        (plan.spool.new_lines(), repository.create_many),
        (plan.spool.changed_lines(), repository.update_many),
    ):
        for batch in batches:
            bodies = [_replace_numbers(body, keys, ids) for _line, body in batch]
            _write(db, write, bodies, [line for line, _body in batch], plan)
            done += len(batch)
            on_progress(done)


def _lock(db: Session) -> None:
    """Let other imports wait until the transaction ends. On SQLite, every other writer waits."""
    if get_database(db).is_sqlite:
        db.connection()
    else:
        db.execute(select(func.pg_advisory_xact_lock(func.hashtext(LOCK))))


def _compare_again(db: Session, plan: ImportPlan) -> None:
    """Compare the lines again if rows have changed since the plan was made.

    :raises OutdatedImport: the plan would not be the same
    """
    connection = db.connection()
    if plan.version is not None and read_version(plan, connection) == plan.version:
        return
    # Names may mean other rows by now, and rows with an id may have other values.
    if plan.version is not None and (plan.new_rows or plan.counts["changed"]):
        raise OutdatedImport
    assert plan.compared is not None, "a plan without faults has compared its lines"
    plan.compared.run(connection)
    new, _changed, without_id = plan.spool.count()
    plan.counts["same"] += plan.counts["new"] - new
    plan.counts["new"] = new
    if any(plan.spool.contradictions()):
        raise OutdatedImport


def _add_new_rows(db: Session, plan: ImportPlan) -> dict[int, int]:
    """Add the rows that the file names, and return their ids by their numbers.

    :raises OutdatedImport: others have changed rows since the plan was made
    :raises RefusedLines: a plugin refuses some
    """
    ids: dict[int, int] = {}
    waiting = list(plan.new_rows)
    while waiting:
        ready = [row for row in waiting if all(other.number in ids for other in row.needs)]
        path = ready[0].resource.path
        added = [row for row in ready if row.resource.path == path][:BATCH]
        repository = Repository.of(get_registry(db), path)
        keys = [field.key for field in repository.resource.references()]
        bodies = [_replace_numbers(row.values, keys, ids) for row in added]
        try:
            stored = repository.create_many(db, bodies)
        except ConcurrentUpdate:
            raise OutdatedImport from None
        except ItemErrors as error:
            _check_current(db, plan)
            faults = Faults()
            for number, errors in error.items.items():
                faults.add(*_explain_new_row(added[int(number)], errors))
            raise RefusedLines(faults) from None
        ids |= {row.number: one.id for row, one in zip(added, stored, strict=True)}
        waiting = [row for row in waiting if row.number not in ids]
    return ids


def _check_current(db: Session, plan: ImportPlan) -> None:
    """Check that a refusal is no consequence of another one's change.

    :raises OutdatedImport: others have changed rows since the plan was made, or that is unknown
    """
    with Database.of(get_registry(db)).snapshot(
        BATCH
    ) as connection:  # without the changes of the import
        if plan.version is None or read_version(plan, connection) != plan.version:
            raise OutdatedImport


def _explain_new_row(row: NewRow, errors: Mapping[str, Iterable[str]]) -> Iterator[Fault]:
    for messages in errors.values():
        for message in messages:
            sentence = _(
                "The new ${noun} “${name}” was refused: ${message}",
                noun=row.resource.noun(),
                name=shorten(row.name),
                message=message,
            )
            yield Fault(row.line or 0, None, sentence)


def _write(
    db: Session,
    write: Callable[[Session, Sequence[Any]], Any],
    bodies: Sequence[dict[str, Any]],
    lines: Sequence[int],
    plan: ImportPlan,
) -> None:
    try:
        write(db, bodies)
    except ConcurrentUpdate:
        raise OutdatedImport from None
    except ItemErrors as error:
        faults = Faults()
        for number, errors in error.items.items():
            faults.add(*_explain(lines[int(number)], errors, plan))
        raise RefusedLines(faults) from None


def _explain(line: int, errors: Mapping[str, Iterable[str]], plan: ImportPlan) -> list[Fault]:
    """Return the faults of a line, with the headings of the file."""
    assert plan.layout is not None
    headings = {key: heading for heading, key in plan.layout.columns.items()}
    return [
        Fault(line, headings.get(key, key), message)
        for key, messages in errors.items()
        for message in messages
    ]


def _replace_numbers(
    body: dict[str, Any], keys: Iterable[str], ids: Mapping[int, int]
) -> dict[str, Any]:
    """Return a body with ids in place of the numbers of new rows."""
    replaced = {key: ids[body[key]] for key in keys if body.get(key) in ids}
    return body | replaced if replaced else body
