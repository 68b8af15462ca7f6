"""The bare address of the server leads to the list of what there is."""

from pyramid.httpexceptions import HTTPFound
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.web.address import API


def includeme(config):
    """Redirect ``/``."""
    config.add_route("root", "/")
    config.add_view(
        lambda request: HTTPFound(request.script_name + API),
        route_name="root",
        permission=NO_PERMISSION_REQUIRED,
    )
