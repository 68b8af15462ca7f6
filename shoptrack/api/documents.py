"""Reading: one statement with all joins, plain rows, documents made of them."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, bindparam, select
from sqlalchemy.orm import aliased

from shoptrack.api.fields import Reference
from shoptrack.api.resource import Resource

Document = dict[str, Any]
Row = Sequence[Any]


class Documents:
    """The documents of one resource. Built once; it holds the statements and no connection."""

    def __init__(self, resource: Resource):
        self.resource = resource
        statement = select().select_from(resource.model)
        self._statement, self._document = _extend(statement, [], resource, resource.model, False)
        order = [getattr(resource.model, name) for name in resource.default_order]
        self._all = self._statement.order_by(*order)
        self._one = self._statement.where(resource.model.id == bindparam("id", type_=BigInteger))

    def one(self, connection: Connection, id: int) -> Document | None:
        """Return the document with this id."""
        row = connection.execute(self._one, {"id": id}).first()
        return None if row is None else self._document(row)

    def all(self, connection: Connection) -> list[Document]:
        """Return every document, in the resource's default order."""
        document = self._document
        return [document(row) for row in connection.execute(self._all)]


def _extend(
    statement: Select, columns: list, resource, entity, optional: bool
) -> tuple[Select, Callable[[Row], Document]]:
    """Add a resource's columns to a statement, with those that it nests, by one join each.

    :param columns: what the statement selects already; rows are read by position
    :param optional: whether the row itself may be missing, and with it all that it nests
    :returns: the statement, and the function that makes a row's document
    """
    members: list[tuple[str, Callable[[Row], Any]]] = []

    def add(name: str, column: Any, render: Callable[[Any], Any] | None) -> None:
        nonlocal statement
        value = itemgetter(len(columns))
        columns.append(column)
        statement = statement.add_columns(column)
        members.append((name, value if render is None else lambda row: render(value(row))))

    add("id", entity.id, None)
    key = members[0][1]
    for field in resource.fields:
        column = getattr(entity, field.key)
        if isinstance(field, Reference):
            target = aliased(field.resource.model)
            outer = optional or not field.required
            statement = statement.join(target, column == target.id, isouter=outer)
            statement, nested = _extend(statement, columns, field.resource, target, outer)
            members.append((field.name, nested))
        else:
            add(field.name, column, field.render)

    def document(row: Row) -> Document | None:
        if optional and key(row) is None:
            return None
        return {name: value(row) for name, value in members}

    return statement, document  # type: ignore[return-value]
