"""Deleting rows that are over, a few at a time, so that nobody waits for long."""

from sqlalchemy import ColumnElement, Connection, delete, select
from sqlalchemy.orm import Session

from shoptrack_auth.models import Failure, SignIn


def purge(
    connection: Connection | Session,
    model: type[SignIn] | type[Failure],
    over: ColumnElement[bool],
    most: int,
) -> int:
    """Delete rows for which a condition holds, and return how many there were.

    :param most: how many at a time
    """
    old = select(model.id).where(over).limit(most)
    # Rows that somebody else is deleting are passed over. PostgreSQL may run a plain subquery again for
    # every row of the table, and would then delete more than it was asked to.
    few = old.with_for_update(skip_locked=True).cte("few")
    few = few.prefix_with("MATERIALIZED", dialect="postgresql")
    purged = delete(model).where(model.id.in_(select(few.c.id))).returning(model.id)
    return len(connection.execute(purged.execution_options(synchronize_session=False)).all())
