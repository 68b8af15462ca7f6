"""Packages and their code: distributions, entry points, and where in a file something is defined."""

import inspect
from importlib.metadata import (
    Distribution,
    EntryPoint,
    PackageNotFoundError,
    distribution,
    entry_points,
    packages_distributions,
)
from traceback import extract_tb
from typing import Any

from shoptrack.settings import ConfigurationError

CORE_PACKAGE = "shoptrack"  # the core's package, and the name of its migrations
PLUGIN_GROUP = "shoptrack.plugins"  # the entry points that give packages short names
COMMAND_GROUP = "shoptrack.commands"  # the entry points that bring subcommands


def find_distribution(package: str) -> Distribution | None:
    """Return the distribution that brought a package, ``None`` for a folder that nothing installed.

    It takes a tenth of a second where the distribution's name is another than the package's.
    """
    top = package.partition(".")[0]
    for entry in get_entry_points(PLUGIN_GROUP).values():
        if entry.value == package and entry.dist:
            return entry.dist
    for name in (top.replace("_", "-"), *packages_distributions().get(top, ())):
        try:
            return distribution(name)
        except PackageNotFoundError:
            continue
    return None


def get_entry_points(group: str) -> dict[str, EntryPoint]:
    """Return the entry points of a group by their names.

    :raises ConfigurationError: two distributions use one name for different things
    """
    found: dict[str, EntryPoint] = {}
    for entry in entry_points(group=group):
        other = found.setdefault(entry.name, entry)
        if other.value != entry.value:
            both = " and ".join(
                f"{one.dist.name if one.dist else 'a distribution'} ({one.value})"
                for one in (other, entry)
            )
            raise ConfigurationError(
                f"The name {entry.name!r} is used twice among the entry points {group!r}: by {both}. "
                "Uninstall one of them."
            )
    return found


def locate_action(info: Any) -> str:
    """Return where something was brought.

    :param info: of an action of Pyramid's configuration
    """
    return f"{info.file}, line {info.line}"


def locate_class(kind: type) -> str:
    """Return a class by its name, and where it stands."""
    try:
        file, (_, line) = inspect.getsourcefile(kind), inspect.getsourcelines(kind)
    except (OSError, TypeError):  # made without a file
        return f"{kind.__module__}.{kind.__qualname__}"
    return f"{kind.__qualname__} ({file}, line {line})"


def locate_error(error: Exception, *folders: str) -> str | None:
    """Return where in files an error came up, the innermost place.

    :param folders: how the paths of these files begin
    :returns: ``None`` where it came up elsewhere
    """
    frames = [f for f in extract_tb(error.__traceback__) if f.filename.startswith(folders)]
    return f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else None
