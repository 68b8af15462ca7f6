"""The OpenAPI document: OpenAPI 3.1 at ``/api/schema/``, Swagger 2.0 at ``/api/swagger.json``."""

from pyramid.events import ApplicationCreated

from shoptrack.openapi.errors import DETAIL, HEADERS
from shoptrack.openapi.spec import ApiSpec
from shoptrack.openapi.views import SpecFiles

__all__ = ["DETAIL", "HEADERS", "ApiSpec"]


def includeme(config):
    """Make the documents once the application is complete. An operation that cannot be described prevents startup."""
    config.add_subscriber(describe, ApplicationCreated)
    config.include("shoptrack.openapi.views")


def describe(event) -> None:
    """Make the documents of an application."""
    registry = event.app.registry
    spec = registry[ApiSpec] = ApiSpec.from_registry(registry)
    registry[SpecFiles] = SpecFiles(spec)
