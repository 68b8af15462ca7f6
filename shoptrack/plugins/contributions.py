"""What plugins bring for others to find: pages, checks, and the plugins that they need."""

from dataclasses import dataclass, field
from typing import Any

from shoptrack.plugins.administration import AdminOptions, AdminPage, AdminPanel


@dataclass
class Contributions:
    """Filled by the directives, and kept in the application's registry. Other rooms keep what is theirs.

    :ivar plugins: the packages that are enabled
    :ivar requirements: the reason why a plugin needs another, by both
    :ivar admin: how the administration shows a resource, by its path
    :ivar admin_pages: by name
    :ivar admin_panels: by name
    """

    plugins: list[str] = field(default_factory=list)
    requirements: dict[tuple[str, str], str] = field(default_factory=dict)
    admin: dict[str, AdminOptions] = field(default_factory=dict)
    admin_pages: dict[str, AdminPage] = field(default_factory=dict)
    admin_panels: dict[str, AdminPanel] = field(default_factory=dict)

    @classmethod
    def of(cls, registry: Any) -> "Contributions":
        """Return the application's."""
        return registry.setdefault(cls, cls())
