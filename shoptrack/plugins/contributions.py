"""The plugins of an application, and the plugins that they need."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Contributions:
    """Filled by the directives, and kept in the application's registry. Other rooms keep what is theirs.

    :ivar plugins: the packages that are enabled
    :ivar requirements: the reason why a plugin needs another, by both
    """

    plugins: list[str] = field(default_factory=list)
    requirements: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, registry: Any) -> "Contributions":
        """Return the application's."""
        return registry.setdefault(cls, cls())
