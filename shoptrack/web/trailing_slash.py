"""Redirects paths without a trailing slash."""

from urllib.parse import quote

from pyramid.httpexceptions import HTTPNotFound
from pyramid.interfaces import IRoutesMapper
from pyramid.response import Response

QUERY_SAFE = "/?:@!$&'()*+,;=%[]~"


def slash_tween_factory(handler, registry):
    """Make the tween that redirects a path without a route to the same path with a slash.

    301 for GET and HEAD; 308 for the rest, which keeps method and body.
    """
    routes = registry.getUtility(IRoutesMapper)

    def slash_tween(request):
        try:
            return handler(request)
        except HTTPNotFound:
            # A path that begins with two slashes would redirect to another host.
            path = request.path
            if request.matched_route is not None or path.endswith("/") or path.startswith("//"):
                raise
            wanted = request.path_info + "/"
            if all(route.match(wanted) is None for route in routes.get_routes()):
                raise
        query = quote(request.query_string.encode("latin-1"), safe=QUERY_SAFE)
        return Response(
            status=301 if request.method in ("GET", "HEAD") else 308,
            location=f"{path}/?{query}" if query else f"{path}/",
            content_type="text/plain",
        )

    return slash_tween
