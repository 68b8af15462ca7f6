"""What plugins join the application by: the directives, loading and checking plugins, and listing them."""

from shoptrack.plugins.administration import AdminAction, AdminOptions, AdminPage
from shoptrack.plugins.contributions import Contributions
from shoptrack.plugins.deploy_checks import DeployCheck
from shoptrack.plugins.directives import DIRECTIVES
from shoptrack.resources.repository import Repository

__all__ = ["DIRECTIVES", "AdminAction", "AdminOptions", "AdminPage", "DeployCheck"]


def includeme(config):
    """Make the directives known, and prepare the place where contributions are kept."""
    config.registry[Contributions] = Contributions()
    config.registry[Repository] = {}
    for directive in DIRECTIVES:
        config.add_directive(directive.__name__, directive)
