"""A plugin that calls the two directives for which the plugins of users and pages leave no room."""

from shoptrack.permissions import SIGNED_IN, is_page_request


class Guest:
    """Whoever says who they are."""

    id = 7

    def has_permission(self, permission):
        """Allow everything."""
        return True


def identify(request):
    """Believe a header."""
    return Guest() if "X-Guest" in request.headers else None


def tell(request):
    """Tell whether the request is for a page."""
    return {"id": request.identity.id, "is_page": is_page_request(request)}


def includeme(config):
    """Identify guests, and have pages at ``/desk/``."""
    config.set_identify(identify)
    config.set_browser_pages("/desk/", cookie_name="desk")
    for path in ("/desk/", "/door/"):
        config.add_route(path, path)
        config.add_view(tell, route_name=path, permission=SIGNED_IN, renderer="json")
