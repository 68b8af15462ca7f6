"""Conditions on rows, and how a condition on a referenced row becomes one on the referring row."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

Condition = ColumnElement[bool]
Traversal = Callable[
    [Condition], Condition
]  # converts a condition on a referenced row to one on the listed row


def traverse(column: Any, target: Any) -> Traversal:
    """Return a function that converts a condition over a reference, by a subquery.

    The counting statement then needs no join, and the database reads the few rows of the other table once.

    :param column: the reference's column
    :param target: the model that it refers to
    """
    return lambda condition: column.in_(select(target.id).where(condition))


class dialect_condition(FunctionElement[bool]):  # noqa: N801 - a function for its callers
    """A condition that differs by database: first SQLite's, then PostgreSQL's."""

    type = Boolean()
    inherit_cache = True


@compiles(dialect_condition, "sqlite")
def _on_sqlite(element: dialect_condition, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(list(element.clauses)[0], **options)})"


@compiles(dialect_condition, "postgresql")
def _on_postgresql(element: dialect_condition, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(list(element.clauses)[1], **options)})"
