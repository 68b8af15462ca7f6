"""Cornice's service, for endpoints that belong to one application."""

import cornice.service

from shoptrack.resources.repository import Repository
from shoptrack.rest.description import OperationDescription
from shoptrack.rest.negotiation import check_accept
from shoptrack.rest.resource_descriptions import describe_resource_views
from shoptrack.rest.views import ResourceViews


class Service(cornice.service.Service):
    """An endpoint with a view for each method, known only to the applications that add it.

    Every view names its permission; a view without one denies every request. Views read bodies by
    ``shoptrack.rest.body.read_body`` and raise the errors of ``shoptrack.errors``.
    ``shoptrack.rest.description.describe_view`` describes the parameters, body and responses of a view.
    """

    renderer = "json"
    default_validators = (check_accept,)
    default_filters = ()

    def __init__(self, name: str, path: str, **arguments):
        super().__init__(name=name, path=path, cors_enabled=False, **arguments)
        # Cornice lists every service of the process. Two applications with different plugins
        # would find each other's services there.
        cornice.service.SERVICES.remove(self)
        self.descriptions: dict[str, OperationDescription] = {}

    def add_view(
        self, method: str, view, *, description: OperationDescription | None = None, **arguments
    ) -> None:
        """Serve a method by a view.

        :param description: the view's parameters, body and responses, unless ``describe_view`` has attached them
        :param arguments: Cornice's
        """
        if description is not None:
            self.descriptions[method] = description
        super().add_view(method, view, **arguments)


def make_resource_services(repository: Repository) -> tuple[Service, Service]:
    """Return the services of a resource's list and of its rows, for one application."""
    resource, views = repository.resource, ResourceViews(repository)
    descriptions = describe_resource_views(repository)
    many = Service(resource.path, f"/api/{resource.path}/", description=resource.__doc__)
    one = Service(
        f"{resource.path}:item", f"/api/{resource.path}/{{id}}/", description=resource.__doc__
    )
    for service, method, view, verb in (
        (many, "GET", views.read_list, "view"),
        (many, "POST", views.create, "add"),
        (one, "GET", views.read, "view"),
        (one, "PUT", views.replace, "change"),
        (one, "PATCH", views.change, "change"),
        (one, "DELETE", views.delete, "delete"),
    ):
        service.add_view(
            method,
            view,
            permission=resource.permission(verb),
            description=descriptions[view.__name__],
        )
    return many, one
