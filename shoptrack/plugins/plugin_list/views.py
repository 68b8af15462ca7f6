"""The list at ``/api/plugins/``."""

from typing import Any

from shoptrack.db.migrations import LineageState
from shoptrack.plugins.plugin_list import PluginPermission
from shoptrack.plugins.plugin_list.plugin_info import PluginList
from shoptrack.resources.fields import JSONSchema
from shoptrack.rest.description import ResponseDescription, describe_view, object_schema
from shoptrack.rest.service import Service

TEXT: JSONSchema = {"type": "string"}
TEXT_OR_NULL: JSONSchema = {"type": ["string", "null"]}
TEXTS: JSONSchema = {"type": "array", "items": TEXT}


MIGRATIONS = object_schema(
    name=TEXT,
    state={"type": "string", "enum": [str(state) for state in LineageState]},
    revision=TEXT_OR_NULL,
    newest=TEXT_OR_NULL,
)
PLUGIN = object_schema(
    name=TEXT,
    package=TEXT,
    version=TEXT_OR_NULL,
    summary=TEXT_OR_NULL,
    brought={"type": "object", "additionalProperties": TEXTS},
    migrations={"type": "array", "items": MIGRATIONS},
)
PLUGINS = object_schema(
    plugins={"type": "array", "items": PLUGIN},
    available=TEXTS,
    left_over={"type": "array", "items": object_schema(name=TEXT, tables=TEXTS)},
)
EXAMPLE = {
    "plugins": [
        {
            "name": "wishlist",
            "package": "shoptrack_wishlist",
            "version": "1.0.0",
            "summary": "Products that somebody means to buy",
            "brought": {"permissions": ["wishes:share"], "resources": ["wishes"]},
            "migrations": [
                {
                    "name": "wishlist",
                    "state": "pending",
                    "revision": "wishlist_0001",
                    "newest": "wishlist_0002",
                }
            ],
        }
    ],
    "available": ["reports"],
    "left_over": [{"name": "budgets", "tables": ["shoptrack_budgets_limits"]}],
}


@describe_view(
    responses=[
        ResponseDescription(
            200,
            "The core and the enabled plugins, with their definitions and the state of their migrations; other "
            "installed plugins; and leftover tables of plugins that are not enabled.",
            PLUGINS,
            example=EXAMPLE,
        )
    ],
    tag="plugins",
)
def plugins(request) -> dict[str, Any]:
    """List the plugins."""
    return PluginList.of(request.registry).read(request.reader)


def includeme(config):
    """Serve the list to users with the permission."""
    service = Service("plugins", "/api/plugins/", description="What the application is made of.")
    service.add_view("GET", plugins, permission=PluginPermission.VIEW_PLUGINS)
    config.add_service(service)
