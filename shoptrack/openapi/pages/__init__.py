"""The pages that show the API's description: Swagger UI at ``/api/docs/``, Redoc at ``/api/redoc/``."""

from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.errors import MethodNotAllowed
from shoptrack.openapi.pages import views
from shoptrack.openapi.pages.assets import Assets


def includeme(config):
    """Serve both pages, and what they load, to everybody."""
    config.registry[Assets] = Assets()
    for name, path, view in (
        ("docs", "/api/docs/", views.view(views.SWAGGER_UI)),
        ("redoc", "/api/redoc/", views.view(views.REDOC)),
        ("docs:asset", "/api/docs/assets/{name}", Assets.serve),
    ):
        config.add_route(name, path)
        config.add_view(
            view, route_name=name, request_method="GET", permission=NO_PERMISSION_REQUIRED
        )
        config.add_view(refuse, route_name=name, permission=NO_PERMISSION_REQUIRED)


def refuse(request):
    """Refuse all other methods.

    :raises MethodNotAllowed: always
    """
    raise MethodNotAllowed(request.method, ["GET", "HEAD"])
