"""Cornice's service, for endpoints that belong to one application."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import cornice.service
from cornice.util import to_list

from shoptrack.resources.repository import Repository
from shoptrack.rest import export_view
from shoptrack.rest.bulk_descriptions import describe_bulk_views
from shoptrack.rest.bulk_views import BulkViews
from shoptrack.rest.csv_import import MAX_BODY_BYTES, MEDIA_TYPES, CsvImportViews
from shoptrack.rest.csv_import_descriptions import describe_import
from shoptrack.rest.description import OperationDescription
from shoptrack.rest.idempotency import repeat_safely
from shoptrack.rest.merge_descriptions import describe_merge
from shoptrack.rest.merge_views import MergeViews
from shoptrack.rest.negotiation import JSON, MediaTypes, check_accept, check_content_type
from shoptrack.rest.resource_descriptions import describe_resource_views
from shoptrack.rest.row_warnings import WarningViews
from shoptrack.rest.views import ResourceViews


class Service(cornice.service.Service):
    """An endpoint with a view for each method, known only to the applications that add it.

    Every view names its permission; a view without one denies every request. Views read JSON and forms by
    ``shoptrack.rest.body.read_body``, files by ``request.body_file``, and raise the errors of ``shoptrack.errors``.
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
        self.media_types: dict[str, MediaTypes] = {}

    def add_view(
        self,
        method: str,
        view,
        *,
        description: OperationDescription | None = None,
        accepts: str | Sequence[str] | None = None,
        answers: str | Sequence[str] = JSON,
        max_body_size: int | None = None,
        **arguments,
    ) -> None:
        """Serve a method by a view.

        :param description: the view's parameters, body and responses, unless ``describe_view`` has attached them
        :param accepts: the media types of request bodies, such as ``("image/png", "image/jpeg")``; by default JSON and
            forms. Another body is 415.
        :param answers: the media types of successful responses; by default JSON. A client that accepts none of them
            gets 406.
        :param max_body_size: the maximum size of a request body in bytes; a longer one is 413. Files are limited by
            ``SHOPTRACK_MAX_UPLOAD_SIZE``, too.
        :param arguments: Cornice's
        """
        method = method.upper()
        if description is not None:
            self.descriptions[method] = description
        types = MediaTypes(
            None if accepts is None else tuple(to_list(accepts)),
            tuple(to_list(answers)),
            max_body_size,
        )
        self.media_types[method] = types
        super().add_view(method, view, **arguments)
        _, _, made = self.definitions[-1]  # of GET and of HEAD it is the same
        made["validators"] = list(_bind_validators(made["validators"], types))


def _bind_validators(validators: Sequence[Any], types: MediaTypes) -> Iterator[Any]:
    """Yield the validators of a view, first those of the media types that it declares."""
    if check_accept in validators:
        yield partial(check_accept, answers=types.answers)
    if types.accepts is not None:
        yield partial(check_content_type, accepts=types.accepts)
    yield from (validator for validator in validators if validator is not check_accept)


def make_resource_services(repository: Repository, registry: Any) -> tuple[Service, ...]:
    """Return the services of a resource for one application: lists, rows, many at once, merges, CSV both ways."""
    resource, views = repository.resource, ResourceViews(repository)
    descriptions = describe_resource_views(repository)
    many = Service(resource.path, f"/api/{resource.path}/", description=resource.__doc__)
    bulk = Service(
        f"{resource.path}:bulk", f"/api/{resource.path}/bulk/", description=resource.__doc__
    )
    one = Service(
        f"{resource.path}:item", f"/api/{resource.path}/{{id}}/", description=resource.__doc__
    )
    for service, method, view, verb in (
        (many, "GET", views.read_list, "view"),
        (many, "POST", repeat_safely(views.create), "add"),
        (one, "GET", views.read, "view"),
        (one, "PUT", views.replace, "change"),
        (one, "PATCH", repeat_safely(views.change), "change"),
        (one, "DELETE", views.delete, "delete"),
    ):
        service.add_view(
            method,
            view,
            permission=resource.permission(verb),
            description=descriptions[view.__name__],
        )
    bulk_views = BulkViews(repository)
    bulk_descriptions = describe_bulk_views(repository)
    for method, view, verb in (
        ("POST", repeat_safely(bulk_views.create), "add"),
        ("PATCH", repeat_safely(bulk_views.change), "change"),
        ("DELETE", bulk_views.delete, "delete"),
    ):
        bulk.add_view(
            method,
            view,
            accepts=JSON,
            permission=resource.permission(verb),
            description=bulk_descriptions[view.__name__],
        )
    export = Service(
        f"{resource.path}:export", f"/api/{resource.path}/export/", description=resource.__doc__
    )
    exports = export_view.ExportView(repository)
    export.add_view(
        "GET",
        exports.read,
        answers=export_view.MEDIA_TYPES,
        permission=resource.permission("view"),
        description=export_view.describe_export(exports.export),
    )
    merging = Service(
        f"{resource.path}:merge",
        f"/api/{resource.path}/{{id}}/merge/",
        description=resource.__doc__,
    )
    merging.add_view(
        "POST",
        repeat_safely(MergeViews(repository).merge),
        accepts=JSON,
        permission=resource.permission("delete"),
        description=describe_merge(repository),
    )
    imports = Service(
        f"{resource.path}:import", f"/api/{resource.path}/import/", description=resource.__doc__
    )
    imports.add_view(
        "POST",
        CsvImportViews(repository).create,
        accepts=MEDIA_TYPES,
        max_body_size=MAX_BODY_BYTES,
        permission=resource.permission("add"),
        description=describe_import(registry, resource),
    )
    return many, one, bulk, merging, export, imports, *_make_warning_services(repository)


def _make_warning_services(repository: Repository) -> Iterator[Service]:
    """Yield the service of the warnings about a row, of a resource that has any."""
    resource = repository.resource
    if resource.warning_finders:
        path = f"/api/{resource.path}/{{id}}/warnings/"
        service = Service(f"{resource.path}:warnings", path, description=resource.__doc__)
        views = WarningViews(repository)
        service.add_view(
            "GET",
            views.read_warnings,
            permission=resource.permission("view"),
            description=views.describe(),
        )
        yield service
