"""Writing: the checks that ask the database, and the changes themselves. Free of HTTP.

The database has the last word, as two requests may pass a check at once; and every rule of a resource has a constraint
(`shoptrack.resources.resource_checks`). So it is not asked beforehand: once it has refused, the checks find the
sentences that the client reads. Most bodies are right, and save a statement.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from shoptrack.db import Database
from shoptrack.errors import DomainError, InUse, Invalid
from shoptrack.events import RowAdded, RowChanged, RowDeleted, is_awaited, tell
from shoptrack.i18n.translation import _
from shoptrack.resources.referrers import counts, uses_of, visible_counts
from shoptrack.resources.resource import Resource
from shoptrack.resources.row_snapshots import Change
from shoptrack.resources.schema import Errors
from shoptrack.resources.serializers import Documents, Row


def find(db: Session, resource: Resource, id: int) -> Any | None:
    """Return a row, locked until the transaction ends."""
    model = resource.model
    statement = select(model).where(model.id == bindparam("id", id, BigInteger)).with_for_update()
    return db.scalar(statement)


def create(db: Session, documents: Documents, body: dict[str, Any], request: Any = None) -> Row:
    """Add a row, and return it as its documents are made of.

    :param request: what asked for it, for those who are told
    :raises Invalid: what the body says cannot be
    """
    resource = documents.resource
    values = _checked(db, resource, body)
    row = resource.model(**values)
    db.add(row)
    _flush(db, lambda connection: _refuse(resource.checks.errors(connection, values)))
    created = documents.held(db.connection(), row.id)
    if is_awaited(db, RowAdded):
        document = documents.maker()(created)
        tell(RowAdded(db, resource, row.id, resource.label(document), {}, document, request))
    return created


def update(
    db: Session,
    documents: Documents,
    row: Any,
    body: dict[str, Any],
    *,
    partial: bool,
    request: Any = None,
) -> Row:
    """Change a row, and return it as its documents are made of.

    :param partial: whether required fields may be left out
    :param request: what asked for it, for those who are told
    :raises Invalid: what the body says cannot be
    """
    resource, id = documents.resource, row.id
    values = _checked(db, resource, body, partial=partial, id=id)
    change = Change(db, documents, row, values) if is_awaited(db, RowChanged) else None
    for name, value in values.items():
        setattr(row, name, value)
    _flush(db, lambda connection: _refuse(resource.checks.errors(connection, values, id)))
    changed = documents.held(db.connection(), id)
    if change:
        change.tell(documents.maker()(changed), request)
    return changed


def delete(db: Session, documents: Documents, row: Any, request: Any = None) -> None:
    """Delete a row that nothing refers to.

    :param request: what asked for it, for those who are told
    :raises InUse: naming who refers to it, and how often, as far as the request's caller may view that
    """
    resource, id = documents.resource, row.id
    uses = uses_of(resource, db.info["registry"])

    def refuse(connection: Connection, *, broken: bool = True) -> None:
        numbers = counts(connection, uses, id)
        if any(numbers) or broken:
            references, has_more = visible_counts(uses, numbers, request)
            raise InUse(resource.noun(), references, has_more=has_more)

    refuse(db.connection(), broken=False)
    awaited = is_awaited(db, RowDeleted)
    document = documents.maker()(documents.held(db.connection(), id)) if awaited else None
    db.delete(row)
    _flush(db, refuse)
    if document:
        tell(RowDeleted(db, resource, id, resource.label(document), document, {}, request))


def _checked(
    db: Session,
    resource: Resource,
    body: dict[str, Any],
    *,
    partial: bool = False,
    id: int | None = None,
) -> dict[str, Any]:
    values, errors = resource.schema.load(body, partial=partial)
    if errors:  # One body, all that is wrong with it.
        errors |= resource.checks.errors(db.connection(), values, id)
    in_order = (*(field.key for field in resource.fields), *errors)
    _refuse({name: errors[name] for name in in_order if name in errors})
    return values


def _refuse(errors: Errors) -> None:
    if errors:
        raise Invalid(errors)


def _flush(db: Session, explain: Callable[[Connection], None]) -> None:
    """Send the changes; where a constraint refuses them, let ``explain`` raise what a client reads.

    It asks on a connection of its own, since the failed transaction cannot be asked on PostgreSQL.
    """
    try:
        db.flush()
    except (IntegrityError, DataError) as error:  # the latter: an id is larger than its column
        database: Database = db.info["database"]
        with database.reads.connect() as connection:
            explain(connection)
        if isinstance(error, DataError):
            raise
        raise Contradicted from None


class Contradicted(DomainError):
    """Another request stood in the way a moment ago, and does no more."""

    status = 409
    detail = _("Another request changed the same data at the same time. Try again.")
