"""Every directive that a plugin may call, and how plugins are loaded.

A plugin is a package with ``includeme(config)``. All that it brings goes through the directives
below. Each of them is a configuration action: two packages that bring the same thing stop the
start, and the error names both places; the order in which packages are included does not matter;
what was brought can be listed afterwards (``shoptrack.contributions.Contributions``).
"""

import importlib.util
from collections.abc import Callable, Iterable
from enum import StrEnum
from importlib.metadata import entry_points
from typing import Any

from pyramid.config import PHASE1_CONFIG

from shoptrack.administration import AdminAction, AdminOptions, AdminPage
from shoptrack.api.description import Scheme
from shoptrack.api.resource import Resource
from shoptrack.api.service import Service, resource_services
from shoptrack.contributions import Contributions
from shoptrack.migrations import Lineage
from shoptrack.settings import ConfigurationError, SettingsTable, Sources


def add_settings_table(config, table: type[SettingsTable]) -> SettingsTable:
    """Declare a typed table of settings, and return it with the values of this application.

    Values come from the environment, ``.env``, the .ini and the table's defaults, in this order.
    Later, ``Table.of(request.registry)`` returns it again.

    :raises ConfigurationError: a value is wrong; the message names it and says what would do
    """
    values = config.registry[Sources].read(table)
    config.registry[table] = values
    Contributions.of(config.registry).settings.append(table)
    for name in table.variables():
        _act(config, "settings", name, None, table)
    return values


def add_migrations(config, name: str, location: str, after: Iterable[str] = ()) -> None:
    """Bring a line of migrations, with a version table of its own: ``alembic_version_<name>``.

    :param location: the folder of revisions, as in ``shoptrack_wishlist:revisions``
    :param after: names of the lines whose tables these refer to; the core's always comes first
    """
    lineage = Lineage(name, location, tuple(after))

    def register():
        Contributions.of(config.registry).migrations[name] = lineage

    _act(config, "migrations", name, register, lineage)


def add_permissions(
    config, permissions: type[StrEnum] | dict[str, str], *, restricted: bool = False
) -> None:
    """Declare permissions, such as ``wishlist:share``. The four of a resource come with it.

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

    :raises ConfigurationError: the model lacks what the description needs
    """
    instance = resource()
    for verb in ("view", "add", "change", "delete"):
        _add_permission(config, instance.permission(verb), f"{verb} {instance.path}")

    services = resource_services(instance)

    def register():
        Contributions.of(config.registry).resources[instance.path] = instance
        for service in services:
            config.add_cornice_service(service)

    # Cornice adds routes and views, so this must run before those are carried out.
    _act(config, "resources", instance.path, register, instance, order=PHASE1_CONFIG)


def add_service(config, service: Service) -> None:
    """Serve an endpoint that is no resource: a ``shoptrack.api.Service`` with its views."""
    _act(
        config,
        "services",
        service.path,
        lambda: config.add_cornice_service(service),
        service,
        order=PHASE1_CONFIG,
    )


def add_health_check(config, name: str, check: Callable[[Any], None]) -> None:
    """Let ``/readyz`` ask ``check(registry)``, which raises when something is amiss."""

    def register():
        Contributions.of(config.registry).health_checks[name] = check

    _act(config, "health checks", name, register, check)


def set_identify(config, identify: Callable[[Any], Any], scheme: Scheme | None = None) -> None:
    """Say how a request is identified: ``identify(request)`` returns an identity or ``None``.

    It is asked at most once a request. It may raise ``NotAuthenticated`` when what was sent as proof does not hold; the
    error is answered where a permission is needed, and nowhere else.

    :param scheme: how callers prove who they are, for the API's description
    """

    def register():
        brought = Contributions.of(config.registry)
        brought.identify, brought.scheme = identify, scheme

    _act(config, "identify", "identify", register, identify)


def add_admin(
    config,
    name: str,
    *,
    columns: Iterable[str] | None = None,
    filters: Iterable[str] | None = None,
    ordering: str | None = None,
    actions: Iterable[AdminAction] = (),
) -> None:
    """Say how the administration shows a resource. Nothing happens where there is no administration.

    ::

        config.add_admin("wishes", columns=["product", "wanted_by"], ordering="-wanted_by")

    Without it a resource has its pages as well: all fields are columns, and a list is narrowed by references and days.

    :param name: the resource's path
    :param columns: names of fields
    :param filters: names of fields
    :param ordering: as a list's parameter of that name
    :param actions: what can be done to rows that were chosen from the list
    :raises ConfigurationError: at the end of the start, where a name is not one of the resource's
    """
    options = AdminOptions(
        None if columns is None else tuple(columns),
        None if filters is None else tuple(filters),
        ordering,
        tuple(actions),
    )

    def register():
        Contributions.of(config.registry).admin[name] = options

    # The administration adds routes and views for these, so they must be known before.
    _act(config, "administration", name, register, options, order=PHASE1_CONFIG)


def add_admin_page(config, page: AdminPage) -> None:
    """Add a page to the administration and its menu. Nothing happens where there is no administration.

    ::

        config.add_admin_page(
            AdminPage("wish-report", _("Wishes"), report, "shoptrack_wishlist:templates/report.jinja2", "wishes:view")
        )
    """

    def register():
        Contributions.of(config.registry).admin_pages[page.name] = page

    _act(config, "administration pages", page.name, register, page, order=PHASE1_CONFIG)


def _add_permission(config, name: str, sentence: str, *, restricted: bool = False) -> None:
    def register():
        brought = Contributions.of(config.registry)
        brought.permissions[name] = sentence
        if restricted:
            brought.restricted.add(name)

    _act(config, "permissions", name, register, sentence)


def _act(
    config, category: str, name: str, register: Callable[[], None] | None, what, order: int = 0
) -> None:
    """Carry out ``register`` once the configuration is complete, unless two packages clash."""
    config.action(
        (f"shoptrack {category}", name),
        register,
        order=order,
        introspectables=(_note(config, category, name, what),),
    )


def _note(config, category: str, name: str, what):
    note = config.introspectable(f"shoptrack {category}", name, name, type(what).__name__)
    note["what"] = what
    return note


def load(config, names: Iterable[str]) -> None:
    """Include the plugins that are switched on, by short name or by package.

    :raises ConfigurationError: a plugin is not installed or cannot be loaded
    """
    short = {entry.name: entry.value for entry in entry_points(group="shoptrack.plugins")}
    for name in names:
        package = short.get(name, name)
        if importlib.util.find_spec(package.split(".")[0]) is None:
            raise ConfigurationError(
                f"The plugin {name!r} is switched on but not installed. Install the package "
                f"{package.replace('_', '-')!r}, or take it out of shoptrack.plugins or "
                f"SHOPTRACK_PLUGINS. Installed plugins: {', '.join(sorted(short)) or 'none'}."
            )
        try:
            config.include(package)
        except ConfigurationError:
            raise
        except Exception as error:
            raise ConfigurationError(
                f"The plugin {name!r} cannot be loaded: {type(error).__name__}: {error}"
            ) from error
        Contributions.of(config.registry).plugins.append(package)


def includeme(config):
    """Make the directives known, and prepare the place where contributions are kept."""
    config.registry[Contributions] = Contributions()
    for directive in (
        add_settings_table,
        add_migrations,
        add_permissions,
        add_resource,
        add_service,
        add_health_check,
        set_identify,
        add_admin,
        add_admin_page,
    ):
        config.add_directive(directive.__name__, directive)
