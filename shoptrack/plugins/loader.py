"""Loads the enabled plugins into the application.

An error in a plugin prevents startup. The message names the plugin, the reason and the source location.
"""

import importlib
import importlib.util
import inspect
import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import partial
from importlib.machinery import ModuleSpec
from importlib.metadata import EntryPoint

import pyramid.exceptions
from pyramid.exceptions import ConfigurationConflictError, ConfigurationExecutionError

from shoptrack.db import Base, table_names
from shoptrack.packages import (
    COMMAND_GROUP,
    PLUGIN_GROUP,
    get_entry_points,
    locate_action,
    locate_error,
)
from shoptrack.permissions import Permissions
from shoptrack.plugins import conflicts, routes, view_checks
from shoptrack.plugins.contributions import Contributions
from shoptrack.plugins.disabled import find_disabled_variables
from shoptrack.settings import ConfigurationError, SettingsTables, Sources

PACKAGE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


def include_plugins(config, names: Iterable[str]) -> None:
    """Include the enabled plugins, by short name or by package.

    :raises ConfigurationError: a plugin is not installed or cannot be loaded
    """
    short = get_entry_points(PLUGIN_GROUP)
    get_entry_points(COMMAND_GROUP)
    plugins = Contributions.of(config.registry).plugins
    for name in names:
        package = short[name].value if name in short else name
        if package in plugins:  # listed twice, or by both of its names
            continue
        spec = _find_spec(package)
        if spec is None:
            raise ConfigurationError(_format_not_installed(name, package, short))
        try:
            config.include(_import_plugin(package))
        except ConfigurationError:
            raise
        except Exception as error:
            raise ConfigurationError(
                f"The plugin {name!r} cannot be loaded: {type(error).__name__}: "
                f"{_format_reason(error)}{_format_location(error, spec)}"
            ) from error
        plugins.append(package)


def check_settings(config) -> None:
    """Check that the core and the plugins declare all settings.

    :raises ConfigurationError: naming those that no installed plugin declares
    """
    enabled = Contributions.of(config.registry).plugins
    tables = SettingsTables.of(config.registry)
    config.registry[Sources].check_unknown(tables, partial(find_disabled_variables, enabled))


def commit_configuration(config) -> None:
    """Commit the configuration of the core and all plugins, and check that it is consistent.

    :raises ConfigurationError: plugins conflict, a required plugin is not enabled, or a definition is invalid
    """
    contributions = Contributions.of(config.registry)
    try:
        config.commit()
    except ConfigurationConflictError as conflict:
        raise ConfigurationError(conflicts.format_conflict(conflict)) from None
    except ConfigurationExecutionError as failure:
        # What a missing plugin would register may be the reason.
        _check_requirements(contributions)
        raise ConfigurationError(_format_action_error(failure)) from failure
    _check_requirements(contributions)
    routes.check_routes(config.introspector)
    models = [mapper.class_ for mapper in Base.registry.mappers]
    table_names.check_table_prefixes(models, contributions.plugins)
    view_checks.warn_about_unreachable_views(
        config.introspector, Permissions.of(config.registry).declared
    )


def _check_requirements(contributions: Contributions) -> None:
    for (plugin, needed), because in contributions.requirements.items():
        if needed not in contributions.plugins:
            raise ConfigurationError(
                f"The plugin {plugin} needs {needed}, {because}. Name both in shoptrack.plugins or "
                "SHOPTRACK_PLUGINS."
            )


def _format_action_error(failure: ConfigurationExecutionError) -> str:
    """Return why a configuration action failed, and the location of the call that registered it."""
    error, info = failure.evalue, failure.info
    is_sentence = isinstance(error, pyramid.exceptions.ConfigurationError)
    reason = str(error) if is_sentence else f"{type(error).__name__}: {error}"
    return f"{reason} ({locate_action(info)})." if info.file else reason


def _import_plugin(package: str):
    module = importlib.import_module(package)
    if not callable(getattr(module, "includeme", None)):
        raise ConfigurationError(
            f"The plugin {package!r} cannot be loaded: it has no function includeme(config), by which "
            f"a plugin joins ({inspect.getsourcefile(module)})."
        )
    return module


def _find_spec(package: str) -> ModuleSpec | None:
    """Find the top-level package of a plugin without importing it."""
    if not PACKAGE.fullmatch(package):
        return None
    return importlib.util.find_spec(package.partition(".")[0])


def _format_not_installed(name: str, package: str, short: dict[str, EntryPoint]) -> str:
    # Compared without the common prefix, which would make all names similar.
    known = {
        _strip_prefix(own): own for entry in short.values() for own in (entry.value, entry.name)
    }
    nearest = get_close_matches(_strip_prefix(name.replace("-", "_")), known, n=1)
    hint = f"Did you mean {known[nearest[0]]!r}? Otherwise install" if nearest else "Install"
    distribution = f"shoptrack-{_strip_prefix(package.replace('-', '_'))}".replace("_", "-")
    return (
        f"The plugin {name!r} is enabled but not installed. {hint} its package, "
        f"for example {distribution!r}, or remove it from shoptrack.plugins or "
        f"SHOPTRACK_PLUGINS. Installed plugins: {', '.join(sorted(short)) or 'none'}."
    )


def _strip_prefix(name: str) -> str:
    return name.removeprefix("shoptrack_")


def _format_reason(error: Exception) -> str:
    return error.msg if isinstance(error, SyntaxError) else str(error)


def _format_location(error: Exception, spec: ModuleSpec) -> str:
    """Return the location of an error in the plugin's code, as the end of a sentence."""
    if isinstance(error, SyntaxError):
        return f" ({error.filename}, line {error.lineno})."
    own = spec.submodule_search_locations or filter(None, [spec.origin])
    place = locate_error(error, *own)
    return f" ({place})." if place else "."
