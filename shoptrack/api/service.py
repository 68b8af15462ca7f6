"""Cornice's service, so that endpoints belong to one application and answer as the contract says."""

import cornice.service

from shoptrack.api.negotiate import acceptable
from shoptrack.api.resource import Resource
from shoptrack.api.views import ResourceViews


class Service(cornice.service.Service):
    """An endpoint with a view for each method, known only to the applications that add it.

    Every view names its permission; one that names none is refused to everybody. Views read bodies by
    ``shoptrack.api.body.read_body`` and raise the errors of ``shoptrack.errors``.
    """

    renderer = "json"
    default_validators = (acceptable,)
    default_filters = ()

    def __init__(self, name: str, path: str, **arguments):
        super().__init__(name=name, path=path, cors_enabled=False, **arguments)
        # Cornice lists every service of the process; two applications with different plugins
        # would find each other's there.
        cornice.service.SERVICES.remove(self)


def resource_services(resource: Resource) -> tuple[Service, Service]:
    """Return the services of a resource's list and of its items, built for one application."""
    views = ResourceViews(resource)
    many = Service(resource.path, f"/api/{resource.path}/", description=resource.__doc__)
    many.add_view("GET", views.read_list, permission=resource.permission("view"))
    many.add_view("POST", views.create, permission=resource.permission("add"))
    one = Service(
        f"{resource.path}:item", f"/api/{resource.path}/{{id}}/", description=resource.__doc__
    )
    one.add_view("GET", views.read, permission=resource.permission("view"))
    one.add_view("PUT", views.replace, permission=resource.permission("change"))
    one.add_view("PATCH", views.change, permission=resource.permission("change"))
    one.add_view("DELETE", views.delete, permission=resource.permission("delete"))
    return many, one
