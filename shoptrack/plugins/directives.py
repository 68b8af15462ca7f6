"""The directives that a plugin may call.

A plugin is a package with a function ``includeme(config)`` that calls directives::

    def includeme(config):
        config.add_migrations("wishlist", "shoptrack_wishlist:revisions")
        config.add_resource(WishResource)

It is enabled by ``shoptrack.plugins`` in the .ini file or by ``SHOPTRACK_PLUGINS``.

All directives have this in common:

- They take effect when the configuration is committed, so the order of plugins does not matter. Two definitions of the
  same thing are a configuration conflict and prevent startup. The message names both with file and line.
- Definitions are kept in the application's registry, so applications in the same process are independent.
- ``shoptrack plugins`` and ``GET /api/plugins/`` list each definition under its plugin.

A plugin may also call Pyramid's own directives. ``add_subscriber`` subscribes to the events of `shoptrack.events`,
``add_translation_dirs`` adds catalogues, and ``add_route`` with ``add_view`` adds views. A view without a permission
denies access to all users. Models are subclasses of `shoptrack.db.Base`. Their table names begin with the package's.
Subcommands of ``shoptrack`` are registered in the entry point group ``shoptrack.commands``.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

from pyramid.config import PHASE0_CONFIG, PHASE1_CONFIG

from shoptrack.db.migrations import Lineage, Lineages
from shoptrack.packages import locate_action
from shoptrack.permissions import Permissions
from shoptrack.plugins import deploy_checks
from shoptrack.plugins.actions import add_action, get_current_package
from shoptrack.plugins.administration import (
    add_admin,
    add_admin_action,
    add_admin_column,
    add_admin_page,
    add_admin_panel,
    add_admin_row_panel,
)
from shoptrack.plugins.authentication import (
    add_authenticator,
    add_proxy_header,
    add_sign_in_link,
    set_browser_pages,
    set_identify,
)
from shoptrack.plugins.contributions import Contributions
from shoptrack.plugins.csv_mappings import add_csv_mapping
from shoptrack.plugins.deploy_checks import DeployCheck, DeployChecks
from shoptrack.plugins.enrichment import (
    add_error,
    add_filter,
    add_unit_factors,
    add_validator,
    add_warnings,
    extend_resource,
)
from shoptrack.plugins.jobs import add_job
from shoptrack.plugins.service_checks import check_service
from shoptrack.resources.extensions import ResourceAdditions
from shoptrack.resources.repository import Repository
from shoptrack.resources.resource import Resource, ServedResources
from shoptrack.resources.resource_checks import check_extensions, check_resource
from shoptrack.rest.service import Service, make_resource_services
from shoptrack.settings import ConfigurationError, SettingsTable, SettingsTables, Sources
from shoptrack.web.body_limit import BodyLimit, BodySizes, ViewBodies, ViewBody
from shoptrack.web.health import HealthChecks


def require_plugin(config, package: str, because: str) -> None:
    """Declare that this plugin requires another plugin. Their order does not matter.

    ::

        config.require_plugin("shoptrack_recipes", "which knows what is cooked")

    The requirement is checked at the end of startup.

    :param because: the end of the sentence "The plugin shoptrack_wishlist needs shoptrack_recipes, …"
    :raises ConfigurationError: at the end of startup, if the other plugin is not enabled
    """
    plugin = get_current_package(config)

    def register():
        Contributions.of(config.registry).requirements[plugin, package] = because

    # Before all other actions: one that fails without the other plugin shall not be the message.
    key, order = (plugin, package), PHASE0_CONFIG
    add_action(config, "requirements", package, register, because, key=key, order=order)


def add_settings_table(config, table: type[SettingsTable]) -> SettingsTable:
    """Register a typed table of settings, and return it with the values of this application.

    ::

        class WishSettings(SettingsTable):
            '''Settings of the wishlist.'''

            limit: int = setting(50, "SHOPTRACK_WISH_LIMIT", ge=1, expected="wishes, 1 or more")

        settings = config.add_settings_table(WishSettings)

    Values come from the environment, ``.env``, the .ini file and the table's defaults, in this order. They are read
    immediately, so that the rest of ``includeme`` can use them. Later, ``WishSettings.of(request.registry)`` returns
    the table. The same variable in two tables is a configuration conflict.

    :raises ConfigurationError: a value is invalid; the message gives its name and the valid values
    """
    values = config.registry[Sources].read(table)
    config.registry[table] = values
    SettingsTables.of(config.registry).append(table)
    for name in table.get_variable_names():
        add_action(config, "settings", name, None, table)
    return values


def add_migrations(config, name: str, location: str, after: Iterable[str] = ()) -> None:
    """Register a lineage of migrations, with its own version table ``alembic_version_<name>``.

    ::

        config.add_migrations("wishlist", "shoptrack_wishlist:revisions", after=["auth"])

    ``shoptrack migrate`` upgrades all lineages, the core's first. ``shoptrack migrate --plugin wishlist --down base``
    downgrades this lineage. Revisions do not refer to those of other lineages. Two lineages with the same name are a
    configuration conflict.

    :param name: lowercase letters, digits and underscores
    :param location: the folder of the revisions, such as ``shoptrack_wishlist:revisions``; it contains nothing else
    :param after: names of the lineages whose tables these revisions refer to; the core's always comes first
    :raises ConfigurationError: the name is invalid, or, at the end of startup, a lineage of ``after`` does not exist
    """
    lineage = Lineage(name, location, tuple(after))

    def register():
        Lineages.of(config.registry)[name] = lineage

    add_action(config, "migrations", name, register, lineage)


def add_permissions(
    config, permissions: type[StrEnum] | dict[str, str], *, restricted: bool = False
) -> None:
    """Declare permissions. A resource declares its four permissions itself.

    ::

        class WishPermission(StrEnum):
            SHARE_WISHES = "wishes:share"

        config.add_permissions(WishPermission)

    Declared permissions can be granted to users and required by views. An undeclared permission is always denied. Two
    declarations of the same permission are a configuration conflict.

    :param permissions: an enumeration whose values are the permissions and whose member names describe them, such as
        ``SHARE_WISHES``; or a dictionary of descriptions by permission
    :param restricted: whether a grant is always required, even if signed-in users share all other permissions, as
        for user management
    """
    if not isinstance(permissions, dict):
        permissions = {
            str(permission): permission.name.lower().replace("_", " ") for permission in permissions
        }
    for name, sentence in permissions.items():
        _add_permission(config, name, sentence, restricted=restricted)


def add_resource(config, resource: type[Resource]) -> None:
    """Serve a resource: its six operations, its documentation and its four permissions.

    ::

        class WishResource(Resource):
            '''A product that a user wants to buy.'''

            model = Wish
            path = "wishes"
            fields = (Reference("product", ProductResource), Text("note", max_length=100))

        config.add_resource(WishResource)

    The resource is at ``/api/wishes/`` and ``/api/wishes/{id}/``, and has pages in the administration. A path that
    another resource, service or route uses is a configuration conflict.

    :raises ConfigurationError: the model lacks a column or a constraint that the resource requires
    """
    check_resource(resource())
    for verb in ("view", "add", "change", "delete"):
        _add_permission(config, resource.permission(verb), f"{verb} {resource.path}")
    brought_at = config.action_info

    def register():
        # Now the actions of `shoptrack.plugins.enrichment` have run.
        bound = resource.bind(ResourceAdditions.of(config.registry)[resource.path])
        check_extensions(bound)
        ServedResources.of(config.registry)[resource.path] = bound
        repository = Repository(bound, config.registry)
        repository.register()
        for service in make_resource_services(repository, config.registry):
            _serve(config, service, brought_at)

    # Cornice adds routes and views, so this must run before their actions.
    add_action(config, "resources", resource.path, register, resource, order=PHASE1_CONFIG)


def add_service(config, service: Service) -> None:
    """Serve an endpoint that is not a resource: a ``shoptrack.rest.service.Service`` with its views.

    ::

        service = Service("wishes:next", "/api/wishes/next/", description="The next wish.")
        service.add_view("GET", next_wish, permission="wishes:view")
        config.add_service(service)

    The service is also documented. Create it within ``includeme``, since it belongs to one application. A path or name
    that is also used elsewhere is a configuration conflict. A view without ``permission`` denies access to all users,
    and is logged at startup.

    Views accept JSON and forms, and answer JSON. Another view names its media types::

        service.add_view(
            "PUT",
            store_picture,
            accepts=("image/png", "image/jpeg"),
            max_body_size=8 * 1024 * 1024,
            permission="wishes:change",
        )
        service.add_view("GET", read_picture, answers=("image/png", "image/jpeg"), permission="wishes:view")

    The view reads the file by ``request.body_file``. ``SHOPTRACK_MAX_UPLOAD_SIZE`` limits the files of all views.

    :raises ConfigurationError: a view has an invalid media type, or Cornice's ``accept`` or ``content_type``
    """
    brought_at = config.action_info
    check_service(service, locate_action(brought_at))

    def register():
        _serve(config, service, brought_at)

    add_action(config, "services", service.path, register, service, order=PHASE1_CONFIG)


def _serve(config, service: Service, brought_at: Any) -> None:
    """Add a service, and declare the bodies of its views."""
    for method, types in getattr(service, "media_types", {}).items():
        if types.accepts_files or types.max_body_size is not None:
            body = ViewBody(f"{method} {service.path}", types.max_body_size, types.accepts_files)
            ViewBodies.of(config.registry)[service.pyramid_route or service.name, method] = body
    config.add_cornice_service(service, _info=brought_at)


def set_max_body_size(config, pattern: str, size: int, *, is_file: bool = False) -> None:
    """Set the maximum size of a request body at a route, in bytes.

    ::

        config.set_max_body_size("/api/wishes/load/", 8 * 1024 * 1024)

    The default is ``SHOPTRACK_MAX_BODY_SIZE``, or 16 KiB if all views of the route are public. A larger body is
    rejected (413) before it is read. A second call for the same pattern is a configuration conflict.

    :param pattern: the route's pattern, such as ``/api/wishes/{id}/``
    :param is_file: whether bodies are kept in temporary files, with ``SHOPTRACK_MAX_UPLOAD_SIZE`` as their ceiling; for
        pages whose forms have files
    :raises ConfigurationError: no route has this pattern, or the size is not a number of bytes up to three quarters of
        ``SHOPTRACK_MAX_PENDING_SIZE``
    """

    def register():
        BodySizes.of(config.registry)[pattern] = BodyLimit(size, is_file=is_file)

    add_action(config, "body sizes", pattern, register, size)


def add_health_check(config, name: str, check: Callable[[Any], None]) -> None:
    """Add a check to ``/readyz``: ``check(registry)`` raises an error if something is wrong.

    ::

        config.add_health_check("wishlist shop", reach_the_shop)

    Each request to ``/readyz`` runs the check, so it must be fast. Its error is logged. The response (503) contains
    only the name of the failed check. Two checks with the same name are a configuration conflict.
    """

    def register():
        HealthChecks.of(config.registry)[name] = check

    add_action(config, "health checks", name, register, check)


def add_deploy_check(config, name: str, check: DeployCheck) -> None:
    """Add a check to ``shoptrack check --deploy``: ``check(deployment)`` returns a problem as a sentence, or ``None``.

    ::

        def check_shop_key(deployment):
            if WishSettings.of(deployment.registry).shop_key == "test":
                return "The key of the wishlist shop is for tests. Set SHOPTRACK_WISH_SHOP_KEY."

        config.add_deploy_check("wishlist.shop_key", check_shop_key)

    The sentence includes the remedy. ``deployment`` has the application's ``registry``, the server's ``threads`` and
    the container's ``memory_bytes``. Two checks with the same name are a configuration conflict.

    :param name: begins with the plugin's name; keep it stable, since operators and scripts refer to it
    :raises ConfigurationError: the core has a check of this name
    """
    if name in deploy_checks.CORE_CHECKS:
        raise ConfigurationError(f"The core has a deploy check {name!r}. Choose another name.")

    def register():
        DeployChecks.of(config.registry)[name] = check

    add_action(config, "deploy checks", name, register, check)


DIRECTIVES = (
    require_plugin,
    add_settings_table,
    add_migrations,
    add_permissions,
    add_resource,
    extend_resource,
    add_validator,
    add_warnings,
    add_filter,
    add_error,
    add_service,
    set_max_body_size,
    add_health_check,
    add_deploy_check,
    set_identify,
    set_browser_pages,
    add_admin,
    add_admin_page,
    add_admin_panel,
    add_admin_row_panel,
    add_job,
    add_csv_mapping,
    add_authenticator,
    add_proxy_header,
    add_sign_in_link,
    add_admin_column,
    add_admin_action,
    add_unit_factors,
)


def _add_permission(config, name: str, sentence: str, *, restricted: bool = False) -> None:
    def register():
        permissions = Permissions.of(config.registry)
        permissions.declared[name] = sentence
        if restricted:
            permissions.restricted.add(name)

    add_action(config, "permissions", name, register, sentence)
