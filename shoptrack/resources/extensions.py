"""Extensions: fields that a plugin adds to the resource of another package.

A table of the plugin stores them under the ids of the extended rows. A row without one has the fields' defaults.
"""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import SimpleNamespace
from typing import Any, ClassVar

from sqlalchemy import and_, func, inspect, literal, or_, select
from sqlalchemy.orm import Session

from shoptrack.errors import DomainError
from shoptrack.events import RowChange
from shoptrack.resources.conditions import Condition, traverse
from shoptrack.resources.fields import Field, Filter, FilterScope, SortKey
from shoptrack.resources.row_warnings import WarningFinder

MakeFilters = Callable[[Sequence[Field], FilterScope], Iterator[Filter]]
MakeFilter = Callable[[FilterScope], Filter]
Validator = Callable[[Session, Sequence[RowChange]], None]


class Extension:
    """Fields that a plugin adds to another resource.

    ::

        class RecordNotes(Extension):
            '''A note and a tax rate on each shopping record.'''

            model = RecordNote
            fields = (LongText("note", max_length=1000, required=False), Integer("tax_rate", default=8))

    Documents have them behind the resource's own fields, but not where other documents nest the row. Each field is
    optional or has a default: no row had a value before the plugin was enabled.

    :cvar model: its primary key ``id`` is a foreign key to the extended table with ``ON DELETE CASCADE``; ``None`` if
        all fields are computed
    """

    model: ClassVar[Any] = None
    fields: ClassVar[Sequence[Field]] = ()

    @cached_property
    def stored_fields(self) -> list[Field]:
        """Return the fields that the table stores."""
        return [field for field in self.fields if field.is_stored]

    @cached_property
    def searched_fields(self) -> list[Field]:
        """Return the fields by which a search finds rows: texts, and references to other rows."""
        fields = self.stored_fields
        columns = (field.get_search_column(self.model) for field in fields)
        return [
            field
            for field, column in zip(fields, columns, strict=True)
            if column is not None or field.resource is not None
        ]

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """Return the values of a row that the table lacks, by the model's attributes; others are null."""
        defaults: dict[str, Any] = {}
        for field in self.stored_fields:
            defaults |= field.store(self.model, field.default)
        return defaults

    @cached_property
    def attributes(self) -> dict[str, Any]:
        """Return the columns of the model, by its attributes."""
        if self.model is None:
            return {}
        keys = [one.key for one in self.model.__mapper__.column_attrs]
        return {key: getattr(self.model, key) for key in keys}

    def join(self, statement: Any, row: Any, table: Any) -> tuple[Any, Any]:
        """Join the table to a statement, and return the statement and an object with the columns of both tables.

        :param row: the extended model, or an alias of it
        :param table: the extension's model, or an alias of it
        """
        joined = statement.join(table, table.id == row.id, isouter=True)
        extended = {one.key: getattr(row, one.key) for one in inspect(row).mapper.column_attrs}
        own = vars(self._make_columns(lambda name: getattr(table, name)))
        return joined, SimpleNamespace(**{**extended, **own, "id": row.id})

    def make_filters(self, make: MakeFilters, scope: FilterScope) -> Iterator[Filter]:
        """Yield the filters of the extended resource's list by the stored fields.

        :param make: yields the filters by some fields for a scope
        """
        fields, own_id = self.stored_fields, scope.model.id

        def lift_stored(condition: Condition) -> Condition:
            return scope.lift(traverse(own_id, self.model)(condition))

        def lift_missing(condition: Condition) -> Condition:
            # The default is compared first. For most filters this decides without a look at the table.
            return scope.lift(and_(condition, own_id.not_in(select(self.model.id))))

        missing_row = SimpleNamespace(
            **{
                name: literal(self.defaults.get(name), column.type)
                for name, column in self.attributes.items()
            }
        )
        stored = make(fields, replace(scope, model=self.model, lift=lift_stored))
        missing = make(fields, replace(scope, model=missing_row, lift=lift_missing))
        for one, other in zip(stored, missing, strict=True):
            yield replace(one, condition=or_(one.condition, other.condition))

    def make_sort_keys(self, model: Any) -> Iterator[SortKey]:
        """Yield the keys that order the extended resource's list by the stored fields.

        :param model: of the extended resource
        """

        def read(name: str) -> Any:
            column = getattr(self.model, name)
            return select(column).where(self.model.id == model.id).scalar_subquery()

        columns = self._make_columns(read)
        for field in self.stored_fields:
            key = field.make_sort_key(columns)
            if key is not None:
                yield replace(key, column=key.column.label(field.name))

    def find_problems(self, resource: Any) -> Iterator[str]:
        """Yield problems of a model that cannot store the fields, as messages for its author.

        :param resource: the extended one
        """
        for field in self.stored_fields:
            if field.required == (field.default is not None):
                continue
            yield (
                f"the field {field.name!r} must be optional (required=False), or have a default and be required: "
                f"older {resource.plural()} have no value."
            )
        for field in self.stored_fields:
            if field.is_owner:
                yield f"the field {field.name!r} cannot be the owner of rows that are another package's."
        if not self.stored_fields:
            return
        if self.model is None:
            yield f"the field {self.stored_fields[0].name!r} is stored, and the extension has no model."
            return
        for field in self.stored_fields:
            yield from field.find_model_problems(self.model)
            if field.default is not None and field.get_search_column(self.model) is not None:
                yield f"the field {field.name!r} is searched, and so cannot have a default."
        table, other = self.model.__table__, resource.model.__table__
        id = table.primary_key.columns[0]
        if not any(
            key.column is other.c.id and (key.ondelete or "").upper() == "CASCADE"
            for key in id.foreign_keys
        ) or [*table.primary_key.columns] != [table.c.get("id")]:
            yield (
                f"the primary key of the table {table.name} must be id, with a foreign key to "
                f'{other.name}.id and ondelete="CASCADE".'
            )

    def _make_columns(self, read: Callable[[str], Any]) -> SimpleNamespace:
        """Return an object with the columns of a row, which have the defaults where the row is missing."""
        columns = {}
        for name, column in self.attributes.items():
            default = self.defaults.get(name)
            value = read(name)
            if default is not None:
                value = func.coalesce(value, literal(default, column.type))
            columns[name] = value
        return SimpleNamespace(**columns)


@dataclass
class Additions:
    """What the plugins of one application add to one resource."""

    extensions: list[Extension] = dataclasses.field(default_factory=list)
    filters: list[MakeFilter] = dataclasses.field(default_factory=list)
    validators: list[Validator] = dataclasses.field(default_factory=list)
    errors: list[type[DomainError]] = dataclasses.field(default_factory=list)
    warning_finders: list[WarningFinder] = dataclasses.field(default_factory=list)

    def __bool__(self) -> bool:
        return any(vars(self).values())


class ResourceAdditions(dict[str, Additions]):
    """What the plugins of one application add to resources, by the resources' paths."""

    @classmethod
    def of(cls, registry: Any) -> "ResourceAdditions":
        """Return the application's."""
        return registry.setdefault(cls, cls())

    def __missing__(self, path: str) -> Additions:
        return self.setdefault(path, Additions())
