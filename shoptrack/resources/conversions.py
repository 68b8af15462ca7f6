"""Conversions of the values that referrers have, when they are reassigned to a row with another unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, select

from shoptrack.errors import Conflict
from shoptrack.i18n.translation import _
from shoptrack.resources.fields import Field, InvalidValue
from shoptrack.resources.referrers import ReferringField
from shoptrack.resources.schema import Values

MAX_LISTED_ROWS = 5  # of a conflict
CHUNK_ROWS = 1000


class InexactConversion(Conflict):
    """Values of referrers cannot be converted exactly.

    :param count: the number of these rows
    :param rows: the labels of some of them, by id
    """

    code = "inexact_conversion"

    def __init__(
        self, referring: ReferringField, field: Field, count: int, rows: Mapping[int, str]
    ):
        self.rows = [{"id": id, "label": str(label)} for id, label in rows.items()]
        self._path = referring.resource.path
        named = f" ({'; '.join(rows.values())}{' …' if count > len(rows) else ''})" if rows else ""
        super().__init__(
            _(
                "Cannot convert the ${field} of ${count} ${rows}${named} exactly: it would have too many digits. "
                "Change them first, or choose another factor.",
                field=field.verbose_name,
                count=count,
                rows=referring.resource.plural(),
                named=named,
            )
        )

    def body(self) -> dict[str, Any]:
        """Return the message, and some of the rows."""
        return super().body() | {"resource": self._path, "rows": self.rows}


@dataclass(frozen=True)
class Conversion:
    """Factors for all values of referrers that the reassigned reference measures, as a product's unit does.

    :param factors: how many of the new unit one of the old unit is, by the ids of the rows with another unit
    """

    factors: Mapping[int, Fraction]

    def get_fields(self, referring: ReferringField) -> list[Any]:
        """Return the fields whose values change with a reference."""
        fields = referring.resource.fields
        return [field for field in fields if field.measured_by == referring.field.name]

    def convert(self, fields: Sequence[Any], values: Values, source: int) -> Values:
        """Return the converted values of a row that refers to a source, by key.

        :raises InvalidValue: a value has too many digits then
        """
        if source not in self.factors:
            return {}
        return {
            field.key: field.multiply(values[field.key], self.factors[source])
            for field in fields
            if values[field.key] is not None
        }

    def find_inexact(
        self, connection: Connection, referring: ReferringField
    ) -> tuple[Any, int, list[int]]:
        """Return a field that cannot be converted, the number of these rows, and the ids of the first ones."""
        resource, count = referring.resource, 0
        ids: list[int] = []
        for field in self.get_fields(referring):
            model = resource.model_of(field)
            column = getattr(model, field.key)
            rows = select(model.id, column, referring.column).select_from(model)
            if model is not referring.model:
                rows = rows.join(referring.model, referring.model.id == model.id)
            rows = rows.where(column.is_not(None), referring.column.in_(list(self.factors)))
            for chunk in connection.execute(rows.order_by(model.id)).partitions(CHUNK_ROWS):
                for id, value, source in chunk:
                    try:
                        field.multiply(value, self.factors[source])
                    except InvalidValue:
                        count += 1
                        ids += [id] if len(ids) < MAX_LISTED_ROWS else []
            if count:
                return field, count, ids
        return None, 0, []


def format_factor(factor: Fraction) -> str:
    """Return a factor as a decimal number if it is one, and as a fraction otherwise."""
    decimal = Decimal(factor.numerator) / Decimal(factor.denominator)
    return f"{decimal:f}" if Fraction(decimal) == factor else str(factor)
