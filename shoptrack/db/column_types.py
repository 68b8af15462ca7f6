"""Types of columns that the two databases keep differently and the application sees alike."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Numeric
from sqlalchemy.types import TypeDecorator, TypeEngine


class Thousandths(TypeDecorator[Decimal]):
    """A decimal(10, 3). SQLite has no decimals, so it keeps an integer of thousandths there."""

    impl = Numeric(10, 3)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's type."""
        kind = BigInteger() if dialect.name == "sqlite" else Numeric(10, 3)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Turn a decimal of at most three places into what is stored."""
        if value is None or dialect.name != "sqlite":
            return value
        return int(Decimal(value).scaleb(3))

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return what turns a stored value into a decimal of exactly three places, if it is none."""
        return _from_thousandths if dialect.name == "sqlite" else None


def _from_thousandths(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value).scaleb(-3)


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time, in UTC. SQLite keeps no time zones, so it stores it without."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an instant of any time zone into UTC."""
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the time zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
