"""Column types that the two databases store differently; the application sees the same values."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Numeric
from sqlalchemy.types import TypeDecorator, TypeEngine


class Thousandths(TypeDecorator[Decimal]):
    """A decimal(10, 3). SQLite has no decimals, so it stores an integer of thousandths."""

    impl = Numeric(10, 3)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the column's type in this database."""
        kind = BigInteger() if dialect.name == "sqlite" else Numeric(10, 3)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Convert a decimal of at most three places to the stored value."""
        if value is None or dialect.name != "sqlite":
            return value
        return int(Decimal(value).scaleb(3))

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return a converter to decimals of exactly three places; ``None`` if the driver returns them."""
        return _from_thousandths if dialect.name == "sqlite" else None


def _from_thousandths(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value).scaleb(-3)


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time, in UTC. SQLite has no time zones, so it stores the value without."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert an instant of any time zone to UTC."""
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Attach the time zone UTC if the database returned none."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
