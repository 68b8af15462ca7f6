"""A plugin whose views fail, of the API, of the administration, and elsewhere."""

from pyramid.security import NO_PERMISSION_REQUIRED


def fail(request):
    """Fail with what nobody may see."""
    raise RuntimeError("the inside")


def includeme(config):
    """Serve the views."""
    for path in ("/api/fails/", "/admin/fails/", "/fails"):
        config.add_route(path, path)
        config.add_view(fail, route_name=path, permission=NO_PERMISSION_REQUIRED)
