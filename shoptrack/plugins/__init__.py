"""Plugins: configuration directives, loading, checks, and the list of plugins."""

from shoptrack.plugins.admin_contributions import (
    AdminAction,
    AdminColumn,
    AdminContributions,
    AdminOptions,
    AdminPage,
    AdminPanel,
    AdminRowPanel,
)
from shoptrack.plugins.authentication import SignInLink, SignInLinks
from shoptrack.plugins.contributions import Contributions
from shoptrack.plugins.deploy_checks import DeployCheck, Deployment
from shoptrack.plugins.directives import DIRECTIVES
from shoptrack.resources import Repository

__all__ = [
    "DIRECTIVES",
    "AdminAction",
    "AdminColumn",
    "AdminContributions",
    "AdminOptions",
    "AdminPage",
    "AdminPanel",
    "AdminRowPanel",
    "Contributions",
    "DeployCheck",
    "Deployment",
    "SignInLink",
    "SignInLinks",
]


def includeme(config):
    """Register the directives, and add empty contributions to the registry."""
    config.registry[Contributions] = Contributions()
    config.registry[Repository] = {}
    for directive in DIRECTIVES:
        config.add_directive(directive.__name__, directive)
    config.include("shoptrack.plugins.routes")
