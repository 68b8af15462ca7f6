"""What a resource's description says that its model does not bear out, found before the first request."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Table, UniqueConstraint

from shoptrack.resources.fields import Reference
from shoptrack.resources.ordering import keys_of
from shoptrack.resources.resource import Resource
from shoptrack.settings import ConfigurationError


def refuse_unsound(resource: Resource) -> None:
    """Refuse a description that its model cannot serve.

    :raises ConfigurationError: a field has no column, a list's order or a set of fields names what will not do, or
        nothing in the database keeps a row from referring to nothing, or apart what no two rows may share
    """
    for sentence in _faults(resource):
        name = f"{type(resource).__module__}.{type(resource).__qualname__}"
        raise ConfigurationError(f"The resource {name} cannot be served: {sentence}")


def _faults(resource: Resource) -> Iterator[str]:
    model = resource.model.__name__
    for field in resource.fields:
        if not hasattr(resource.model, field.key):
            yield f"the model {model} has no {field.key!r}, which its field {field.name!r} needs."
    possible = keys_of(resource)
    for name in resource.default_order:
        if name not in possible:
            yield (
                f"default_order names {name!r}, which is no field or may be null. Possible are: "
                f"{', '.join(possible)}."
            )
    for field in resource.references():
        if not _refers(resource.model, field):
            yield (
                f"the field {field.name!r} refers to {field.resource.path}, and the column {field.key} of {model} "
                f"has no foreign key to {field.resource.model.__tablename__}.id, without which a row could refer "
                "to nothing."
            )
    fields = {field.name: field for field in resource.fields}
    for names in resource.unique_together:
        for name in names:
            if name not in fields:
                yield f"unique_together names {name!r}, and the fields are {', '.join(fields)}."
    alone = ((field.name,) for field in resource.fields if field.unique)
    for names in (*alone, *resource.unique_together):
        columns = {fields[name].key for name in names}
        if columns not in _unique(resource.model):
            yield (
                f"no two rows may share {' and '.join(map(repr, names))}, and the table of {model} has no "
                f"unique constraint on {', '.join(sorted(columns))}, without which two requests at once could "
                "break the rule."
            )


def _refers(model: Any, field: Reference) -> bool:
    """Tell whether a foreign key is checked with each change of a reference."""
    (column,) = model.__mapper__.get_property(field.key).columns
    id = field.resource.model.__table__.c.id
    return any(key.column is id and not key.deferrable for key in column.foreign_keys)


def _unique(model: Any) -> Collection[set[str]]:
    """Return the sets of attributes whose columns a constraint or an index keeps unique together."""
    table: Table = model.__table__
    constraints = (one for one in table.constraints if isinstance(one, UniqueConstraint))
    ways = [one.columns for one in constraints if not one.deferrable]
    # An index of some database's own kind may leave rows out.
    ways += [one.columns for one in table.indexes if one.unique and not one.dialect_kwargs]
    attribute = model.__mapper__.get_property_by_column
    return [{attribute(column).key for column in columns} for columns in ways]
