"""The pages that show the OpenAPI document: Swagger UI at ``/api/docs/``, Redoc at ``/api/redoc/``."""

from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.errors import MethodNotAllowed
from shoptrack.openapi.pages.views import REDOC, SWAGGER_UI, DocsAssets, make_page_view


def includeme(config):
    """Serve both pages and their files without authentication."""
    config.registry[DocsAssets] = DocsAssets()
    for name, path, view in (
        ("docs", "/api/docs/", make_page_view(SWAGGER_UI)),
        ("redoc", "/api/redoc/", make_page_view(REDOC)),
        ("docs:asset", "/api/docs/assets/{name}", DocsAssets.serve),
    ):
        config.add_route(name, path)
        config.add_view(
            view, route_name=name, request_method="GET", permission=NO_PERMISSION_REQUIRED
        )
        config.add_view(reject_method, route_name=name, permission=NO_PERMISSION_REQUIRED)


def reject_method(request):
    """Reject all other methods.

    :raises MethodNotAllowed: always
    """
    raise MethodNotAllowed(request.method, ["GET", "HEAD"])
