"""The query parameters that narrow a list, made of a resource's description.

A condition is made once and holds a placeholder, named as its parameter, for what a request sends.
"""

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Boolean, String, bindparam
from sqlalchemy import Integer as SQLInteger

from shoptrack.db.calendar_days import MONDAY, SUNDAY, weekday
from shoptrack.db.folding import fold
from shoptrack.i18n.translation import _
from shoptrack.resources.conditions import Clause, Within, behind
from shoptrack.resources.fields import (
    ID,
    Date,
    Decimal,
    Field,
    Integer,
    JSONSchema,
    Reference,
    Refused,
    Text,
    parse_id,
)
from shoptrack.resources.query_string import boolean
from shoptrack.resources.resource import Resource
from shoptrack.resources.search import MAX_TEXT, holds, pattern, plain_text

MAX_CHOICES = 1000

COMPARISONS: dict[str, tuple[Callable[[Any, Any], Clause], str]] = {
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
    "maxItems": MAX_CHOICES,
    "collectionFormat": "csv",
}
WEEKDAY: JSONSchema = {"type": "integer", "minimum": MONDAY, "maximum": SUNDAY}
WEEKDAYS = {str(day) for day in range(MONDAY, SUNDAY + 1)}
SHORT_TEXT: JSONSchema = {"type": "string", "maxLength": MAX_TEXT}


@dataclass(frozen=True)
class Filter:
    """One query parameter.

    :param parse: turns what was sent into a value, or raises ``Refused``
    :param clause: the condition on the listed rows, with a placeholder for the value
    :param schema: what can be sent, in the words of Swagger 2.0
    :param finds: which rows it finds
    :param needs: the permissions to view all rows that the condition looks at
    :param searches: whether it looks into texts, for which no order of the list helps
    """

    name: str
    parse: Callable[[str], Any]
    clause: Clause
    schema: JSONSchema
    finds: str
    needs: frozenset[str]
    searches: bool = False


def filters_of(resource: type[Resource] | Resource) -> dict[str, Filter]:
    """Return every filter of a resource's list, by name; of one name the nearest field's wins."""
    found: dict[str, Filter] = {}
    own = frozenset({resource.permission("view")})
    for filter in (*_ids(resource.model.id, "id", own), *_walk(resource, own)):
        found.setdefault(filter.name, filter)
    return found


def _walk(
    resource: type[Resource] | Resource,
    needs: frozenset[str],
    prefix: str = "",
    within: Within = lambda clause: clause,
) -> Iterator[Filter]:
    """Yield the filters on a resource's fields, then those on what they refer to."""
    for field in resource.fields:
        column = getattr(resource.model, field.key)
        if isinstance(field, Reference):
            yield from _ids(column, field.key, needs, within, nullable=not field.required)
        elif isinstance(field, Text):
            yield from _texts(field, resource, f"{prefix}{field.name}", needs, within)
        elif isinstance(field, Date | Decimal | Integer) and not prefix:
            yield from _comparisons(field, column, needs)
    for field in resource.fields:
        if isinstance(field, Reference):
            beyond = _both(within, behind(resource, field))
            theirs = needs | {field.resource.permission("view")}
            yield from _walk(field.resource, theirs, f"{field.name}_", beyond)


def _both(outer: Within, inner: Within) -> Within:
    return lambda clause: outer(inner(clause))


def _ids(
    column: Any,
    name: str,
    needs: frozenset[str],
    within: Within = lambda clause: clause,
    *,
    nullable: bool = False,
) -> Iterator[Filter]:
    same = within(column == bindparam(name, type_=BigInteger))
    yield Filter(name, parse_id, same, ID, "Rows with this id.", needs)
    among = bindparam(f"{name}__in", type_=BigInteger, expanding=True)
    within_ids = within(column.in_(among))
    yield Filter(f"{name}__in", _choices, within_ids, IDS, "Rows with one of these ids.", needs)
    if nullable:
        wanted = bindparam(f"{name}__isnull", type_=Boolean)
        yield Filter(
            f"{name}__isnull",
            boolean,
            within(column.is_(None) == wanted),
            {"type": "boolean"},
            "Rows without one (`true`), or with one (`false`).",
            needs,
        )


def _texts(
    field: Text, resource: Any, name: str, needs: frozenset[str], within: Within
) -> Iterator[Filter]:
    column, folded = getattr(resource.model, field.key), field.folded(resource.model)
    same = within(column == bindparam(name, type_=String()))
    yield Filter(name, plain_text, same, SHORT_TEXT, "Rows with exactly this text.", needs)
    within_text = f"{name}__icontains"
    yield Filter(
        within_text,
        lambda text: pattern(fold(plain_text(text))),
        within(holds(folded, within_text)),
        SHORT_TEXT,
        "Rows whose text holds this one; width, case, katakana or hiragana, and kinds of dashes do not matter.",
        needs,
        searches=True,
    )


def _comparisons(field: Field, column: Any, needs: frozenset[str]) -> Iterator[Filter]:
    for suffix, (compare, finds) in COMPARISONS.items():
        name = f"{field.name}{suffix}"
        clause = compare(column, bindparam(name, type_=column.type))
        yield Filter(name, field.parse, clause, field.takes(), finds, needs)
    if isinstance(field, Date):
        name = f"{field.name}__weekday"
        clause = weekday(column) == bindparam(name, type_=SQLInteger)
        finds = "Rows with this day of the week: 1 for Mondays to 7 for Sundays."
        yield Filter(name, _weekday, clause, WEEKDAY, finds, needs)


def _weekday(text: str) -> int:
    if text not in WEEKDAYS:
        raise Refused(_("Must be a number from 1 (Monday) to 7 (Sunday)."))
    return int(text)


def _choices(text: str) -> list[int]:
    parts = text.split(",")
    if len(parts) > MAX_CHOICES:
        raise Refused(_("Send at most ${limit} values, separated by commas.", limit=MAX_CHOICES))
    return [parse_id(part) for part in parts]
