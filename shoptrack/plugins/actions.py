"""The configuration actions of directives: carried out once the configuration is complete, conflicts named."""

from collections.abc import Callable
from typing import Any

from shoptrack.packages import CORE_PACKAGE


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
    """Carry out ``register`` once the configuration is complete, unless two packages clash.

    :param key: what nobody else may bring; by default the name
    """
    key = key or name
    note = config.introspectable(f"shoptrack {category}", key, name, type(what).__name__)
    note["what"] = what
    note["plugin"] = get_current_package(config)
    config.action((f"shoptrack {category}", key), register, order=order, introspectables=(note,))


def get_current_package(config) -> str:
    """Return the package whose ``includeme`` is running: a plugin's, or the core's.

    A plugin may be made of several; the first was included by the application itself.
    """
    including = config.includepath[0].partition(":")[0] if config.includepath else CORE_PACKAGE
    return CORE_PACKAGE if including.startswith(f"{CORE_PACKAGE}.") else including
