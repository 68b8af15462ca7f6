"""Contributions of packages to the administration. Without the administration they have no effect."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pyramid.config import PHASE1_CONFIG

from shoptrack.plugins import admin_checks
from shoptrack.plugins.actions import AFTER_RESOURCES, add_action, find_resource
from shoptrack.plugins.admin_contributions import (
    AdminAction,
    AdminColumn,
    AdminContributions,
    AdminOptions,
    AdminPage,
    AdminPanel,
    AdminRowPanel,
)


def add_admin(
    config,
    name: str,
    *,
    columns: Iterable[str | AdminColumn] | None = None,
    filters: Iterable[str] | None = None,
    ordering: str | None = None,
    actions: Iterable[AdminAction] = (),
    texts: Mapping[str, Callable[[Mapping[str, Any]], str]] | None = None,
) -> None:
    """Set how the administration shows a resource. No effect without the administration.

    ::

        config.add_admin("wishes", columns=["product", "wanted_by"], ordering="-wanted_by")

    A resource without options has pages as well: all fields are columns, and its list has filters for references and
    dates. A second call for the same resource is a configuration conflict.

    :param name: the resource's path
    :param columns: names of fields and computed columns, or computed columns themselves
    :param filters: names of fields, also of rows that the listed ones refer to, as in ``product__category``
    :param ordering: as the query parameter ``ordering`` of a list
    :param actions: actions on selected rows of the list
    :param texts: by field name, a function that formats the value from the row's document, for example as money
    :raises ConfigurationError: at the end of startup, if the resource or one of its fields does not exist
    """
    listed = None if columns is None else tuple(columns)
    for column in listed or ():
        if isinstance(column, AdminColumn):
            add_admin_column(config, name, column)
    for action in actions:
        add_admin_action(config, name, action)
    options = AdminOptions(
        None if listed is None else tuple(_get_name(column) for column in listed),
        None if filters is None else tuple(filters),
        ordering,
        dict(texts or {}),
    )

    def register():
        AdminContributions.of(config.registry).options[name] = options

    def check():
        admin_checks.check_options(config.registry, name, options)

    # The administration adds routes and views for resources later, and needs the options by then.
    add_action(config, "administration", name, register, options, order=PHASE1_CONFIG)
    config.action(None, check, order=AFTER_RESOURCES)


def add_admin_page(config, page: AdminPage) -> None:
    """Add a page to the administration and its menu. No effect without the administration.

    ::

        config.add_admin_page(
            AdminPage("wish-report", _("Wishes"), report, "shoptrack_wishlist:templates/report.jinja2", "wishes:view")
        )

    The page is at ``/admin/wish-report/``, for staff members with the permission. With ``post=``, it has a form, and
    the administration checks the form's CSRF token. Two pages with the same name are a configuration conflict.

    :raises ConfigurationError: at the end of startup, if the name cannot be a part of a URL
    """
    admin_checks.check_kind("add_admin_page", page, AdminPage)

    def register():
        admin_checks.check_page(page)
        AdminContributions.of(config.registry).pages[page.name] = page

    add_action(config, "administration pages", page.name, register, page, order=PHASE1_CONFIG)


def add_admin_panel(config, panel: AdminPanel) -> None:
    """Add a panel to the administration's overview. No effect without the administration.

    ::

        config.add_admin_panel(
            AdminPanel("wishes", "shoptrack_wishlist:templates/panel.jinja2", load_newest, "wishes:view")
        )

    The panel is shown to staff members with the permission. If it fails, its place has an error message, and the log
    has the traceback. Two panels with the same name are a configuration conflict.
    """
    admin_checks.check_kind("add_admin_panel", panel, AdminPanel)

    def register():
        admin_checks.check_panel(panel)
        AdminContributions.of(config.registry).panels[panel.name] = panel

    add_action(config, "administration panels", panel.name, register, panel)


def add_admin_row_panel(config, path: str, panel: AdminRowPanel) -> None:
    """Add a panel to the page of each row of a resource. No effect without the administration.

    ::

        config.add_admin_row_panel(
            "stores",
            AdminRowPanel("wishes", "shoptrack_wishlist:templates/store.jinja2", load_wishes, "wishes:view"),
        )

    The panel is below the row's form, for staff members with the permission. If it fails, its place has an error
    message, and the log has the traceback. Two panels of a resource with the same name are a configuration conflict.

    :raises ConfigurationError: at the end of startup, if the resource does not exist
    """
    admin_checks.check_kind("add_admin_row_panel", panel, AdminRowPanel)

    def register():
        admin_checks.check_panel(panel)
        AdminContributions.of(config.registry).row_panels.setdefault(path, {})[panel.name] = panel

    def check():
        find_resource(config.registry, "add_admin_row_panel", path)

    title = f"{path}.{panel.name}"
    add_action(config, "administration row panels", title, register, panel, order=PHASE1_CONFIG)
    config.action(None, check, order=AFTER_RESOURCES)


def add_admin_column(config, path: str, column: AdminColumn) -> None:
    """Add a computed column to the list of any resource. No effect without the administration.

    ::

        config.add_admin_column(
            "stores", AdminColumn("visits", _("visits"), values=count_visits, cell="number")
        )

    The column follows the others, unless ``add_admin`` names it among the columns. The CSV file has it, too. If it
    fails, its cells say so, and the log has the traceback. Two columns of a resource with the same name are a
    configuration conflict.

    :raises ConfigurationError: at the end of startup, if the resource does not exist, or has a field of this name
    """
    admin_checks.check_kind("add_admin_column", column, AdminColumn)

    def register():
        admin_checks.check_column(column)
        AdminContributions.of(config.registry).columns.setdefault(path, {})[column.name] = column

    def check():
        admin_checks.check_column_name(config.registry, path, column)

    title = f"{path}.{column.name}"
    add_action(config, "administration columns", title, register, column, order=PHASE1_CONFIG)
    config.action(None, check, order=AFTER_RESOURCES)


def add_admin_action(config, path: str, action: AdminAction) -> None:
    """Add an action on selected rows to the list of any resource. No effect without the administration.

    ::

        config.add_admin_action("stores", AdminAction("close", _("Close"), "stores:change", close))

    The list has a button for users with the permission, and a page asks for confirmation. If the action fails, nothing
    is changed, the page says so, and the log has the traceback. Two actions of a resource with the same name are a
    configuration conflict.

    :raises ConfigurationError: at the end of startup, if the resource does not exist, or the name cannot be a part of
        a URL
    """
    admin_checks.check_kind("add_admin_action", action, AdminAction)

    def register():
        admin_checks.check_action(action)
        AdminContributions.of(config.registry).actions.setdefault(path, {})[action.name] = action

    def check():
        find_resource(config.registry, "add_admin_action", path)

    title = f"{path}.{action.name}"
    add_action(config, "administration actions", title, register, action, order=PHASE1_CONFIG)
    config.action(None, check, order=AFTER_RESOURCES)


def _get_name(column: str | AdminColumn) -> str:
    return column.name if isinstance(column, AdminColumn) else column
