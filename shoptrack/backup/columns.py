"""How values are written down, alike whatever the database that they come from.

A column has a kind, since the model's type may be another one when the file is read.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import JSON, Boolean, Column, Date, Integer, LargeBinary, Numeric, String
from sqlalchemy.types import TypeEngine

from shoptrack.db import Instant, Thousandths
from shoptrack.settings import ConfigurationError
from shoptrack.text_input import check_text


class Kind(NamedTuple):
    """A kind of column: its type, and what turns a value into JSON and back; ``None`` is null."""

    type: Callable[[], TypeEngine[Any]]
    write: Callable[[Any], Any] = lambda value: value
    read: Callable[[Any], Any] = lambda value: value


# Where a type is one of two, the first counts.
KINDS = {
    "thousandths": Kind(Thousandths, str, Decimal),
    "instant": Kind(Instant, datetime.isoformat, datetime.fromisoformat),
    "boolean": Kind(Boolean),
    "integer": Kind(Integer),
    "decimal": Kind(Numeric, str, Decimal),
    "date": Kind(Date, date.isoformat, date.fromisoformat),
    "text": Kind(String, read=check_text),
    "bytes": Kind(LargeBinary, lambda value: b64encode(value).decode(), b64decode),
    "json": Kind(JSON),
}


def kind_of(column: Column) -> str:
    """Return the name of a column's kind.

    :raises ConfigurationError: there is none for its type
    """
    for name, kind in KINDS.items():
        if isinstance(column.type, kind.type):  # type: ignore[arg-type]
            return name
    raise ConfigurationError(
        f"A backup cannot hold {column.table.name}.{column.name}: there is no kind for the type "
        f"{column.type!r}. There are: {', '.join(KINDS)}."
    )


def converters(kinds: list[str], way: str) -> list[Callable[[Any], Any]]:
    """Return what converts each value of a row.

    :param way: ``write`` or ``read``
    """
    return [_unless_null(getattr(KINDS[kind], way)) for kind in kinds]


def _unless_null(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)
