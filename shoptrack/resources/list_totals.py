"""What a list's rows come to, and which rows these are, without reading them."""

from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, bindparam, func, select

from shoptrack.resources.fields import Field
from shoptrack.resources.list_query import ListQuery
from shoptrack.resources.resource import AnyResource


class FieldSum(NamedTuple):
    """The sum of a field's values in the rows of a list.

    :param total: as the column's values
    :param rows: the number of those that have a value
    """

    field: Field
    total: Any
    rows: int


def read_sums(connection: Connection, resource: AnyResource, query: ListQuery) -> list[FieldSum]:
    """Return the sums of a list's amounts, and of its quantities if all of them are measured by the same row.

    It takes one statement. Fields of extensions have no sums, nor have fields of which no row has a value.
    """
    model = resource.model
    references = {field.name: field for field in resource.references()}
    fields = [one for one in resource.own_fields() if one.is_summable or one.measured_by]
    columns: list[Any] = []
    for field in fields:
        column = getattr(model, field.key)
        reference = references.get(field.measured_by)
        measure = model.id if reference is None else getattr(model, reference.key)
        columns += [func.sum(column), func.count(column), func.min(measure), func.max(measure)]
    if not columns:
        return []
    values = connection.execute(select(*columns).where(*query.shape.conditions), query.values).one()
    sums = []
    for number, field in enumerate(fields):
        total, count, lowest, highest = values[number * 4 : number * 4 + 4]
        if count and (not field.measured_by or lowest == highest):
            sums.append(FieldSum(field, total, count))
    return sums


def find_ids(
    connection: Connection, resource: AnyResource, query: ListQuery, limit: int
) -> list[int]:
    """Return the ids of a list's rows in ascending order, up to a limit."""
    id = resource.model.id
    rows = select(id).where(*query.shape.conditions).order_by(id)
    statement = rows.limit(bindparam("limit", type_=BigInteger))
    return list(connection.scalars(statement, query.values | {"limit": limit}))
