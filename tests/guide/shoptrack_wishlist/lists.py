"""Whole lists of wishes, in and out: ``/api/wishes/load/`` and ``/api/wishes/dump/``."""

import orjson

from shoptrack.errors import ValidationError
from shoptrack.resources import ListParameters, Repository
from shoptrack.rest import (
    Header,
    ResponseDescription,
    Service,
    csv_export,
    describe_list_parameters,
    describe_view,
    find_hidden,
    object_schema,
    read_body,
    stream,
)
from shoptrack_wishlist.resources import WishResource
from shoptrack_wishlist.settings import WishSettings

MEBIBYTE = 1024 * 1024
WISHES = object_schema(wishes={"type": "array", "items": {"type": "object"}})
FILE_NAME = Header("Content-Disposition", "Its name.")


@describe_view(
    body=WISHES,
    responses=[
        ResponseDescription(200, "How many were added.", object_schema(added={"type": "integer"})),
        ValidationError,
    ],
)
def import_wishes(request):
    """Add all wishes of a body, or none."""
    sent = read_body(request, max_values=100_000).get("wishes")
    limit = WishSettings.of(request.registry).max_wishes
    if not isinstance(sent, list) or len(sent) > limit:
        raise ValidationError({"wishes": [f"Send a list of up to {limit} wishes."]})
    wishes = Repository.of(request.registry, WishResource)
    for place, wish in enumerate(sent):
        try:
            wishes.create(request.db, wish)
        except ValidationError as error:
            errors = {f"wishes.{place}.{key}": texts for key, texts in error.errors.items()}
            raise ValidationError(errors) from None
    return {"added": len(sent)}


@describe_view(
    query=[*describe_list_parameters(ListParameters(WishResource()))],
    responses=[
        ResponseDescription(200, "A wish in each line.", headers=[FILE_NAME]),
    ],
)
def export_wishes(request):
    """Send all wishes, a JSON object in each line. The parameters are those of the list."""
    wishes = Repository.of(request.registry, WishResource)
    hidden = find_hidden(request, WishResource)
    query = wishes.parameters.parse([*request.GET.items()], hidden)

    def lines(connection):
        for wish in wishes.iterate(connection, query, hidden):
            yield orjson.dumps(wish) + b"\n"

    return stream(request, lines, content_type="application/x-ndjson", filename="wishes.ndjson")


@describe_view(
    responses=[
        ResponseDescription(200, "The file.", headers=[FILE_NAME]),
    ]
)
def export_table(request):
    """Send all wishes as a CSV file."""
    wishes = Repository.of(request.registry, WishResource)
    hidden = find_hidden(request, WishResource)
    query = wishes.parameters.parse([], hidden)

    def rows(connection):
        for wish in wishes.iterate(connection, query, hidden):
            yield (WishResource.label_of(wish), wish["wanted_by"])

    return csv_export.response(request, "wishes.csv", ("wish", "wanted by"), rows)


def includeme(config):
    """Serve the lists."""
    for name, method, view, permission, media_type in (
        ("load", "POST", import_wishes, "wishes:add", "application/json"),
        ("dump", "GET", export_wishes, "wishes:view", "application/x-ndjson"),
        ("table", "GET", export_table, "wishes:view", "text/csv"),
    ):
        service = Service(f"wishes:{name}", f"/api/wishes/{name}/", description="Many wishes.")
        service.add_view(method, view, permission=permission, answers=media_type)
        config.add_service(service)
    config.set_max_body_size("/api/wishes/load/", 8 * MEBIBYTE)
