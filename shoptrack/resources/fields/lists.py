"""Fields in lists: the query parameters that filter by a field, and the key that orders by it."""

import dataclasses
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Boolean, Integer, bindparam

from shoptrack.i18n.translation import _
from shoptrack.resources.conditions import Condition, Traversal
from shoptrack.resources.fields.values import ID, InvalidValue, JSONSchema, parse_id

MAX_FILTER_VALUES = 1000  # of a parameter that takes several
COMPARISONS: dict[str, tuple[Callable[[Any, Any], Condition], str]] = {
    "": (operator.eq, "Rows with this value."),
    "__gt": (operator.gt, "Rows with a greater value."),
    "__gte": (operator.ge, "Rows with this value or a greater one."),
    "__lt": (operator.lt, "Rows with a smaller value."),
    "__lte": (operator.le, "Rows with this value or a smaller one."),
}
IDS: JSONSchema = {
    "type": "array",
    "items": ID,
    "minItems": 1,
    "maxItems": MAX_FILTER_VALUES,
}


@dataclass(frozen=True)
class Filter:
    """A query parameter. Its condition is made once, with a placeholder for the value of a request.

    :param parse: converts the text to a value, or raises ``InvalidValue``
    :param condition: on the listed rows; the placeholder has the parameter's name
    :param schema: of the parameter
    :param description: the rows that match
    :param needs: the permissions to view all rows that the condition reads
    :param is_text_search: whether it searches texts, for which no index on the list's ordering helps
    """

    name: str
    parse: Callable[[str], Any]
    condition: Condition
    schema: JSONSchema
    description: str
    needs: frozenset[str]
    is_text_search: bool = False


@dataclass(frozen=True)
class FilterScope:
    """The rows to which a field's filters apply: the listed rows, or rows that they refer to.

    :param model: of the rows that have the field
    :param prefix: of the names of nested filters
    :param needs: the permissions to view these rows
    :param lift: converts a condition on these rows to one on the listed rows
    """

    model: Any
    needs: frozenset[str]
    prefix: str = ""
    lift: Traversal = lambda condition: condition

    @property
    def is_nested(self) -> bool:
        """Return whether these are rows that the listed rows refer to."""
        return bool(self.prefix)

    def make_filter(
        self,
        name: str,
        parse: Callable[[str], Any],
        condition: Condition,
        schema: JSONSchema,
        description: str,
        *,
        is_text_search: bool = False,
    ) -> Filter:
        """Return a filter of the list from a condition on these rows."""
        return Filter(
            name, parse, self.lift(condition), schema, description, self.needs, is_text_search
        )

    def compare(
        self,
        name: str,
        column: Any,
        parse: Callable[[Any], Any],
        schema: JSONSchema,
        lookups: tuple[str, ...],
    ) -> Iterator[Filter]:
        """Yield a filter for each of some ``COMPARISONS`` with a column."""
        for lookup in lookups:
            compare, description = COMPARISONS[lookup]
            condition = compare(column, bindparam(f"{name}{lookup}", type_=column.type))
            yield self.make_filter(f"{name}{lookup}", parse, condition, schema, description)

    def find_missing(self, name: str, column: Any) -> Filter:
        """Return the filter by whether a column is null."""
        parameter = bindparam(f"{name}__isnull", type_=Boolean)
        return self.make_filter(
            f"{name}__isnull",
            parse_boolean,
            column.is_(None) == parameter,
            {"type": "boolean"},
            "Rows without one (`true`), or with one (`false`).",
        )

    def find_ids(self, name: str, column: Any) -> Iterator[Filter]:
        """Yield the filters by one id and by several."""
        same = column == bindparam(name, type_=BigInteger)
        yield self.make_filter(name, parse_id, same, ID, "Rows with this id.")
        several = column.in_(bindparam(f"{name}__in", type_=BigInteger, expanding=True))
        yield self.make_filter(
            f"{name}__in", parse_ids, several, IDS, "Rows with one of these ids."
        )


@dataclass(frozen=True)
class SortKey:
    """A column that a list is ordered by.

    :param load: converts the cursor's value to the column's, or raises ``InvalidValue``
    :param dump: converts the column's value to the cursor's
    :param other: the table that has the column, if it is that of rows to which the listed ones refer
    :param reference: the column that refers to the other table
    """

    name: str
    column: Any = dataclasses.field(compare=False)
    load: Callable[[Any], Any] = dataclasses.field(compare=False)
    dump: Callable[[Any], Any] = dataclasses.field(compare=False, default=lambda value: value)
    is_descending: bool = False
    other: Any = dataclasses.field(compare=False, default=None)
    reference: Any = dataclasses.field(compare=False, default=None)

    def order_by(self, *, is_backwards: bool = False) -> Any:
        """Return the column for ORDER BY."""
        return self.column.desc() if self.is_descending != is_backwards else self.column.asc()

    @property
    def bind_name(self) -> str:
        """Return the name of the placeholder for the value after which a page begins."""
        return f"after_{self.name}"

    @property
    def bind_parameter(self) -> Any:
        """Return the placeholder for the value after which a page begins."""
        # A client may write any 64-bit number into a cursor; PostgreSQL would reject it as a 32-bit one.
        kind = BigInteger() if isinstance(self.column.type, Integer) else self.column.type
        return bindparam(self.bind_name, type_=kind)

    def after_condition(self, *, is_backwards: bool = False) -> Condition:
        """Return the condition that a row comes after the value in this ordering."""
        bound = self.bind_parameter
        return self.column < bound if self.is_descending != is_backwards else self.column > bound


def parse_boolean(text: str) -> bool:
    """Parse ``true`` or ``false``.

    :raises InvalidValue: the text is neither
    """
    if text not in ("true", "false"):
        raise InvalidValue(_("Must be true or false."))
    return text == "true"


def parse_ids(text: str) -> list[int]:
    """Parse ids that are separated by commas.

    :raises InvalidValue: an id is invalid, or there are too many
    """
    parts = text.split(",")
    if len(parts) > MAX_FILTER_VALUES:
        raise InvalidValue(
            _("Send at most ${limit} values, separated by commas.", limit=MAX_FILTER_VALUES)
        )
    return [parse_id(part) for part in parts]
