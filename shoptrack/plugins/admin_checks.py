"""Checks of what packages contribute to the administration, whether or not it is enabled.

They run in configuration actions, so a message names the file and line of the directive's call.
"""

import re
from collections.abc import Iterable
from typing import Any

from shoptrack.errors import ValidationError
from shoptrack.plugins.actions import find_resource
from shoptrack.plugins.admin_contributions import (
    AdminAction,
    AdminColumn,
    AdminContributions,
    AdminOptions,
    AdminPage,
    AdminPanel,
    AdminRowPanel,
)
from shoptrack.resources.repository import Repository
from shoptrack.settings import ConfigurationError

URL_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CELLS = ("text", "number", "money", "day", "instant", "long-text")


def check_kind(directive: str, given: Any, kind: type) -> None:
    """Check the class of a directive's argument.

    :raises TypeError: another class
    """
    if not isinstance(given, kind):
        raise TypeError(f"{directive} takes an {kind.__name__} of shoptrack.plugins, not {given!r}")


def check_action(action: AdminAction) -> None:
    """Check an action by itself."""
    check_url_name(action, "close")
    check_callable(action, "run")


def check_column(column: AdminColumn) -> None:
    """Check a column by itself."""
    if (column.value is None) == (column.values is None):
        raise ConfigurationError(
            f"AdminColumn({column.name!r}, …) needs either value=… or values=…: value is called with one "
            "row's document, values with the request and the documents of all rows."
        )
    check_callable(column, "value", "values", "text")
    if column.cell not in CELLS:
        raise ConfigurationError(
            f"AdminColumn({column.name!r}, …) has the cell {column.cell!r}. Available: {', '.join(CELLS)}."
        )


def check_page(page: AdminPage) -> None:
    """Check a page by itself."""
    check_url_name(page, "wish-report")
    check_callable(page, "view", "post")


def check_panel(panel: AdminPanel | AdminRowPanel) -> None:
    """Check a panel by itself."""
    check_callable(panel, "load")


def check_url_name(named: AdminAction | AdminPage, example: str) -> None:
    """Check a name that is a part of a URL."""
    if not URL_NAME.fullmatch(named.name):
        raise ConfigurationError(
            f"{type(named).__name__}({named.name!r}, …) needs a name of lowercase letters, digits and hyphens, "
            f"such as {example!r}."
        )


def check_callable(owner: Any, *names: str) -> None:
    """Check attributes that are functions, or ``None`` where that is their default."""
    for name in names:
        value = getattr(owner, name)
        default = type(owner).__dataclass_fields__[name].default
        if not callable(value) and not (value is None and default is None):
            raise ConfigurationError(
                f"{type(owner).__name__}({owner.name!r}, …) needs a function as {name}, not {value!r}."
            )


def check_column_name(registry: Any, path: str, column: AdminColumn) -> None:
    """Check that no field of the resource has the column's name."""
    resource = find_resource(registry, "add_admin_column", path)
    if column.name in (field.name for field in resource.fields):
        raise ConfigurationError(
            f"AdminColumn({column.name!r}, …) has the name of a field of {path!r}. Choose another name."
        )


def check_options(registry: Any, path: str, options: AdminOptions) -> None:
    """Check that the names in options exist."""
    resource = find_resource(registry, "add_admin", path)
    fields = {field.name: field for field in resource.fields}
    computed = AdminContributions.of(registry).columns.get(path, {})
    _check_names(path, "columns", options.columns, [*fields, *computed])
    _check_names(path, "texts", options.texts, fields)
    parameters = Repository.of(registry, path).parameters
    for name in options.filters or ():
        found = resource.find_fields(name)
        if not found:
            raise _make_error(path, "filters", name, f"The fields are {', '.join(fields)}.")
        prefix = f"{found[-2].name}_" if len(found) > 1 else ""
        names = found[-1].get_filter_names(prefix)
        if not names or not parameters.filters.keys() >= {*names}:
            raise _make_error(path, "filters", name, "The list has no filter by it.")
    if options.ordering:
        try:
            parameters.parse([("ordering", options.ordering)])
        except ValidationError as error:
            why = " ".join(error.errors["ordering"])
            raise _make_error(path, "ordering", options.ordering, why) from None


def _check_names(path: str, option: str, names: Iterable[str] | None, known: Iterable[str]) -> None:
    for name in names or ():
        if name not in known:
            raise _make_error(path, option, name, f"The fields are {', '.join(known)}.")


def _make_error(path: str, option: str, name: str, why: str) -> ConfigurationError:
    return ConfigurationError(f"add_admin({path!r}, {option}=…) names {name!r}. {why}")
