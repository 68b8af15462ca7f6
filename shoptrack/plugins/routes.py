"""Which of several routes answers: the most specific one, whichever package brings it.

Pyramid asks routes in the order in which they were added, so the order of plugins would decide. Where no route is more
specific than the others that can match a path, the application does not start.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pyramid.interfaces import IRoutesMapper
from pyramid.predicates import RequestMethodPredicate

from shoptrack.packages import locate_action
from shoptrack.plugins.conflicts import format_conflicts
from shoptrack.plugins.route_patterns import RoutePattern
from shoptrack.settings import ConfigurationError
from shoptrack.web.body_limit import AFTER_ALL_ROUTES


@dataclass(frozen=True)
class RouteRule:
    """What a route matches.

    :param route: Pyramid's
    :param methods: ``None`` for all
    :param conditions: of its other predicates, by their types
    :param where: file and line
    """

    route: Any
    pattern: RoutePattern
    methods: frozenset[str] | None
    conditions: dict[type, str]
    where: str

    @classmethod
    def from_route(cls, route: Any, where: str = "") -> "RouteRule":
        """Return the rule of a route."""
        methods: frozenset[str] | None = None
        conditions: dict[type, str] = {}
        for predicate in route.predicates:
            if isinstance(predicate, RequestMethodPredicate):
                methods = frozenset(predicate.val)
            elif condition := predicate.phash():  # `traverse` is a predicate without a condition
                conditions[type(predicate)] = condition
        return cls(route, RoutePattern.parse(route.pattern), methods, conditions, where)

    @property
    def path(self) -> str:
        """Return the pattern's text."""
        return f"/{self.route.pattern.removeprefix('/')}"

    def overlaps(self, other: "RouteRule") -> bool:
        """Return whether one request can match both. Two values of a predicate are taken to exclude each other."""
        if not self.pattern.overlaps(other.pattern):
            return False
        if self.methods and other.methods and self.methods.isdisjoint(other.methods):
            return False
        shared = self.conditions.keys() & other.conditions.keys()
        return all(self.conditions[kind] == other.conditions[kind] for kind in shared)

    def is_before(self, other: "RouteRule") -> bool:
        """Return whether this one answers what both match."""
        if not self.overlaps(other):
            return False
        if self.pattern == other.pattern:
            return self.conditions.items() > other.conditions.items()
        return self.pattern.is_within(other.pattern)


def sort_routes(routes: Iterable[Any]) -> list[Any]:
    """Return routes with each before the less specific ones, and otherwise in their order."""
    rules: list[RouteRule] = []
    for rule in map(RouteRule.from_route, routes):
        later = (place for place, other in enumerate(rules) if rule.is_before(other))
        rules.insert(next(later, len(rules)), rule)
    return [rule.route for rule in rules]


def check_routes(introspector) -> None:
    """Check that one of all routes that can match a request is the most specific.

    :raises ConfigurationError: naming the others, with file and line
    """
    entries = [entry["introspectable"] for entry in introspector.get_category("routes") or ()]
    brought = [
        RouteRule.from_route(one["object"], locate_action(one.action_info))
        for one in entries
        if not one["static"]  # made for URLs only
    ]
    unconditional = {rule.pattern for rule in brought if not (rule.methods or rule.conditions)}
    conflicts = []
    for one, other in combinations(sorted(brought, key=lambda each: each.where), 2):
        if not one.overlaps(other) or one.is_before(other) or other.is_before(one):
            continue
        both = one.pattern.intersect(other.pattern)
        if both in unconditional - {one.pattern, other.pattern}:  # a third route answers
            continue
        noun = f"the path {one.path}"
        if one.pattern != other.pattern:
            noun = f"the paths {one.path} and {other.path}, which can match the same request"
        conflicts.append((noun, [one.where, other.where]))
    if conflicts:
        raise ConfigurationError(format_conflicts(conflicts))


def includeme(config):
    """Sort the routes when all are known, and before their order is copied."""

    def sort():
        if mapper := config.registry.queryUtility(IRoutesMapper):
            mapper.routelist[:] = sort_routes(mapper.routelist)

    config.action("shoptrack order of routes", sort, order=AFTER_ALL_ROUTES - 1)
