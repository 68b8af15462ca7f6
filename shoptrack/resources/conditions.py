"""Conditions on rows, and how one on the row that a field refers to becomes one on the row that refers."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from shoptrack.resources.fields import Reference
from shoptrack.resources.resource import Resource

Clause = ColumnElement[bool]
Within = Callable[[Clause], Clause]  # lifts a clause about a referred row to the listed one


def behind(resource: type[Resource] | Resource, field: Reference) -> Within:
    """Return what lifts a clause over a field, by a subquery.

    The statement that counts then needs no join, and a database looks through the few rows of the other table once.
    """
    column, target = getattr(resource.model, field.key), field.resource.model
    return lambda clause: column.in_(select(target.id).where(clause))


class by_database(FunctionElement[bool]):  # noqa: N801 - it reads as the function that it is
    """Return a condition that PostgreSQL is asked in other words than SQLite: first SQLite's, then PostgreSQL's."""

    type = Boolean()
    inherit_cache = True


@compiles(by_database, "sqlite")
def _on_sqlite(element: by_database, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(list(element.clauses)[0], **options)})"


@compiles(by_database, "postgresql")
def _on_postgresql(element: by_database, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(list(element.clauses)[1], **options)})"
