"""Every directive that a plugin may call.

A plugin is a package with a function ``includeme(config)``, which is its table of contents::

    def includeme(config):
        config.add_migrations("wishlist", "shoptrack_wishlist:revisions")
        config.add_resource(WishResource)

It is switched on by ``shoptrack.plugins`` in the .ini file or by ``SHOPTRACK_PLUGINS``.

All directives have this in common:

- What they bring is there when the application is: two that bring the same thing stop the start, and the message names
  both with file and line. So the order of plugins does not matter.
- It belongs to this application alone and is kept in its registry; another application in the same process knows
  nothing of it.
- ``shoptrack plugins`` and ``GET /api/plugins/`` list it under the plugin that brought it.

Beside them a plugin has Pyramid's own directives, such as ``add_subscriber`` for the events of `shoptrack.events`,
``add_translation_dirs`` for its catalogues, and ``add_route`` with ``add_view``; a view that names no permission is
refused to everybody. Models are subclasses of `shoptrack.db.Base`, in tables whose names begin with the package's.
Subcommands of ``shoptrack`` come by the entry point group ``shoptrack.commands``.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

from pyramid.config import PHASE1_CONFIG

from shoptrack.db.migrations import Lineage, Lineages
from shoptrack.permissions import BrowserPages, Permissions
from shoptrack.plugins import deploy_checks
from shoptrack.plugins.actions import add_action, get_current_package
from shoptrack.plugins.administration import add_admin, add_admin_page, add_admin_panel
from shoptrack.plugins.contributions import Contributions
from shoptrack.plugins.deploy_checks import DeployCheck, DeployChecks
from shoptrack.resources.repository import Repository
from shoptrack.resources.resource import Resource, ServedResources
from shoptrack.resources.resource_checks import check_resource
from shoptrack.rest.description import SecurityScheme
from shoptrack.rest.service import Service, make_resource_services
from shoptrack.settings import ConfigurationError, SettingsTable, SettingsTables, Sources
from shoptrack.web.body_limit import BodySizes
from shoptrack.web.health import HealthChecks


def require_plugin(config, package: str, because: str) -> None:
    """Say that this plugin needs another one, in whichever order they are switched on.

    ::

        config.require_plugin("shoptrack_recipes", "which knows what is cooked")

    It is asked at the end of the start.

    :param because: the end of the sentence "The plugin shoptrack_wishlist needs shoptrack_recipes, …"
    :raises ConfigurationError: at the end of the start, where the other one is not switched on
    """
    plugin = get_current_package(config)

    def register():
        Contributions.of(config.registry).requirements[plugin, package] = because

    add_action(config, "requirements", package, register, because, key=(plugin, package))


def add_settings_table(config, table: type[SettingsTable]) -> SettingsTable:
    """Declare a typed table of settings, and return it with the values of this application.

    ::

        class WishSettings(SettingsTable):
            '''How wishes are kept.'''

            limit: int = setting(50, "SHOPTRACK_WISH_LIMIT", ge=1, expected="wishes, 1 or more")

        settings = config.add_settings_table(WishSettings)

    Values come from the environment, ``.env``, the .ini and the table's defaults, in this order. They are read at
    once, so that the rest of ``includeme`` can go by them; later, ``WishSettings.of(request.registry)`` returns the
    table again. A variable of two tables is a clash.

    :raises ConfigurationError: a value is wrong; the message names it and says what would do
    """
    values = config.registry[Sources].read(table)
    config.registry[table] = values
    SettingsTables.of(config.registry).append(table)
    for name in table.get_variable_names():
        add_action(config, "settings", name, None, table)
    return values


def add_migrations(config, name: str, location: str, after: Iterable[str] = ()) -> None:
    """Bring a line of migrations, with a version table of its own: ``alembic_version_<name>``.

    ::

        config.add_migrations("wishlist", "shoptrack_wishlist:revisions", after=["auth"])

    ``shoptrack migrate`` applies them, the core's first; ``shoptrack migrate --plugin wishlist --down base`` takes
    them back. Revisions do not refer to those of other lines. A name that two plugins use is a clash.

    :param name: small letters, digits and underscores
    :param location: the folder of revisions, as in ``shoptrack_wishlist:revisions``; nothing else lies in it
    :param after: names of the lines whose tables these refer to; the core's always comes first
    :raises ConfigurationError: the name will not do; at the end of the start, where nobody brings a line of ``after``
    """
    lineage = Lineage(name, location, tuple(after))

    def register():
        Lineages.of(config.registry)[name] = lineage

    add_action(config, "migrations", name, register, lineage)


def add_permissions(
    config, permissions: type[StrEnum] | dict[str, str], *, restricted: bool = False
) -> None:
    """Declare permissions. The four of a resource come with it.

    ::

        class WishPermission(StrEnum):
            SHARE_WISHES = "wishes:share"

        config.add_permissions(WishPermission)

    They can be given as soon as the application runs, and a view that names one is open to who was given it. A
    permission that no plugin declares is held by nobody, and one that two declare is a clash.

    :param permissions: an enumeration whose values are the names, such as ``SHARE_WISHES``, or what
        each allows by its name
    :param restricted: whether one must have been given them even where everybody who is signed in
        shares everything else, as those that look after users must
    """
    if not isinstance(permissions, dict):
        permissions = {
            str(permission): permission.name.lower().replace("_", " ") for permission in permissions
        }
    for name, sentence in permissions.items():
        _add_permission(config, name, sentence, restricted=restricted)


def add_resource(config, resource: type[Resource]) -> None:
    """Serve a described resource: its six verbs, its documentation and its four permissions.

    ::

        class WishResource(Resource):
            '''What somebody means to buy.'''

            model = Wish
            path = "wishes"
            fields = (Reference("product", ProductResource), Text("note", max_length=100))

        config.add_resource(WishResource)

    It is at ``/api/wishes/`` and ``/api/wishes/{id}/``, and the administration has pages for it. A path that something
    else is at, a resource, a service or a route, is a clash.

    :raises ConfigurationError: the model lacks what the description needs, a column or a constraint
    """
    instance = resource()
    check_resource(instance)
    repository = Repository(instance, config.registry)
    for verb in ("view", "add", "change", "delete"):
        _add_permission(config, instance.permission(verb), f"{verb} {instance.path}")

    services = make_resource_services(repository)
    brought_at = config.action_info

    def register():
        ServedResources.of(config.registry)[instance.path] = instance
        repository.register()
        for service in services:
            config.add_cornice_service(service, _info=brought_at)

    # Cornice adds routes and views, so this must run before those are carried out.
    add_action(config, "resources", instance.path, register, instance, order=PHASE1_CONFIG)


def add_service(config, service: Service) -> None:
    """Serve an endpoint that is no resource: a ``shoptrack.rest.service.Service`` with its views.

    ::

        service = Service("wishes:next", "/api/wishes/next/", description="The next wish.")
        service.add_view("GET", next_wish, permission="wishes:view")
        config.add_service(service)

    It is served and documented. A service is made within ``includeme``, since it belongs to one application. A path or
    a name that something else has is a clash; a view without ``permission`` is refused to everybody, and the log says
    so at start.
    """
    brought_at = config.action_info
    add_action(
        config,
        "services",
        service.path,
        lambda: config.add_cornice_service(service, _info=brought_at),
        service,
        order=PHASE1_CONFIG,
    )


def set_max_body_size(config, pattern: str, size: int) -> None:
    """Say how long a body may be at a route, in bytes.

    ::

        config.set_max_body_size("/api/wishes/import/", 8 * 1024 * 1024)

    Without it a body may be as long as ``SHOPTRACK_MAX_BODY_SIZE`` says; 16 KiB where all views of the route are open
    to everybody. A longer one is refused (413) before it is taken. A second one for the same pattern is a clash.

    :param pattern: the route's, such as ``/api/wishes/{id}/``
    :raises ConfigurationError: no route has this pattern, or the size is no number of bytes up to three quarters of
        ``SHOPTRACK_MAX_PENDING_SIZE``
    """

    def register():
        BodySizes.of(config.registry)[pattern] = size

    add_action(config, "body sizes", pattern, register, size)


def add_health_check(config, name: str, check: Callable[[Any], None]) -> None:
    """Let ``/readyz`` ask ``check(registry)``, which raises when something is amiss.

    ::

        config.add_health_check("wishlist shop", reach_the_shop)

    Each request of ``/readyz`` runs it, so it is quick. What it raises goes to the log; callers only see that the
    check of this name failed, with 503. A name that two plugins use is a clash.
    """

    def register():
        HealthChecks.of(config.registry)[name] = check

    add_action(config, "health checks", name, register, check)


def add_deploy_check(config, name: str, check: DeployCheck) -> None:
    """Let ``shoptrack check --deploy`` ask ``check(deployment)``, which returns one sentence where something is amiss.

    ::

        def check_shop_key(deployment):
            if WishSettings.of(deployment.registry).shop_key == "test":
                return "The key of the wishlist shop is for tests. Set SHOPTRACK_WISH_SHOP_KEY."

        config.add_deploy_check("wishlist.shop_key", check_shop_key)

    The sentence says what to do. ``deployment`` has the application's ``registry``, the server's ``threads``, and the
    container's ``memory_bytes``. A name that the core or another plugin uses is a clash.

    :param name: stays the same, since operators and scripts know a finding by it; it begins with the plugin's name
    :raises ConfigurationError: the core has a check of this name
    """
    if name in deploy_checks.CORE_CHECKS:
        raise ConfigurationError(f"The core has a deploy check {name!r}. Choose another name.")

    def register():
        DeployChecks.of(config.registry)[name] = check

    add_action(config, "deploy checks", name, register, check)


def set_identify(
    config,
    identify: Callable[[Any], Any],
    scheme: SecurityScheme | None = None,
    *,
    shares_views: bool = False,
) -> None:
    """Say how a request is identified: ``identify(request)`` returns a `shoptrack.permissions.Identity` or ``None``.

    ::

        config.set_identify(identify, SecurityScheme("header", {"type": "apiKey", "in": "header", "name": "X-Who"}))

    It is asked at most once a request. It may raise ``NotAuthenticated`` when what was sent as proof does not hold; the
    error is answered where a permission is needed, and nowhere else. There is one in an application: a second is a
    clash. Without any, whatever needs a user is refused.

    :param scheme: how callers prove who they are, for answers with 401 and for the API's description
    :param shares_views: whether everybody who is signed in to the API may view every resource; the description then
        has no word of rows that are answered as their ids
    """

    def register():
        permissions = Permissions.of(config.registry)
        permissions.identify, permissions.shares_views = identify, shares_views
        if scheme is not None:
            permissions.challenge = scheme.challenge
            config.registry[SecurityScheme] = scheme

    add_action(config, "identify", "identify", register, identify)


def set_browser_pages(config, path: str, *, cookie_name: str) -> None:
    """Announce that pages for browsers are below a path.

    ::

        config.set_browser_pages("/desk/", cookie_name="wishlist-desk")

    Whatever identifies callers takes a session's cookie there, and no header, and the history says that a change was
    made on a page. There is one such path in an application: a second is a clash.

    :param path: below that of the application, with a slash at both ends
    :param cookie_name: of the cookie that names a browser's session
    :raises ConfigurationError: the path has no slash at both ends, or nothing between them
    """
    if not (path.startswith("/") and path.strip("/") and path.endswith("/")):
        raise ConfigurationError(
            f"set_browser_pages({path!r}, …) needs a path with a slash at both ends, such as '/desk/'."
        )
    pages = BrowserPages(path, cookie_name)

    def register():
        Permissions.of(config.registry).browser_pages = pages

    add_action(config, "browser pages", path, register, pages, key="browser pages")


DIRECTIVES = (
    require_plugin,
    add_settings_table,
    add_migrations,
    add_permissions,
    add_resource,
    add_service,
    set_max_body_size,
    add_health_check,
    add_deploy_check,
    set_identify,
    set_browser_pages,
    add_admin,
    add_admin_page,
    add_admin_panel,
)


def _add_permission(config, name: str, sentence: str, *, restricted: bool = False) -> None:
    def register():
        permissions = Permissions.of(config.registry)
        permissions.declared[name] = sentence
        if restricted:
            permissions.restricted.add(name)

    add_action(config, "permissions", name, register, sentence)
