"""What is said when two packages bring the same thing. Both are named, with file and line."""

import re
from collections.abc import Hashable
from typing import Any

from pyramid.exceptions import ConfigurationConflictError

from shoptrack.packages import locate_action
from shoptrack.settings import ConfigurationError

# What the directives of `shoptrack.plugins` and Pyramid's bring, by the first part of what makes it unique.
LABELS = {
    "shoptrack settings": "the setting {}",
    "shoptrack migrations": "the line of migrations {!r}",
    "shoptrack permissions": "the permission {!r}",
    "shoptrack resources": "the resource {!r}",
    "shoptrack services": "the path {}",
    "shoptrack body sizes": "the longest body of the route {}",
    "shoptrack health checks": "the health check {!r}",
    "shoptrack deploy checks": "the deploy check {!r}",
    "shoptrack identify": "the way in which callers are identified",
    "shoptrack browser pages": "the path of pages for browsers",
    "shoptrack administration": "how the administration shows the resource {!r}",
    "shoptrack administration pages": "the administration page {!r}",
    "shoptrack administration panels": "the administration panel {!r}",
    "route": "the route {!r}",
}
HEADING = "Conflicting definitions:"
ADVICE = "Disable one of the plugins, or rename one of the definitions."


def format_conflict(conflict: ConfigurationConflictError) -> str:
    """Return what a conflict of Pyramid's is about: a line for each two, or more, that clash."""
    lines: dict[tuple[str, ...], list[str]] = {}
    for discriminator, infos in conflict._conflicts.items():
        where = tuple(sorted({locate_action(info) for info in infos}))
        lines.setdefault(where, []).append(_get_label(discriminator))
    # Where a name clashes, the views behind it do; the name says it.
    told = [f"- {nouns[0]}: {' and '.join(where)}" for where, nouns in lines.items()]
    return "\n".join([HEADING, *sorted(told), ADVICE])


def _get_label(discriminator: Hashable) -> str:
    match discriminator:
        case (str(kind), *names) if kind in LABELS:
            return LABELS[kind].format(*names)
        case (str(kind), str(name)):  # a plugin's own actions, in its own words
            return f"{kind} {name!r}"
    return repr(discriminator)


def check_duplicate_routes(introspector) -> None:
    """Stop the start where two routes have one path, since the first would hide the second.

    :raises ConfigurationError: there are two that answer the same requests
    """
    seen: dict[tuple[str, frozenset[str]], Any] = {}
    for entry in introspector.get_category("routes") or ():
        route = entry["introspectable"]
        if any(route[name] for name in ("xhr", "path_info", "request_param", "header", "accept")):
            continue
        path = re.sub(r"\{\w+\}", "{}", route["pattern"])
        other = seen.setdefault((path, frozenset(route["request_methods"] or ())), route)
        if other is not route:
            both = " and ".join(locate_action(one.action_info) for one in (other, route))
            raise ConfigurationError(f"{HEADING}\n- the path {route['pattern']}: {both}\n{ADVICE}")
