"""The conditions of a resource's list: its filters, and the search in all its texts."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import and_, any_, false, func, or_, select, true, union_all

from shoptrack.packages import locate_class
from shoptrack.resources.conditions import Condition, Traversal, dialect_condition, traverse
from shoptrack.resources.extensions import Extension
from shoptrack.resources.fields import Field, Filter, FilterScope
from shoptrack.resources.resource import AnyResource
from shoptrack.resources.text_search import contains_condition
from shoptrack.resources.visibility import SHOW_ALL, Hidden
from shoptrack.settings import ConfigurationError


def make_filters(resource: AnyResource) -> dict[str, Filter]:
    """Return every filter of a resource's list by name; of several with one name, the nearest field's."""
    scope = FilterScope(resource.model, frozenset({resource.permission("view")}))
    found: dict[str, Filter] = {}
    own = _make_field_filters(resource.own_fields(), scope)
    for filter in (*scope.find_ids("id", resource.model.id), *own):
        found.setdefault(filter.name, filter)
    for source, filter in _make_added_filters(resource, scope):
        if filter.name in found:
            raise ConfigurationError(
                f"The list of {resource.path} has a filter {filter.name!r} already, which {source} would add. "
                "Rename its field."
            )
        found[filter.name] = filter
    return found


def _make_added_filters(resource: AnyResource, scope: FilterScope) -> Iterator[tuple[str, Filter]]:
    """Yield the filters that plugins add, each with what adds it."""
    for extension in resource.extensions:
        source = f"the extension {locate_class(type(extension))}"
        for filter in extension.make_filters(_make_field_filters, scope):
            yield source, filter
    for make_filter in resource.filters:
        yield "config.add_filter", make_filter(scope)


def _make_field_filters(fields: Sequence[Field], scope: FilterScope) -> Iterator[Filter]:
    """Yield the filters by some fields, then those by the resources that they refer to."""
    for field in fields:
        yield from field.make_filters(scope)
    for field in fields:
        target = field.resource
        if target is not None:
            lift = _combine(scope.lift, traverse(getattr(scope.model, field.key), target.model))
            needs = scope.needs | {target.permission("view")}
            nested = FilterScope(target.model, needs, f"{field.name}_", lift)
            yield from _make_field_filters(target.fields, nested)


def _combine(outer: Traversal, inner: Traversal) -> Traversal:
    return lambda condition: outer(inner(condition))


def search_condition(resource: AnyResource, words: int, hidden: Hidden = SHOW_ALL) -> Condition:
    """Return the condition that every word occurs in a text of a row, or of a row that it refers to.

    :param words: the number of words; ``parse_search`` returns their values
    :param hidden: view permissions that the caller lacks; the rows that require them are not searched
    """
    model, fields, extensions = resource.model, resource.own_fields(), resource.extensions
    found = (
        _word_condition(model, fields, f"search_{n}", hidden, extensions) for n in range(words)
    )
    return and_(true(), *found)


def get_searched_permissions(resource: AnyResource) -> frozenset[str]:
    """Return the permissions to view all rows that a search reads."""
    nested = [get_searched_permissions(field.resource) for field in resource.references()]
    if not _get_search_columns(resource) and not any(nested):
        return frozenset()
    return frozenset({resource.permission("view")}).union(*nested)


def _get_search_columns(resource: AnyResource) -> list[Any]:
    columns = (field.get_search_column(resource.model_of(field)) for field in resource.fields)
    return [column for column in columns if column is not None]


def _word_condition(
    model: Any,
    fields: Sequence[Field],
    name: str,
    hidden: Hidden,
    extensions: Sequence[Extension] = (),
) -> Condition:
    """Return the condition that a word occurs in a text of a row, of its extensions, or of a row that it refers to."""
    columns = (field.get_search_column(model) for field in fields)
    texts = [contains_condition(column, name) for column in columns if column is not None]
    others = [  # the rows beside it: a column with their ids, their model, and the condition on them
        (
            getattr(model, field.key),
            field.resource.model,
            _word_condition(field.resource.model, field.resource.fields, name, hidden),
        )
        for field in fields
        if field.resource is not None and field.resource.permission("view") not in hidden
    ]
    others += [
        (model.id, one.model, _word_condition(one.model, one.searched_fields, name, hidden))
        for one in extensions
        if one.searched_fields
    ]
    lifted = [traverse(column, target)(condition) for column, target, condition in others]
    anywhere = or_(false(), *texts, *lifted)
    if not others:
        return anywhere
    if not texts:
        referring = (_referring_condition(*each) for each in others)
        return dialect_condition(anywhere, or_(*referring))
    # One subquery for all of them: otherwise PostgreSQL expects half the rows to match, and reads all.
    ways = [select(model.id).where(way).correlate(None) for way in (or_(*texts), *lifted)]
    return dialect_condition(anywhere, model.id.in_(union_all(*ways)))


def _referring_condition(column: Any, target: Any, condition: Condition) -> Condition:
    """Return the condition that a column refers to a row that meets a condition, for PostgreSQL.

    With an array, PostgreSQL looks up each id in the column's index. With ``IN`` and ``OR``, it would read all rows
    instead.
    """
    found = select(target.id).where(condition).correlate(None).scalar_subquery()
    return column == any_(func.array(found))
