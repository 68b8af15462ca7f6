"""The pages' style sheet, script and icon."""

from importlib.resources import files

from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.web import assets
from shoptrack_admin.pages import add_page


class Assets(assets.Assets):
    """The administration's."""

    route = "admin:asset"


def includeme(config):
    """Serve the files to everybody."""
    config.registry[Assets] = Assets((files("shoptrack_admin") / "static").iterdir())
    add_page(config, "asset", "static/{name}", get=Assets.serve, permission=NO_PERMISSION_REQUIRED)
