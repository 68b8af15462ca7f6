"""Redirects the root path to the API."""

from pyramid.httpexceptions import HTTPFound
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.web.request_path import API_PREFIX


def includeme(config):
    """Redirect ``/``."""
    config.add_route("root", "/")
    config.add_view(
        lambda request: HTTPFound(request.script_name + API_PREFIX),
        route_name="root",
        permission=NO_PERMISSION_REQUIRED,
    )
