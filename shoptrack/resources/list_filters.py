"""The conditions of a resource's list: its filters, and the search in all its texts."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, any_, func, or_, select, true, union_all

from shoptrack.resources.conditions import Condition, Traversal, dialect_condition, traverse
from shoptrack.resources.fields import Field, Filter, FilterScope
from shoptrack.resources.resource import AnyResource
from shoptrack.resources.text_search import contains_condition
from shoptrack.resources.visibility import SHOW_ALL, Hidden


def make_filters(resource: AnyResource) -> dict[str, Filter]:
    """Return every filter of a resource's list by name; of several with one name, the nearest field's."""
    scope = FilterScope(resource.model, frozenset({resource.permission("view")}))
    found: dict[str, Filter] = {}
    for filter in (*scope.find_ids("id", resource.model.id), *_make_field_filters(resource, scope)):
        found.setdefault(filter.name, filter)
    return found


def _make_field_filters(resource: AnyResource, scope: FilterScope) -> Iterator[Filter]:
    """Yield the filters by a resource's fields, then those by the resources that it refers to."""
    for field in resource.fields:
        yield from field.make_filters(scope)
    for field in resource.references():
        target = field.resource
        lift = _combine(scope.lift, traverse(getattr(resource.model, field.key), target.model))
        needs = scope.needs | {target.permission("view")}
        nested = FilterScope(target.model, needs, f"{field.name}_", lift)
        yield from _make_field_filters(target, nested)


def _combine(outer: Traversal, inner: Traversal) -> Traversal:
    return lambda condition: outer(inner(condition))


def search_condition(resource: AnyResource, words: int, hidden: Hidden = SHOW_ALL) -> Condition:
    """Return the condition that every word occurs in a text of a row, or of a row that it refers to.

    :param words: the number of words; ``parse_search`` returns their values
    :param hidden: view permissions that the caller lacks; the rows that require them are not searched
    """
    return and_(true(), *(_word_condition(resource, f"search_{n}", hidden) for n in range(words)))


def get_searched_permissions(resource: AnyResource) -> frozenset[str]:
    """Return the permissions to view all rows that a search reads."""
    nested = [get_searched_permissions(field.resource) for field in resource.references()]
    if not _get_search_columns(resource) and not any(nested):
        return frozenset()
    return frozenset({resource.permission("view")}).union(*nested)


def _get_search_columns(resource: AnyResource) -> list[Any]:
    columns = (field.get_search_column(resource.model) for field in resource.fields)
    return [column for column in columns if column is not None]


def _word_condition(resource: AnyResource, name: str, hidden: Hidden) -> Condition:
    """Return the condition that a word occurs in a text of a row, or of a row that it refers to."""
    model = resource.model
    texts = [contains_condition(column, name) for column in _get_search_columns(resource)]
    references = [
        (field, _word_condition(field.resource, name, hidden))
        for field in resource.references()
        if field.resource.permission("view") not in hidden
    ]
    lifted = [
        traverse(getattr(model, field.key), field.resource.model)(condition)
        for field, condition in references
    ]
    anywhere = or_(*texts, *lifted)
    if not references:
        return anywhere
    if not texts:
        referring = (_referring_condition(model, *each) for each in references)
        return dialect_condition(anywhere, or_(*referring))
    # One subquery for all of them: otherwise PostgreSQL expects half the rows to match, and reads all.
    ways = [select(model.id).where(way).correlate(None) for way in (or_(*texts), *lifted)]
    return dialect_condition(anywhere, model.id.in_(union_all(*ways)))


def _referring_condition(model: Any, field: Field, condition: Condition) -> Condition:
    """Return the condition that a field refers to a row that meets a condition, for PostgreSQL.

    With an array, PostgreSQL looks up each id in the field's index. With ``IN`` and ``OR``, it would read all rows
    instead.
    """
    target = field.resource.model
    found = select(target.id).where(condition).correlate(None).scalar_subquery()
    return getattr(model, field.key) == any_(func.array(found))
