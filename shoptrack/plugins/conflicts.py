"""Error messages for configuration conflicts. They name each conflicting definition with file and line."""

from collections.abc import Hashable, Iterable

from pyramid.exceptions import ConfigurationConflictError

from shoptrack.packages import locate_action

# The definitions of ShopTrack's and Pyramid's directives, by the first part of the action's discriminator.
LABELS = {
    "shoptrack settings": "the setting {}",
    "shoptrack migrations": "the line of migrations {!r}",
    "shoptrack permissions": "the permission {!r}",
    "shoptrack resources": "the resource {!r}",
    "shoptrack extensions": "the extension {}",
    "shoptrack extension fields": "the added field {}",
    "shoptrack validators": "the validator {}",
    "shoptrack warnings": "the warnings {}",
    "shoptrack errors": "the documented error {}",
    "shoptrack filters": "the added filter {}",
    "shoptrack services": "the path {}",
    "shoptrack body sizes": "the longest body of the route {}",
    "shoptrack health checks": "the health check {!r}",
    "shoptrack deploy checks": "the deploy check {!r}",
    "shoptrack identify": "the way in which callers are identified",
    "shoptrack authenticators": "the authenticator {!r}",
    "shoptrack proxy headers": "the proxy header {0[0]}",
    "shoptrack sign-in links": "the sign-in link to the route {!r}",
    "shoptrack security schemes": "the security scheme {!r}",
    "shoptrack browser pages": "the path of pages for browsers",
    "shoptrack administration": "how the administration shows the resource {!r}",
    "shoptrack administration pages": "the administration page {!r}",
    "shoptrack administration panels": "the administration panel {!r}",
    "shoptrack administration row panels": "the administration row panel {!r}",
    "shoptrack jobs": "the job {!r}",
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
    return format_conflicts((nouns[0], where) for where, nouns in lines.items())


def format_conflicts(conflicts: Iterable[tuple[str, Iterable[str]]]) -> str:
    """Return the message for conflicts: what is defined several times, and where."""
    lines = (f"- {noun}: {' and '.join(where)}" for noun, where in conflicts)
    return "\n".join([HEADING, *sorted(lines), ADVICE])


def _get_label(discriminator: Hashable) -> str:
    match discriminator:
        case (str(kind), *names) if kind in LABELS:
            return LABELS[kind].format(*names)
        case (str(kind), str(name)):  # actions that a plugin defines itself
            return f"{kind} {name!r}"
    return repr(discriminator)
