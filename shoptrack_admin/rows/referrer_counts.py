"""How many rows refer to each of some rows, and from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import Date, Select, cast, func, literal, null, select, union_all

from shoptrack.resources import Field, ReferringField, Repository


class ReferrerCount(NamedTuple):
    """The rows that refer to a row by one field.

    :param first: the earliest day of these rows, ``None`` if they have no dates
    :param href: of their list, ``None`` if it has no such filter
    """

    plural: str
    number: int
    first: date | None
    last: date | None
    href: str | None


@dataclass
class Usage:
    """The visible referrers of a row.

    :ivar has_hidden: whether there are others
    """

    counts: list[ReferrerCount] = field(default_factory=list)
    total: int = 0
    has_hidden: bool = False


def read_usage(request, repository: Repository, ids: Sequence[int]) -> dict[int, Usage]:
    """Return the referrers of rows by id, by one statement."""
    usage = {id: Usage() for id in ids}
    fields = repository.referring_fields
    if not fields:
        return usage
    hidden = repository.get_hidden(request.identity, *(one.resource for one in fields))
    statement = union_all(*(_count(number, one, ids) for number, one in enumerate(fields)))
    for number, id, count, first, last in request.reader.execute(statement):
        referring, own = fields[number], usage[id]
        if referring.is_hidden(hidden):
            own.has_hidden = True
            continue
        own.total += count
        href = _get_href(request, referring, id)
        own.counts.append(ReferrerCount(referring.resource.plural(), count, first, last, href))
    return usage


def _count(number: int, referring: ReferringField, ids: Sequence[int]) -> Select[Any]:
    """Return the statement of the numbers of rows and their first and last days, by the row that they refer to."""
    rows, column = referring.resource.model, referring.column
    day = _find_day(referring)
    first, last = (
        (cast(null(), Date), cast(null(), Date))
        if day is None
        else (func.min(getattr(rows, day.key)), func.max(getattr(rows, day.key)))
    )
    statement = select(literal(number), column, func.count(), first, last)
    if referring.model is not rows:
        statement = statement.join(rows, rows.id == referring.model.id)
    return statement.where(column.in_(ids)).group_by(column)


def _find_day(referring: ReferringField) -> Field | None:
    """Return the first date of the rows themselves."""
    resource = referring.resource
    days = (one for one in resource.fields if one.cell == "day" and one.is_stored)
    return next((one for one in days if resource.model_of(one) is resource.model), None)


def _get_href(request, referring: ReferringField, id: int) -> str | None:
    resource, name = referring.resource, referring.field.key
    parameters = Repository.of(request.registry, resource.path).parameters
    if name not in parameters.filters:
        return None
    return f"{request.route_path(f'admin:{resource.path}')}?{urlencode({name: id})}"
