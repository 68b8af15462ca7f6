"""Information about plugins, from the configuration, the packages' metadata and the database."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from shoptrack.db.migrations import Lineage, Lineages, LineageState, find_leftovers, sort_lineages
from shoptrack.packages import (
    COMMAND_GROUP,
    CORE_PACKAGE,
    PLUGIN_GROUP,
    find_distribution,
    get_entry_points,
)
from shoptrack.plugins.contributions import Contributions

CATEGORY_PREFIX = "shoptrack "  # of the directives' introspection categories


@dataclass(frozen=True)
class PluginInfo:
    """A package, with the metadata of its distribution and the names of its definitions by kind."""

    name: str
    package: str
    version: str | None
    summary: str | None
    brought: dict[str, list[str]]


class PluginList:
    """The plugins of an application. All data but the state of the database is cached for the life of the process.

    :param registry: of the application
    """

    def __init__(self, registry: Any):
        self._registry = registry
        self._brought = Contributions.of(registry)

    @classmethod
    def of(cls, registry) -> "PluginList":
        """Return the list of an application, created on first use."""
        if cls not in registry:
            registry[cls] = cls(registry)
        return registry[cls]

    @cached_property
    def plugins(self) -> list[PluginInfo]:
        """Return the core and the enabled plugins, in the order in which they were loaded."""
        names = {entry.value: name for name, entry in get_entry_points(PLUGIN_GROUP).items()}
        return [
            self._installed(names.get(package, package), package)
            for package in (CORE_PACKAGE, *self._brought.plugins)
        ]

    @cached_property
    def available(self) -> list[str]:
        """Return the short names of plugins that are installed but not enabled."""
        on = self._brought.plugins
        return sorted(
            name for name, entry in get_entry_points(PLUGIN_GROUP).items() if entry.value not in on
        )

    def read(self, connection: Connection) -> dict[str, Any]:
        """Return the whole list as a document for JSON."""
        lineages = sort_lineages(Lineages.of(self._registry))
        return {
            "plugins": [
                asdict(plugin) | {"migrations": self._states(connection, plugin, lineages)}
                for plugin in self.plugins
            ],
            "available": self.available,
            "left_over": [
                {"name": one.name, "tables": list(one.tables)}
                for one in find_leftovers(connection, lineages)
            ],
        }

    def _installed(self, name: str, package: str) -> PluginInfo:
        found = find_distribution(package)
        return PluginInfo(
            name,
            package,
            found.version if found else None,
            found.metadata["Summary"] if found else None,
            {kind: names for kind, names in sorted(self._kinds(package).items()) if names},
        )

    def _kinds(self, package: str) -> dict[str, list[str]]:
        introspector = self._registry.introspector
        kinds = {
            category.removeprefix(CATEGORY_PREFIX).replace(" ", "_"): sorted(
                note.title
                for entry in entries
                if (note := entry["introspectable"]).get("plugin") == package
            )
            for category, entries in introspector.categorized()
            if category.startswith(CATEGORY_PREFIX)
        }
        return kinds | {"commands": sorted(self._commands(package))}

    def _commands(self, package: str) -> Iterator[str]:
        for name, entry in get_entry_points(COMMAND_GROUP).items():
            if entry.module.partition(".")[0] == package.partition(".")[0]:
                yield name

    @staticmethod
    def _states(
        connection: Connection, plugin: PluginInfo, lineages: list[Lineage]
    ) -> list[dict[str, Any]]:
        return [
            {
                "name": lineage.name,
                "state": LineageState.from_revision(
                    lineage, revision := lineage.get_current_revision(connection)
                ),
                "revision": revision,
                "newest": lineage.head,
            }
            for lineage in lineages
            if lineage.name in plugin.brought.get("migrations", ())
        ]
