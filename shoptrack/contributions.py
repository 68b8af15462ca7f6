"""What the packages of one application brought: the core's own features and every plugin's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shoptrack.db.migrations import Lineage
    from shoptrack.permissions import Identity
    from shoptrack.plugins.administration import AdminOptions, AdminPage
    from shoptrack.plugins.deploy_checks import DeployCheck
    from shoptrack.resources.resource import Resource
    from shoptrack.rest.description import SecurityScheme
    from shoptrack.settings import SettingsTable


@dataclass
class Contributions:
    """Filled by the directives of ``shoptrack.plugins``; it lives in the application's registry."""

    plugins: list[str] = field(default_factory=list)
    requirements: dict[tuple[str, str], str] = field(default_factory=dict)  # plugin, needed → why
    settings: list[type[SettingsTable]] = field(default_factory=list)
    migrations: dict[str, Lineage] = field(default_factory=dict)
    permissions: dict[str, str] = field(default_factory=dict)  # name → what it allows
    restricted: set[str] = field(default_factory=set)  # permissions that are held by grant alone
    resources: dict[str, Resource] = field(default_factory=dict)  # path → resource
    body_sizes: dict[str, int] = field(default_factory=dict)  # pattern of a route → bytes
    health_checks: dict[str, Callable[[Any], None]] = field(default_factory=dict)
    deploy_checks: dict[str, DeployCheck] = field(default_factory=dict)
    admin: dict[str, AdminOptions] = field(default_factory=dict)  # path → how it is shown
    admin_pages: dict[str, AdminPage] = field(default_factory=dict)  # name → page
    identify: Callable[[Any], Identity | None] | None = None
    scheme: SecurityScheme | None = None  # how ``identify`` is told who it is
    shares_views: bool = (
        False  # whether everybody who is signed in to the API may view every resource
    )

    @property
    def tables(self) -> set[str]:
        """Return the tables of all resources."""
        return set().union(*(resource.get_table_names() for resource in self.resources.values()))

    @property
    def may_hide(self) -> bool:
        """Tell whether the API may answer a row as its id, since a caller may not view it."""
        return self.identify is not None and not self.shares_views

    @property
    def shared_permissions(self) -> set[str]:
        """Return the permissions that a household may share, so that nobody has to be given them."""
        return self.permissions.keys() - self.restricted

    @classmethod
    def of(cls, registry) -> Contributions:
        """Return the application's."""
        return registry[cls]
