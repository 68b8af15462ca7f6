"""What the application is made of: its plugins, what each brought, and how far its tables have come."""

from enum import StrEnum


class PluginPermission(StrEnum):
    """What one may do with the list."""

    VIEW_PLUGINS = "plugins:view"


def includeme(config):
    """List the plugins for those who look after the installation."""
    config.add_permissions(PluginPermission, restricted=True)
    config.include("shoptrack.plugins.plugin_list.views")
