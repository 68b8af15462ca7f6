"""The rules of bodies that only the database can check: references must exist, and unique values must be free."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, bindparam, exists, select
from sqlalchemy.orm import aliased

from shoptrack.resources.fields import Field, make_unknown_id_error
from shoptrack.resources.resource import Resource
from shoptrack.resources.schema import Errors, Values


@dataclass(frozen=True, eq=False)
class Rule:
    """A rule about one field's value.

    :param make_condition: returns the condition, for a field and whether the row is new
    :param make_message: returns the message for a field and a value that breaks the rule
    """

    field: Field
    make_condition: Callable[[Any, bool], ColumnElement[bool]]
    make_message: Callable[[Any, Any], str]


class DatabaseValidator:
    """The rules of one resource. A statement is made once for each combination of sent fields."""

    def __init__(self, resource: Resource):
        self._resource = resource
        self._rules = [*self._make_rules(resource.fields)]
        by_name = {field.name: field for field in resource.fields}
        self._sets = [tuple(by_name[name] for name in names) for names in resource.unique_together]
        self._rule_of_set = cache(self._make_rule_of_set)
        self._statement = cache(self._make_statement)

    def find_errors(self, connection: Connection, values: Values, id: int | None = None) -> Errors:
        """Return messages about values that break a rule, by one statement.

        :param id: of the row to change, ``None`` for a new one
        """
        rules = tuple(rule for rule in self._rules if values.get(rule.field.key) is not None)
        if self._sets:
            rules += tuple(self._rules_of_sets(values, is_new=id is None))
        if not rules:
            return {}
        bound = values | self._get_unique_values(values) | {"id": id}
        results = connection.execute(self._statement(rules, id is None), bound)
        return {
            rule.field.key: [rule.make_message(rule.field, values[rule.field.key])]
            for rule, holds in zip(rules, results.one(), strict=True)
            if not holds
        }

    def _get_unique_values(self, values: Values) -> Values:
        """Return the values that are compared where a field's own values are not, by key."""
        fields = (field for field in self._resource.fields if field.key in values)
        return {
            field.key: get_unique_value(self._resource, field, values[field.key])
            for field in fields
            if field.unique_attribute != field.key
        }

    def _make_rules(self, fields: Sequence[Field]) -> Iterator[Rule]:
        for field in fields:
            if field.resource is not None:
                yield Rule(
                    field,
                    self._exists_condition,
                    lambda _field, id: make_unknown_id_error(id).args[0],
                )
            if field.unique:
                yield Rule(
                    field,
                    self._unique_condition,
                    lambda field, _: self._resource.make_unique_message(field),
                )

    def _rules_of_sets(self, values: Values, *, is_new: bool) -> Iterator[Rule]:
        for fields in self._sets:
            sent = tuple(field for field in fields if field.key in values)
            # Null is not a value, so any number of rows may have it; a new row has null for missing fields.
            lacks_one = any(values[field.key] is None for field in sent)
            if sent and not lacks_one and not (is_new and len(sent) < len(fields)):
                yield self._rule_of_set(fields, sent)

    def _make_rule_of_set(self, fields: tuple[Field, ...], sent: tuple[Field, ...]) -> Rule:
        return Rule(
            sent[-1],
            lambda _field, is_new: self._unique_together_condition(fields, sent, is_new),
            lambda _field, _value: self._resource.make_unique_message(*fields),
        )

    def _make_statement(self, rules: Sequence[Rule], is_new: bool) -> Select:
        return select(*(rule.make_condition(rule.field, is_new) for rule in rules))

    @staticmethod
    def _exists_condition(field: Field, is_new: bool) -> ColumnElement[bool]:
        return exists().where(field.resource.model.id == bindparam(field.key, type_=BigInteger))

    def _unique_condition(self, field: Field, is_new: bool) -> ColumnElement[bool]:
        return self._unique_together_condition([field], [field], is_new)

    def _unique_together_condition(
        self, fields: Sequence[Field], sent: Collection[Field], is_new: bool
    ) -> ColumnElement[bool]:
        model = self._resource.model_of(fields[0])
        own = aliased(model)  # the row to change, with its values of the fields that were not sent
        id = bindparam("id", type_=BigInteger)
        taken = exists()
        for field in fields:
            column = getattr(model, field.unique_attribute)
            if field in sent:
                value = bindparam(field.key, type_=field.get_bind_type(column))
                taken = taken.where(column == value)
            else:
                current = select(getattr(own, field.unique_attribute)).where(own.id == id)
                taken = taken.where(column == current.scalar_subquery())
        if not is_new:
            taken = taken.where(model.id != id)
        return ~taken


def get_unique_value(resource: Resource, field: Field, value: Any) -> Any:
    """Return what is compared for a value, so that no two rows share it."""
    if value is None or field.unique_attribute == field.key:
        return value
    return field.store(resource.model_of(field), value)[field.unique_attribute]
