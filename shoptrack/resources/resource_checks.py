"""Checks at startup that a resource's model can serve its description."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Table, UniqueConstraint

from shoptrack.packages import locate_class
from shoptrack.resources.fields import Field
from shoptrack.resources.list_filters import make_filters
from shoptrack.resources.ordering import get_sort_keys
from shoptrack.resources.resource import Resource
from shoptrack.settings import ConfigurationError


def check_resource(resource: Resource) -> None:
    """Check that a resource's model can serve its description.

    :raises ConfigurationError: a field has no column, or one of another type; the ordering or a set of fields has an
        unknown name; or no constraint in the database enforces a rule of the description
    """
    for problem in _find_problems(resource):
        raise ConfigurationError(
            f"The resource {locate_class(type(resource))} cannot be served: {problem}"
        )


def check_extensions(resource: Resource) -> None:
    """Check that the extensions of an application fit its resource.

    :raises ConfigurationError: a name is taken, or a model cannot store its fields
    """
    taken = {"id", *(name for one in resource.own_fields() for name in (one.name, one.key))}
    for extension in resource.extensions:
        problems = [
            f"{resource.path} has a field {field.name!r} already. Rename the extension's."
            for field in extension.fields
            if not taken.isdisjoint({field.name, field.key})
        ]
        taken |= {name for one in extension.fields for name in (one.name, one.key)}
        for problem in (*problems, *extension.find_problems(resource)):
            raise ConfigurationError(
                f"The extension {locate_class(type(extension))} of {resource.path} cannot be used: {problem}"
            )
    if resource.extensions or resource.filters:
        make_filters(resource)  # which refuses names that are taken


def _find_problems(resource: Resource) -> Iterator[str]:
    model = resource.model.__name__
    for field in resource.fields:
        if field.batch is not None:
            yield f"the field {field.name!r} is read for several rows at once, and belongs to an Extension."
        yield from field.find_model_problems(resource.model)
        yield from _find_null_problems(resource, field)
    own = sorted(field.name for field in resource.own_fields())
    for name in resource.natural_key:
        if name not in own:
            yield f"natural_key names {name!r}, which is no field. There are: {', '.join(own)}."
    yield from _find_page_problems(resource)
    available = get_sort_keys(resource)
    for name in resource.default_order:
        if name not in available:
            yield (
                f"default_order names {name!r}, which is no field, is computed or may be null. "
                f"Available: {', '.join(available)}."
            )
    fields = {field.name: field for field in resource.fields}
    for names in resource.unique_together:
        for name in names:
            if name not in fields:
                yield f"unique_together names {name!r}, and the fields are {', '.join(fields)}."
    alone = ((field.name,) for field in resource.fields if field.unique)
    for names in (*alone, *resource.unique_together):
        columns = {fields[name].unique_attribute for name in names}
        if columns not in _get_unique_sets(resource.model):
            yield (
                f"no two rows may share {' and '.join(map(repr, names))}, and the table of {model} has no "
                f"unique constraint on {', '.join(sorted(columns))}, without which two requests at once could "
                "break the rule."
            )


def _find_page_problems(resource: Resource) -> Iterator[str]:
    """Yield names of fields that forms do not have."""
    entered = {field.name for field in resource.fields if not field.read_only}
    # Nobody could leave a checkbox as each row has it.
    boxes = {field.name for field in resource.fields if field.get_input().kind == "checkbox"}
    options = (
        ("kept_fields", resource.kept_fields, entered),
        ("bulk_fields", resource.bulk_fields, entered - boxes),
    )
    for option, names, known in options:
        for name in names:
            if name not in known:
                yield f"{option} names {name!r}. Available: {', '.join(sorted(known))}."


def _find_null_problems(resource: Resource, field: Field) -> Iterator[str]:
    """Yield fields that allow null though their column does not: each such change would fail."""
    if not field.is_stored or field.required or field.read_only:
        return
    column = getattr(resource.model, field.key).property.columns[0]
    if not column.nullable:
        yield (
            f"the field {field.name!r} is not required, and the column {field.key} of "
            f"{resource.model.__name__} is NOT NULL. Make the field required, or the column nullable."
        )


def _get_unique_sets(model: Any) -> Collection[set[str]]:
    """Return the sets of attributes whose columns are unique together, by a constraint or an index."""
    table: Table = model.__table__
    constraints = (one for one in table.constraints if isinstance(one, UniqueConstraint))
    sets = [one.columns for one in constraints if not one.deferrable]
    # An index with options of one database may leave rows out.
    sets += [one.columns for one in table.indexes if one.unique and not one.dialect_kwargs]
    attribute = model.__mapper__.get_property_by_column
    return [{attribute(column).key for column in columns} for columns in sets]
