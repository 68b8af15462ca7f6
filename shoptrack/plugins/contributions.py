"""The plugins of an application and their requirements."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Contributions:
    """Enabled plugins and their requirements, filled by the loader and the directives.

    Kept in the application's registry. Other packages keep their own contributions there.

    :ivar plugins: the enabled packages
    :ivar requirements: the reason for each requirement, by plugin and required plugin
    """

    plugins: list[str] = field(default_factory=list)
    requirements: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, registry: Any) -> "Contributions":
        """Return the contributions of an application."""
        return registry.setdefault(cls, cls())
