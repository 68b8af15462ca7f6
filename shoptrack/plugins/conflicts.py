"""Error messages for configuration conflicts. They name each conflicting definition with file and line."""

import re
from collections.abc import Hashable
from typing import Any

from pyramid.exceptions import ConfigurationConflictError

from shoptrack.packages import locate_action
from shoptrack.settings import ConfigurationError

# The definitions of ShopTrack's and Pyramid's directives, by the first part of the action's discriminator.
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
    "shoptrack administration columns": "the administration column {!r}",
    "shoptrack administration actions": "the administration action {!r}",
    "route": "the route {!r}",
}
HEADING = "Conflicting definitions:"
ADVICE = "Disable one of the plugins, or rename one of the definitions."


def format_conflict(conflict: ConfigurationConflictError) -> str:
    """Return the message for a configuration conflict, with one line per group of conflicting definitions."""
    lines: dict[tuple[str, ...], list[str]] = {}
    for discriminator, infos in conflict._conflicts.items():
        where = tuple(sorted({locate_action(info) for info in infos}))
        lines.setdefault(where, []).append(_get_label(discriminator))
    # If a name conflicts, so do its views. The first label, the name, is enough.
    messages = [f"- {nouns[0]}: {' and '.join(where)}" for where, nouns in lines.items()]
    return "\n".join([HEADING, *sorted(messages), ADVICE])


def _get_label(discriminator: Hashable) -> str:
    match discriminator:
        case (str(kind), *names) if kind in LABELS:
            return LABELS[kind].format(*names)
        case (str(kind), str(name)):  # actions that a plugin defines itself
            return f"{kind} {name!r}"
    return repr(discriminator)


def check_duplicate_routes(introspector) -> None:
    """Check that no two routes have the same path, since the first would hide the second.

    :raises ConfigurationError: two routes match the same requests
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
