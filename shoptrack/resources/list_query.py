"""What a list is asked for: its query parameters, parsed and checked, all faults at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from hashlib import blake2b
from typing import Any

from shoptrack.i18n.text_input import shorten
from shoptrack.resources.conditions import Clause
from shoptrack.resources.fields import Refused
from shoptrack.resources.filters import filters_of
from shoptrack.resources.list_statements import Form
from shoptrack.resources.ordering import Cursor, Key, keys_of
from shoptrack.resources.query_string import Sent, boolean, whole
from shoptrack.resources.resource import Resource
from shoptrack.resources.search import search, search_values, searched_permissions
from shoptrack.resources.visibility import SHOW_ALL, Hidden, check_parameters

MAX_LIMIT = 1000
MAX_OFFSET = 2**62
PAGING = ("limit", "offset", "cursor", "count", "fields", "ordering", "search")


@dataclass(frozen=True)
class Query:
    """A list's parameters.

    :param values: what is filtered by, by the names of the placeholders
    :param fingerprint: tells this order and these filters from others
    :param limit: rows of a page, ``None`` for the whole list
    """

    form: Form
    values: dict[str, Any]
    fingerprint: str
    limit: int | None = None
    offset: int | None = None
    cursor: Cursor | None = None
    count: bool = True


class Parameters:
    """The parameters that one resource's list takes. Built once.

    :ivar filters: those that narrow it, by name; so does ``search``
    :ivar several: the names of those that take several values
    """

    def __init__(self, resource: Resource):
        self.resource = resource
        self.filters = filters_of(resource)
        self.keys = keys_of(resource)
        self.names = ("id", *(field.name for field in resource.fields))
        self._default_order = tuple(self.keys[name] for name in resource.default_order)
        self._possible = {*self.filters, *PAGING}
        self.several = {name for name in self.filters if name.endswith("__in")} | {
            "fields",
            "ordering",
        }
        self._search = cache(partial(search, resource))  # by the number of words
        self.search_needs = searched_permissions(resource)

    def parse(self, pairs: Sequence[tuple[str, str]], hidden: Hidden = SHOW_ALL) -> Query:
        """Return what these parameters ask for.

        :param hidden: the permissions to view that the caller lacks
        :raises Forbidden: naming each that asks about what the caller may not view
        :raises Invalid: naming each that is unknown, faulty or sent twice
        """
        sent = Sent(pairs, self._possible, self.several)
        check_parameters(((name, self.needs(name)) for name in sent.texts), hidden)
        filters = [self.filters[name] for name in sent.texts if name in self.filters]
        values = {filter.name: sent.take(filter.name, filter.parse) for filter in filters}
        words = sent.take("search", search_values, {})
        order = sent.take("ordering", self._order, self._default_order)
        fingerprint = self._fingerprint(sent.texts, order)
        limit = sent.take("limit", whole(1, MAX_LIMIT))
        offset = sent.take("offset", whole(0, MAX_OFFSET))
        cursor = sent.take("cursor", lambda text: Cursor.parse(text, fingerprint, order))
        count = sent.take("count", boolean, True)
        fields = sent.take("fields", self._fields)
        sent.errors |= _contradictions(sent.texts)
        sent.refuse_faults()
        form = Form(
            where=(*(filter.name for filter in filters), len(words)),
            clauses=(*(filter.clause for filter in filters), *self._searches(len(words))),
            order=order,
            is_searched=bool(words) or any(filter.searches for filter in filters),
            fields=fields,
            backwards=cursor.backwards if cursor else None,
            skips=offset is not None,
        )
        return Query(form, values | words, fingerprint, limit, offset, cursor, count)

    def needs(self, name: str) -> frozenset[str]:
        """Return the permissions to view all rows that a parameter asks about. Lists are in the order of own fields."""
        if name == "search":
            return self.search_needs
        return self.filters[name].needs if name in self.filters else frozenset()

    def _searches(self, words: int) -> tuple[Clause, ...]:
        return (self._search(words),) if words else ()

    def _order(self, text: str) -> tuple[Key, ...]:
        order: dict[str, Key] = {}
        for part in text.split(","):
            name = part.strip().removeprefix("-")
            if name not in self.keys:
                raise Refused(
                    f"Cannot order by {shorten(name)!r}. Available: {', '.join(self.keys)}."
                )
            if name in order:
                raise Refused(f"{name!r} stands twice.")
            key = self.keys[name]
            order[name] = Key(key.name, key.column, key.load, part.strip().startswith("-"))
        order.setdefault("id", self.keys["id"])
        return tuple(order.values())

    def _fields(self, text: str) -> tuple[str, ...]:
        wanted = [part.strip() for part in text.split(",")]
        for name in wanted:
            if name not in self.names:
                raise Refused(
                    f"Unknown field {shorten(name)!r}. Available: {', '.join(self.names)}."
                )
        return tuple(name for name in self.names if name in wanted)

    def _fingerprint(self, sent: dict[str, str], order: Sequence[Key]) -> str:
        keys = [(key.name, key.descending) for key in order]
        narrowing = sorted((n, t) for n, t in sent.items() if n in self.filters or n == "search")
        return blake2b(repr((keys, narrowing)).encode(), digest_size=6).hexdigest()


def _contradictions(sent: dict[str, str]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for name in ("offset", "cursor"):
        if name in sent and "limit" not in sent:
            errors[name] = [f"Send it with limit (1 to {MAX_LIMIT})."]
    if "offset" in sent and "cursor" in sent:
        errors["cursor"] = ["Send either offset or cursor."]
    return errors
