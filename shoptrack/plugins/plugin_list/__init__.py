"""The list of plugins, with the definitions of each and the state of its migrations."""

from enum import StrEnum


class PluginPermission(StrEnum):
    """Permissions for the list of plugins."""

    VIEW_PLUGINS = "plugins:view"


def includeme(config):
    """Serve the list of plugins to operators, by a restricted permission."""
    config.add_permissions(PluginPermission, restricted=True)
    config.include("shoptrack.plugins.plugin_list.views")
