"""Configuration actions of the directives, run when the configuration is committed."""

from collections.abc import Callable
from typing import Any

from pyramid.config import PHASE1_CONFIG

from shoptrack.packages import CORE_PACKAGE
from shoptrack.resources.resource import Resource, ServedResources
from shoptrack.settings import ConfigurationError

AFTER_RESOURCES = PHASE1_CONFIG + 1  # when all resources are served


def add_action(
    config,
    category: str,
    name: str,
    register: Callable[[], None] | None,
    what: Any,
    *,
    key: Any = None,
    order: int = 0,
) -> None:
    """Run ``register`` when the configuration is committed, unless two actions conflict.

    :param what: the registered object, kept in the introspectable
    :param key: must be unique within the category; default: the name
    """
    key = key or name
    note = config.introspectable(f"shoptrack {category}", key, name, type(what).__name__)
    note["what"] = what
    note["plugin"] = get_current_package(config)
    config.action((f"shoptrack {category}", key), register, order=order, introspectables=(note,))


def get_current_package(config) -> str:
    """Return the package whose ``includeme`` is running: a plugin, or the core.

    A plugin may include further packages. The first package in the include path is the one that the application
    included.
    """
    including = config.includepath[0].partition(":")[0] if config.includepath else CORE_PACKAGE
    return CORE_PACKAGE if including.startswith(f"{CORE_PACKAGE}.") else including


def find_resource(registry: Any, directive: str, path: str) -> Resource:
    """Return the resource that a directive names.

    :raises ConfigurationError: no enabled package serves it
    """
    served = ServedResources.of(registry)
    if path not in served:
        raise ConfigurationError(
            f"{directive}({path!r}, …) names a resource that no plugin brings. There are: {', '.join(served)}."
        )
    return served[path]
