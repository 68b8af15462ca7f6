"""The checks of a body that only the database can make: references to nothing, names that are taken."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, bindparam, exists, select
from sqlalchemy.orm import aliased

from shoptrack.resources.fields import Field, Reference, unknown_id
from shoptrack.resources.schema import Errors


@dataclass(frozen=True, eq=False)
class Rule:
    """What must be true of one field's value.

    :param question: makes the condition of the field and of whether the row is a new one
    :param sentence: what is said of the field and a value for which it is false
    """

    field: Field
    question: Callable[[Any, bool], ColumnElement[bool]]
    sentence: Callable[[Any, Any], str]


class Checks:
    """The checks of one resource. A statement is made once for each choice of fields that are sent.

    :param resource: a ``shoptrack.resources.resource.Resource``
    """

    def __init__(self, resource: Any):
        self._resource = resource
        self._rules = [*self._rules_of(resource.fields)]
        by_name = {field.name: field for field in resource.fields}
        self._sets = [tuple(by_name[name] for name in names) for names in resource.unique_together]
        self._rule_of_set = cache(self._make_rule_of_set)
        self._statement = cache(self._make_statement)

    def errors(
        self, connection: Connection, values: dict[str, Any], id: int | None = None
    ) -> Errors:
        """Return sentences about values that cannot be, by one statement.

        :param id: of the row that is to have the values, ``None`` for a new one
        """
        rules = tuple(rule for rule in self._rules if values.get(rule.field.key) is not None)
        if self._sets:
            rules += tuple(self._rules_of_sets(values, new=id is None))
        if not rules:
            return {}
        answers = connection.execute(self._statement(rules, id is None), values | {"id": id})
        return {
            rule.field.key: [rule.sentence(rule.field, values[rule.field.key])]
            for rule, good in zip(rules, answers.one(), strict=True)
            if not good
        }

    def _rules_of(self, fields: Sequence[Field]) -> Iterator[Rule]:
        for field in fields:
            if isinstance(field, Reference):
                yield Rule(field, self._is_there, lambda _field, id: unknown_id(id).args[0])
            if field.unique:
                yield Rule(field, self._is_free, lambda field, _: self._resource.taken(field))

    def _rules_of_sets(self, values: dict[str, Any], *, new: bool) -> Iterator[Rule]:
        for fields in self._sets:
            sent = tuple(field for field in fields if field.key in values)
            # Null is no value, so that any number of rows may lack one; a new row lacks what is not sent.
            lacks_one = any(values[field.key] is None for field in sent)
            if sent and not lacks_one and not (new and len(sent) < len(fields)):
                yield self._rule_of_set(fields, sent)

    def _make_rule_of_set(self, fields: tuple[Field, ...], sent: tuple[Field, ...]) -> Rule:
        return Rule(
            sent[-1],
            lambda _field, new: self._is_free_together(fields, sent, new),
            lambda _field, _value: self._resource.taken(*fields),
        )

    def _make_statement(self, rules: Sequence[Rule], new: bool) -> Select:
        return select(*(rule.question(rule.field, new) for rule in rules))

    @staticmethod
    def _is_there(field: Reference, new: bool) -> ColumnElement[bool]:
        return exists().where(field.resource.model.id == bindparam(field.key, type_=BigInteger))

    def _is_free(self, field: Field, new: bool) -> ColumnElement[bool]:
        return self._is_free_together([field], [field], new)

    def _is_free_together(
        self, fields: Sequence[Field], sent: Collection[Field], new: bool
    ) -> ColumnElement[bool]:
        model = self._resource.model
        own = aliased(model)  # the row that is changed has the values that are not sent
        id = bindparam("id", type_=BigInteger)
        taken = exists()
        for field in fields:
            column = getattr(model, field.key)
            if field in sent:
                # An id may be larger than its column's type; PostgreSQL would refuse it.
                kind = BigInteger() if isinstance(field, Reference) else column.type
                taken = taken.where(column == bindparam(field.key, type_=kind))
            else:
                kept = select(getattr(own, field.key)).where(own.id == id)
                taken = taken.where(column == kept.scalar_subquery())
        if not new:
            taken = taken.where(model.id != id)
        return ~taken
