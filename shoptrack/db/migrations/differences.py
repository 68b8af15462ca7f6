"""Sentences about differences between the models and the database."""

from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, Index, UniqueConstraint

AUTOINCREMENT = "add_autoincrement"  # ours; the other kinds are Alembic's


def format_difference(difference: Any) -> str:
    """Return a difference as sentences.

    :param difference: of ``find_differences``; Alembic lists several about one column
    """
    if isinstance(difference, list):
        return " ".join(map(format_difference, difference))
    match difference:
        case ("add_table", table):
            return f"The database has no table {table.name}."
        case ("remove_table", table):
            return f"No model has the table {table.name}."
        case ("add_column", _, table, Column() as column):
            return f"The table {table} has no column {column.name} ({column.type})."
        case ("remove_column", _, table, Column() as column):
            return f"No model has the column {column.name} of the table {table}."
        case (str(kind), _, table, column, _, found, wanted) if kind.startswith("modify_"):
            return f"The column {column} of the table {table} {_compare(kind, found, wanted)}"
        case (("add_index" | "add_constraint" | "add_fk"), item):
            return f"The table {item.table.name} has no {_name(item)}."
        case (("remove_index" | "remove_constraint" | "remove_fk"), item):
            return f"No model has the {_name(item)} of the table {item.table.name}."
        case (str(kind), str(table)) if kind == AUTOINCREMENT:
            return (
                f"The table {table} may use the IDs of deleted rows again: it lacks AUTOINCREMENT."
            )
    return f"{difference}."  # a kind that a later Alembic finds


def _compare(kind: str, found: Any, wanted: Any) -> str:
    """Return how a column differs, as the end of a sentence."""
    match kind:
        case "modify_nullable" if found:
            return "may be null in the database, but not in its model."
        case "modify_nullable":
            return "may not be null in the database, but may be in its model."
        case "modify_type":
            return f"has the type {found} in the database, and {wanted} in its model."
    return f"has another {kind.removeprefix('modify_')} in the database than in its model."


def _name(item: Index | UniqueConstraint | ForeignKeyConstraint) -> str:
    """Return the kind, the name and the columns of an index or a constraint."""
    columns = ", ".join(getattr(column, "name", str(column)) for column in item.columns)
    match item:
        case Index():
            kind = "unique index" if item.unique else "index"
        case ForeignKeyConstraint():
            kind = "foreign key"
            columns += f" to {item.elements[0].target_fullname.partition('.')[0]}"
        case _:
            kind = "unique constraint"
    return f"{kind} {item.name or 'without a name'} ({columns})"
