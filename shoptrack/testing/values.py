"""Generated values for columns that are irrelevant to a test."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Enum, Table
from sqlalchemy.types import TypeDecorator, TypeEngine

from shoptrack.db import Base

DAY = date(2025, 1, 1)


def is_value_required(column: Column) -> bool:
    """Return whether a row can't be stored without a value for this column."""
    return not (
        column.nullable
        or column.default is not None
        or column.server_default is not None  # includes generated columns
        or column is column.table.autoincrement_column
    )


def get_model(table: Table) -> type[Base]:
    """Return the model of a table."""
    return next(m.class_ for m in Base.registry.mappers if m.local_table is table)


def make_value(model: type[Base], column: Column, number: int) -> Any:
    """Return a value for a column.

    :param number: makes texts and numbers unique for each row
    :raises TypeError: the column's type is not supported
    """
    if isinstance(column.type, Enum):
        return next(iter(column.type.enum_class or column.type.enums))
    values: dict[type, Any] = {
        bool: False,
        int: number,
        float: float(number),
        Decimal: Decimal(1),
        str: _text(model.__name__, number, getattr(column.type, "length", None)),
        bytes: b"",
        date: DAY,
        datetime: datetime.combine(DAY, time(), UTC),
        time: time(),
        timedelta: timedelta(days=1),
        UUID: UUID(int=number),
        object: {},  # JSON
    }
    kind = _python_type(column.type)
    if kind not in values:
        raise TypeError(
            f"No value can be made up for {model.__name__}.{column.key}, a {column.type!r}. "
            f"Give one: make.row({model.__name__}, {column.key}=…)"
        )
    return values[kind]


def _text(name: str, number: int, length: int | None) -> str:
    """Return a text such as ``Budg 7``, truncated from the left to the length."""
    return f"{name[:4]} {number}"[-(length or 100) :].strip()


def _python_type(kind: TypeEngine[Any]) -> type | None:
    try:
        own = kind.python_type
    except NotImplementedError:
        own = None
    # The default `python_type` of a `TypeDecorator` is only `object`.
    if isinstance(kind, TypeDecorator) and own in (None, object):
        return _python_type(kind.impl_instance)
    return own
