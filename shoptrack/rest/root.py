"""The root of the API: every resource with its URL."""

from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.resources.resource import ServedResources
from shoptrack.rest.description import ResponseDescription, describe_view
from shoptrack.rest.service import Service


@describe_view(
    responses=[
        ResponseDescription(
            200,
            "The address of each resource's list, by its path.",
            {
                "type": "object",
                "additionalProperties": {"type": "string", "format": "uri"},
            },
            example={"categories": "https://shop.example/api/categories/"},
        )
    ]
)
def root(request) -> dict[str, str]:
    """Answer the address of every resource's list, by path."""
    return {
        path: f"{request.application_url}/api/{path}/"
        for path in ServedResources.of(request.registry)
    }


def includeme(config):
    """Serve the list of resources without authentication."""
    service = Service("api", "/api/", description="All resources, with their addresses.")
    service.add_view("GET", root, permission=NO_PERMISSION_REQUIRED)
    config.add_service(service)
