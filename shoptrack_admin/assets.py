"""Static files: style sheet, script and icon."""

from importlib.resources import files

from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.web import Assets
from shoptrack_admin.pages import add_page


class AdminAssets(Assets):
    """The administration's static files."""

    route = "admin:asset"


def includeme(config):
    """Serve the files without authentication."""
    config.registry[AdminAssets] = AdminAssets((files("shoptrack_admin") / "static").iterdir())
    add_page(
        config, "asset", "static/{name}", get=AdminAssets.serve, permission=NO_PERMISSION_REQUIRED
    )
