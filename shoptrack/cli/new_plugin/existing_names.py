"""Which names are taken: by what is installed, and by an application with all plugins that are."""

import importlib.util
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, entry_points

from pyramid.interfaces import IRoutesMapper

from shoptrack import make_app
from shoptrack.cli.new_plugin.names import InvalidName, PluginNames
from shoptrack.contributions import Contributions
from shoptrack.openapi.spec import Documents
from shoptrack.packages import PLUGIN_GROUP
from shoptrack.settings import ConfigurationError, Sources


@dataclass(frozen=True)
class ExistingNames:
    """What an application has names for.

    :param lineages: lines of migrations
    :param addresses: by their second part, which a resource's path is at ``/api/`` and ``/admin/``
    :param components: of the API's description, which the models of resources are among
    """

    lineages: Collection[str]
    addresses: Mapping[str, str]
    components: Collection[str]

    @classmethod
    def from_environment(cls) -> "ExistingNames":
        """Return what an application has with every plugin that is installed, or at least with none."""
        try:
            return cls._of_application([entry.name for entry in entry_points(group=PLUGIN_GROUP)])
        except ConfigurationError:  # one of them is broken, or two of them clash
            return cls._of_application([])

    @classmethod
    def _of_application(cls, plugins: Collection[str]) -> "ExistingNames":
        ini = {"shoptrack.debug": "true", "shoptrack.plugins": " ".join(plugins)}
        registry = make_app(Sources(ini=ini, environ={}, dotenv_path=None)).registry
        routes = registry.getUtility(IRoutesMapper).get_routes()
        parts = [(route.pattern.split("/"), route.pattern) for route in routes]
        return cls(
            lineages=set(Contributions.of(registry).migrations),
            addresses={part[2]: pattern for part, pattern in reversed(parts) if len(part) > 2},
            components=set(registry[Documents].openapi["components"]["schemas"]),
        )


def check_names_are_free(names: PluginNames, taken: ExistingNames) -> None:
    """Refuse names that something else has.

    :raises InvalidName: with a sentence that says what has it
    """
    short = {entry.name for entry in entry_points(group=PLUGIN_GROUP)}
    if names.name in short or _is_installed(names):
        raise InvalidName(
            f"A plugin {names.name!r} or a package {names.package!r} is installed already. Choose another name."
        )
    if names.name in taken.lineages:
        raise InvalidName(f"Migrations {names.name!r} are there already. Choose another name.")
    if names.path in taken.addresses:
        raise InvalidName(
            f"Something is at {taken.addresses[names.path]} already. Choose another name, or another "
            "path: --path."
        )
    if names.model in taken.components:
        raise InvalidName(
            f"The API's description has a {names.model!r} already. Choose another name, or another "
            "class of rows: --model."
        )


def _is_installed(names: PluginNames) -> bool:
    if importlib.util.find_spec(names.package):
        return True
    try:
        distribution(names.distribution)
    except PackageNotFoundError:
        return False
    return True
