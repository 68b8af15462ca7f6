"""The query parameters of a list, parsed and checked; all errors are reported at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from hashlib import blake2b
from typing import Any

from shoptrack.i18n.text_input import shorten
from shoptrack.resources.conditions import Condition
from shoptrack.resources.fields import Filter, InvalidValue, SortKey, parse_boolean
from shoptrack.resources.list_filters import (
    get_searched_permissions,
    make_filters,
    search_condition,
)
from shoptrack.resources.list_statements import QueryShape
from shoptrack.resources.ordering import Cursor, find_reference_keys, get_sort_keys
from shoptrack.resources.query_string import QueryString, integer_between
from shoptrack.resources.resource import AnyResource
from shoptrack.resources.text_search import parse_search
from shoptrack.resources.visibility import SHOW_ALL, Hidden, check_parameters

MAX_LIMIT = 1000
MAX_OFFSET = 2**62
PAGING = ("limit", "offset", "cursor", "count")
SHAPING = ("fields", "ordering", "search")


@dataclass(frozen=True)
class ListQuery:
    """The parsed parameters of a list.

    :param values: of the filters' placeholders, by name
    :param fingerprint: identifies the ordering and the filters
    :param limit: rows of a page, ``None`` for the whole list
    :param options: the values of further parameters that were sent, by name
    """

    shape: QueryShape
    values: dict[str, Any]
    fingerprint: str
    limit: int | None = None
    offset: int | None = None
    cursor: Cursor | None = None
    with_count: bool = True
    options: Mapping[str, Any] = field(default_factory=dict)


class ListParameters:
    """The query parameters of one resource's list. Made once.

    :param options: further parameters, which take precedence over filters of the same names; each with a function
        that converts its text or raises ``InvalidValue``
    :param with_pages: whether the parameters of pages are known
    :param filters: of the resource, if they are made already
    :param with_references: whether the list can be ordered by the rows that it refers to, as pages for people are
    :ivar filters: the filters, by name; ``search`` is another one
    :ivar repeatable: the names of parameters with several values
    """

    def __init__(
        self,
        resource: AnyResource,
        *,
        options: Mapping[str, Callable[[str], Any]] | None = None,
        with_pages: bool = True,
        filters: Mapping[str, Filter] | None = None,
        with_references: bool = False,
    ):
        self.resource = resource
        self._options = dict(options or {})
        filters = make_filters(resource) if filters is None else filters
        self.filters = {name: filters[name] for name in filters if name not in self._options}
        self.keys = get_sort_keys(resource)
        # by the name of a reference: the key that follows, and the permission to order by it
        self._next_keys: dict[str, SortKey] = {}
        self._order_needs: dict[str, frozenset[str]] = {}
        if with_references:
            for field, key, next_key in find_reference_keys(resource):
                self.keys[field.name] = key
                self._next_keys[field.name] = next_key
                self._order_needs[field.name] = frozenset({field.resource.permission("view")})
        self.names = ("id", *(field.name for field in resource.fields))
        self._default_order = tuple(self.keys[name] for name in resource.default_order)
        self._available = {*self.filters, *self._options, *SHAPING}
        if with_pages:
            self._available |= {*PAGING}
        several = {name for name in self.filters if name.endswith("__in")}
        self.repeatable = several | {"fields", "ordering"}
        self._search = cache(partial(search_condition, resource))  # by the number of words
        self.search_needs = get_searched_permissions(resource)

    def parse(self, pairs: Sequence[tuple[str, str]], hidden: Hidden = SHOW_ALL) -> ListQuery:
        """Parse query parameters.

        :param hidden: view permissions that the caller lacks
        :raises Forbidden: naming each parameter about data that the caller may not view
        :raises ValidationError: naming each unknown, invalid or duplicate parameter
        """
        params = QueryString(pairs, self._available, self.repeatable)
        needs = ((name, self.needs(name, text)) for name, text in params.texts.items())
        check_parameters(needs, hidden)
        filters = [self.filters[name] for name in params.texts if name in self.filters]
        values = {filter.name: params.get(filter.name, filter.parse) for filter in filters}
        words = params.get("search", parse_search, {})
        order = params.get("ordering", self._parse_order, self._default_order)
        fingerprint = self._make_fingerprint(params.texts, order)
        limit = params.get("limit", integer_between(1, MAX_LIMIT))
        offset = params.get("offset", integer_between(0, MAX_OFFSET))
        cursor = params.get("cursor", lambda text: Cursor.decode(text, fingerprint, order))
        with_count = params.get("count", parse_boolean, True)
        fields = params.get("fields", self._parse_fields)
        sent = [name for name in self._options if name in params.texts]
        options = {name: params.get(name, self._options[name]) for name in sent}
        params.errors |= _find_conflicting_parameters(params.texts)
        params.raise_errors()
        shape = QueryShape(
            filters=(*(filter.name for filter in filters), len(words)),
            conditions=(
                *(filter.condition for filter in filters),
                *self._search_conditions(len(words)),
            ),
            order=order,
            is_text_search=bool(words) or any(filter.is_text_search for filter in filters),
            fields=fields,
            is_backwards=cursor.is_backwards if cursor else None,
            has_offset=offset is not None,
        )
        return ListQuery(
            shape, values | words, fingerprint, limit, offset, cursor, with_count, options
        )

    def needs(self, name: str, text: str = "") -> frozenset[str]:
        """Return the permissions to view all rows that a parameter reads.

        :param text: of ``ordering``, which names fields
        """
        if name == "search":
            return self.search_needs
        if name == "ordering" and self._order_needs:
            names = (_get_sort_name(part) for part in text.split(","))
            return frozenset().union(*(self._order_needs.get(one, ()) for one in names))
        return self.filters[name].needs if name in self.filters else frozenset()

    def _search_conditions(self, words: int) -> tuple[Condition, ...]:
        return (self._search(words),) if words else ()

    def _parse_order(self, text: str) -> tuple[SortKey, ...]:
        order: dict[str, SortKey] = {}
        for part in text.split(","):
            name = _get_sort_name(part)
            if name not in self.keys:
                raise InvalidValue(
                    f"Cannot order by {shorten(name)!r}. Available: {', '.join(self.keys)}."
                )
            if name in order:
                raise InvalidValue(f"{name!r} is listed twice.")
            is_descending = part.strip().startswith("-")
            order[name] = replace(self.keys[name], is_descending=is_descending)
            if next_key := self._next_keys.get(name):
                order[next_key.name] = replace(next_key, is_descending=is_descending)
        order.setdefault("id", self.keys["id"])
        return tuple(order.values())

    def _parse_fields(self, text: str) -> tuple[str, ...]:
        names = [part.strip() for part in text.split(",")]
        for name in names:
            if name not in self.names:
                raise InvalidValue(
                    f"Unknown field {shorten(name)!r}. Available: {', '.join(self.names)}."
                )
        return tuple(name for name in self.names if name in names)

    def _make_fingerprint(self, texts: dict[str, str], order: Sequence[SortKey]) -> str:
        keys = [(key.name, key.is_descending) for key in order]
        filters = sorted((n, t) for n, t in texts.items() if n in self.filters or n == "search")
        return blake2b(repr((keys, filters)).encode(), digest_size=6).hexdigest()


def _get_sort_name(part: str) -> str:
    return part.strip().removeprefix("-")


def _find_conflicting_parameters(texts: dict[str, str]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for name in ("offset", "cursor"):
        if name in texts and "limit" not in texts:
            errors[name] = [f"This parameter requires limit (1 to {MAX_LIMIT})."]
    if "offset" in texts and "cursor" in texts:
        errors["cursor"] = ["Send either offset or cursor."]
    return errors
