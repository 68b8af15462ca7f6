"""Redirects the root path: people to pages, programs to the API."""

from pyramid.httpexceptions import HTTPFound
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.permissions import Permissions
from shoptrack.web.request_path import API_PREFIX


def redirect(request) -> HTTPFound:
    """Redirect a browser to the pages of ``set_browser_pages``, without any to the API's documentation."""
    path = request.script_name + API_PREFIX
    if prefers_html(request):
        pages = Permissions.of(request.registry).browser_pages
        path = request.script_name + pages.path if pages else request.route_path("docs")
    response = HTTPFound(path)
    response.vary = ("Accept",)
    return response


def prefers_html(request) -> bool:
    """Return whether the client prefers HTML to JSON, as browsers do and ``Accept: */*`` does not."""
    # Of two offers with the same quality the first comes first.
    accepted = request.accept.acceptable_offers(["application/json", "text/html"])
    return bool(accepted) and accepted[0][0] == "text/html"


def includeme(config):
    """Redirect ``/``."""
    config.add_route("root", "/")
    config.add_view(redirect, route_name="root", permission=NO_PERMISSION_REQUIRED)
