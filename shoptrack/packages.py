"""Packages: their distributions, entry points and source locations."""

import inspect
from importlib.metadata import (
    Distribution,
    EntryPoint,
    PackageNotFoundError,
    distribution,
    entry_points,
    packages_distributions,
)
from importlib.util import find_spec
from pathlib import Path
from traceback import extract_tb
from typing import Any

from shoptrack.settings import ConfigurationError

CORE_PACKAGE = "shoptrack"  # the core's package, and the name of its lineage
PLUGIN_GROUP = "shoptrack.plugins"  # the entry points that give packages short names
COMMAND_GROUP = "shoptrack.commands"  # the entry points that register subcommands


def find_distribution(package: str) -> Distribution | None:
    """Return the distribution that installed a package, ``None`` if the package is a plain folder.

    Takes a tenth of a second if the distribution and the package have different names.
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


def find_files(package: str) -> list[Path]:
    """Return the source files of an installed package, without importing it."""
    top, *parts = package.split(".")
    spec = find_spec(top)
    if spec is None:
        return []
    if not spec.submodule_search_locations:
        return [Path(spec.origin)] if spec.origin else []
    folders = (Path(folder, *parts) for folder in spec.submodule_search_locations)
    return sorted(file for folder in folders for file in folder.rglob("*.py"))


def get_entry_points(group: str) -> dict[str, EntryPoint]:
    """Return the entry points of a group by name.

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
    """Return the file and line of the call that registered an action.

    :param info: the ``info`` of one of Pyramid's configuration actions
    """
    return f"{info.file}, line {info.line}"


def locate_class(kind: type) -> str:
    """Return the name of a class with its file and line."""
    try:
        file, (_, line) = inspect.getsourcefile(kind), inspect.getsourcelines(kind)
    except (OSError, TypeError):  # created dynamically, so without a source file
        return f"{kind.__module__}.{kind.__qualname__}"
    return f"{kind.__qualname__} ({file}, line {line})"


def locate_error(error: Exception, *folders: str) -> str | None:
    """Return the file and line of the innermost matching frame of an error's traceback.

    :param folders: prefixes of the file paths that match
    :returns: ``None`` if no frame matches
    """
    frames = [f for f in extract_tb(error.__traceback__) if f.filename.startswith(folders)]
    return f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else None
