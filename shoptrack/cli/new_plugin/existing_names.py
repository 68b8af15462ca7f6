"""The names that installed packages and their resources already use."""

import importlib.util
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, entry_points

from pyramid.interfaces import IRoutesMapper

from shoptrack import make_app
from shoptrack.cli.new_plugin.names import InvalidName, PluginNames
from shoptrack.db.migrations import Lineages
from shoptrack.openapi.spec import ApiSpec
from shoptrack.packages import PLUGIN_GROUP
from shoptrack.settings import ConfigurationError, Sources


@dataclass(frozen=True)
class ExistingNames:
    """The names that an application already uses.

    :param lineages: names of lineages
    :param paths: second segments of route patterns, such as a resource's path in ``/api/`` and ``/admin/``
    :param schemas: names of schemas in the OpenAPI document
    """

    lineages: Collection[str]
    paths: Mapping[str, str]
    schemas: Collection[str]

    @classmethod
    def from_environment(cls) -> "ExistingNames":
        """Return the names with all installed plugins, or without plugins if one of them is broken."""
        try:
            return cls._of_application([entry.name for entry in entry_points(group=PLUGIN_GROUP)])
        except ConfigurationError:  # a plugin is broken, or two conflict with each other
            return cls._of_application([])

    @classmethod
    def _of_application(cls, plugins: Collection[str]) -> "ExistingNames":
        ini = {"shoptrack.debug": "true", "shoptrack.plugins": " ".join(plugins)}
        registry = make_app(Sources(ini=ini, environ={}, dotenv_path=None)).registry
        routes = registry.getUtility(IRoutesMapper).get_routes()
        parts = [(route.pattern.split("/"), route.pattern) for route in routes]
        return cls(
            lineages=set(Lineages.of(registry)),
            paths={part[2]: pattern for part, pattern in reversed(parts) if len(part) > 2},
            schemas=set(registry[ApiSpec].openapi["components"]["schemas"]),
        )


def check_names_are_free(names: PluginNames, existing: ExistingNames) -> None:
    """Check that no other plugin, lineage, route or schema has these names.

    :raises InvalidName: naming the conflict
    """
    short = {entry.name for entry in entry_points(group=PLUGIN_GROUP)}
    if names.name in short or _is_installed(names):
        raise InvalidName(
            f"A plugin {names.name!r} or a package {names.package!r} is already installed. Choose another name."
        )
    if names.name in existing.lineages:
        raise InvalidName(f"Migrations {names.name!r} already exist. Choose another name.")
    if names.path in existing.paths:
        raise InvalidName(
            f"The path {existing.paths[names.path]} is already in use. Choose another name, or another path with "
            "--path."
        )
    if names.model in existing.schemas:
        raise InvalidName(
            f"The OpenAPI document already has a schema {names.model!r}. Choose another class name with --model."
        )


def _is_installed(names: PluginNames) -> bool:
    if importlib.util.find_spec(names.package):
        return True
    try:
        distribution(names.distribution)
    except PackageNotFoundError:
        return False
    return True
