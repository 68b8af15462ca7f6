"""How a backup writes values, identically for each database.

Each column's kind is recorded: the model's type may have changed when the backup is restored.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import JSON, Boolean, Column, Date, Integer, LargeBinary, Numeric, String
from sqlalchemy.types import TypeEngine

from shoptrack.db import Thousandths, UtcDateTime
from shoptrack.i18n.text_input import check_text
from shoptrack.settings import ConfigurationError


class ColumnKind(NamedTuple):
    """A kind of column: its type, and functions that convert a value to JSON and back; ``None`` is null."""

    type: Callable[[], TypeEngine[Any]]
    write: Callable[[Any], Any] = lambda value: value
    read: Callable[[Any], Any] = lambda value: value


def _type_checker(kind: type) -> Callable[[Any], Any]:
    """Return a function that accepts only values of one type: SQLite would store any other unchanged."""

    def check(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"{type(value).__name__} is no {kind.__name__}")
        return value

    return check


def _read_integer(value: Any) -> int:
    if not -(2**63) <= _type_checker(int)(value) < 2**63:
        raise ValueError("more than 64 bits")
    return value


def _read_decimal(value: Any) -> Decimal:
    number = Decimal(_type_checker(str)(value))
    if not number.is_finite():
        raise ValueError("no number")
    return number


def _read_thousandths(value: Any) -> Decimal:
    number = _read_decimal(value)
    if abs(number) >= 10**7 or number != round(number, 3):
        raise ValueError("no decimal(10, 3)")
    return number


def _read_instant(value: Any) -> datetime:
    instant = datetime.fromisoformat(_type_checker(str)(value))
    if instant.tzinfo is None:
        raise ValueError("no time zone")
    return instant.astimezone(UTC)


# If two kinds match a type, the first is used.
KINDS = {
    "thousandths": ColumnKind(Thousandths, str, _read_thousandths),
    "instant": ColumnKind(UtcDateTime, datetime.isoformat, _read_instant),
    "boolean": ColumnKind(Boolean, read=_type_checker(bool)),
    "integer": ColumnKind(Integer, read=_read_integer),
    "decimal": ColumnKind(Numeric, str, _read_decimal),
    "date": ColumnKind(
        Date, date.isoformat, lambda value: date.fromisoformat(_type_checker(str)(value))
    ),
    "text": ColumnKind(String, read=lambda value: check_text(_type_checker(str)(value))),
    "bytes": ColumnKind(
        LargeBinary,
        lambda value: b64encode(value).decode(),
        lambda value: b64decode(_type_checker(str)(value), validate=True),
    ),
    "json": ColumnKind(JSON),
}


def get_column_kind(column: Column) -> str:
    """Return the name of a column's kind.

    :raises ConfigurationError: its type has no kind
    """
    for name, kind in KINDS.items():
        if isinstance(column.type, kind.type):  # type: ignore[arg-type]
            return name
    raise ConfigurationError(
        f"A backup cannot hold {column.table.name}.{column.name}: there is no kind for the type "
        f"{column.type!r}. There are: {', '.join(KINDS)}."
    )


def make_converters(kinds: list[str], way: str) -> list[Callable[[Any], Any]]:
    """Return a converter for each value of a row.

    :param way: ``write`` or ``read``
    """
    return [_skip_null(getattr(KINDS[kind], way)) for kind in kinds]


def _skip_null(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)
