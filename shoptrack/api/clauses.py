"""Conditions on rows, and how one on the row that a field refers to becomes one on the row that refers."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, select

from shoptrack.api.fields import Reference
from shoptrack.api.resource import Resource

Clause = ColumnElement[bool]
Within = Callable[[Clause], Clause]  # lifts a clause about a referred row to the listed one


def behind(resource: type[Resource] | Resource, field: Reference) -> Within:
    """Return what lifts a clause over a field, by a subquery.

    The statement that counts then needs no join, and a database looks through the few rows of the other table once.
    """
    column, target = getattr(resource.model, field.key), field.resource.model
    return lambda clause: column.in_(select(target.id).where(clause))
