"""The API's description: Swagger 2.0 at ``/api/swagger.json``, and OpenAPI 3.1 of it at ``/api/schema/``."""

from pyramid.events import ApplicationCreated

from shoptrack.openapi.spec import Documents
from shoptrack.openapi.views import Sent


def includeme(config):
    """Describe the application once it is complete; what cannot be described stops the start."""
    config.add_subscriber(describe, ApplicationCreated)
    config.include("shoptrack.openapi.views")


def describe(event) -> None:
    """Make the documents of an application."""
    registry = event.app.registry
    documents = registry[Documents] = Documents.of_application(registry)
    registry[Sent] = Sent(documents)
