"""The names that installed packages and their resources already use."""

import importlib.util
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, entry_points

from pyramid.interfaces import IRoutesMapper

from shoptrack import make_app
from shoptrack.cli.new_plugin.names import InvalidName, PluginNames
from shoptrack.cli.new_plugin.parts import Part
from shoptrack.db.migrations import Lineages
from shoptrack.openapi.spec import ApiSpec
from shoptrack.packages import COMMAND_GROUP, PLUGIN_GROUP
from shoptrack.settings import ConfigurationError, SettingsTables, Sources


@dataclass(frozen=True)
class ExistingNames:
    """The names that an application already uses.

    :param lineages: names of lineages
    :param paths: second segments of route patterns, such as a resource's path in ``/api/`` and ``/admin/``
    :param schemas: names of schemas in the OpenAPI document
    :param commands: names of subcommands of ``shoptrack``
    :param variables: names of settings
    """

    lineages: Collection[str]
    paths: Mapping[str, str]
    schemas: Collection[str]
    commands: Collection[str]
    variables: Collection[str]

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
        patterns = sorted((route.pattern for route in routes), key=len)
        parts = [(pattern.split("/"), pattern) for pattern in patterns]
        return cls(
            lineages=set(Lineages.of(registry)),
            paths={part[2]: pattern for part, pattern in reversed(parts) if len(part) > 2},
            schemas=set(registry[ApiSpec].openapi["components"]["schemas"]),
            commands={entry.name for entry in entry_points(group=COMMAND_GROUP)},
            variables={
                name for table in SettingsTables.of(registry) for name in table.get_variable_names()
            },
        )


def check_names_are_free(
    names: PluginNames, existing: ExistingNames, parts: Collection[Part] = ()
) -> None:
    """Check that nothing that is installed has these names.

    :param parts: of the plugin; only they use the names of the command and of the setting
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
    chosen = {part.name for part in parts}
    if "command" in chosen and names.command in existing.commands:
        raise InvalidName(
            f"The command shoptrack {names.command} already exists. Choose another name."
        )
    if "settings" in chosen and names.variable in existing.variables:
        raise InvalidName(f"The setting {names.variable} already exists. Choose another name.")


def _is_installed(names: PluginNames) -> bool:
    if importlib.util.find_spec(names.package):
        return True
    try:
        distribution(names.distribution)
    except PackageNotFoundError:
        return False
    return True
