"""The rules that only the database can check, for many rows at once: by one statement for each rule."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, select, tuple_

from shoptrack.resources.fields import Field, make_unknown_id_error
from shoptrack.resources.resource import Resource
from shoptrack.resources.schema import Errors, Values
from shoptrack.resources.validators import get_unique_value


@dataclass(frozen=True)
class Item:
    """A row that is added or changed together with others.

    :param number: its position in the request
    :param id: ``None`` for a new row
    :param values: the valid values after the change, by key
    :param sent: the keys of the values that were sent
    """

    number: int
    id: int | None
    values: Values
    sent: Collection[str]


class BulkRules:
    """The rules of one resource for several rows: references must exist, and unique values must be free."""

    def __init__(self, resource: Resource):
        self._resource = resource
        self._references = resource.references()
        by_name = {field.name: field for field in resource.fields}
        alone = [(field,) for field in resource.fields if field.unique]
        together = [tuple(by_name[name] for name in names) for names in resource.unique_together]
        self._unique: list[tuple[Field, ...]] = [*alone, *together]

    def find_errors(self, connection: Connection, items: Sequence[Item]) -> dict[int, Errors]:
        """Return messages about values that break a rule, by the positions of their items."""
        errors: dict[int, Errors] = {}
        for field in self._references:
            for item in self._find_unknown(connection, field, items):
                message = make_unknown_id_error(item.values[field.key]).args[0]
                errors.setdefault(item.number, {})[field.key] = [message]
        for fields in self._unique:
            for item in self._find_taken(connection, fields, items):
                key = [field.key for field in fields if field.key in item.sent][-1]
                message = self._resource.make_unique_message(*fields)
                errors.setdefault(item.number, {})[key] = [message]
        return errors

    def _find_unknown(
        self, connection: Connection, field: Field, items: Sequence[Item]
    ) -> list[Item]:
        """Return the items that refer to a row that does not exist."""
        sent = [
            item for item in items if field.key in item.sent and item.values[field.key] is not None
        ]
        if not sent:
            return []
        id = field.resource.model.id
        ids = bindparam("ids", type_=BigInteger, expanding=True)
        values = {"ids": list({item.values[field.key] for item in sent})}
        known = set(connection.scalars(select(id).where(id.in_(ids)), values))
        return [item for item in sent if item.values[field.key] not in known]

    def _find_taken(
        self, connection: Connection, fields: Sequence[Field], items: Sequence[Item]
    ) -> list[Item]:
        """Return the items whose values another row or an earlier item has."""
        keys = [field.key for field in fields]
        sent = {
            item.number: (
                item,
                tuple(
                    get_unique_value(self._resource, field, item.values[field.key])
                    for field in fields
                ),
            )
            for item in items
            if any(key in item.sent for key in keys)
            and all(item.values.get(key) is not None for key in keys)
        }
        if not sent:
            return []
        model = self._resource.model_of(fields[0])
        columns = [getattr(model, field.unique_attribute) for field in fields]
        wanted = list({values for _item, values in sent.values()})
        types = [field.get_bind_type(column) for field, column in zip(fields, columns, strict=True)]
        found = tuple_(*columns, types=types).in_(wanted)
        owners = {
            tuple(row[1:]): row[0]
            for row in connection.execute(select(model.id, *columns).where(found))
        }
        seen: Counter[tuple[Any, ...]] = Counter()
        taken = []
        for item, values in sent.values():
            owner = owners.get(values)
            if seen[values] or (owner is not None and owner != item.id):
                taken.append(item)
            seen[values] += 1
        return taken
