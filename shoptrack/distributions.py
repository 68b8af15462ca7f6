"""Packages: which is the core, and by which distribution another was installed."""

from importlib.metadata import (
    Distribution,
    PackageNotFoundError,
    distribution,
    packages_distributions,
)

from shoptrack.clashes import unambiguous

CORE = "shoptrack"  # the core's package, and the name of its migrations
PLUGINS = "shoptrack.plugins"  # the entry points that give packages short names
COMMANDS = "shoptrack.commands"  # the entry points that bring subcommands


def distribution_of(package: str) -> Distribution | None:
    """Return the distribution that brought a package, ``None`` for a folder that nothing installed.

    It takes a tenth of a second where the distribution's name is another than the package's.
    """
    top = package.partition(".")[0]
    for entry in unambiguous(PLUGINS).values():
        if entry.value == package and entry.dist:
            return entry.dist
    for name in (top.replace("_", "-"), *packages_distributions().get(top, ())):
        try:
            return distribution(name)
        except PackageNotFoundError:
            continue
    return None
