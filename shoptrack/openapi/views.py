"""The endpoints of the OpenAPI documents. Each document is made once, so that later responses are cheap."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any
from urllib.parse import quote

from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.errors import ValidationError
from shoptrack.openapi.formats import WRITERS
from shoptrack.openapi.spec import ApiSpec
from shoptrack.resources.fields import JSONSchema
from shoptrack.rest import etags
from shoptrack.rest.description import Header, Parameter, ResponseDescription, describe_view
from shoptrack.rest.negotiation import check_accept, select_media_type
from shoptrack.rest.service import Service

YAML, JSON = "application/vnd.oai.openapi", "application/vnd.oai.openapi+json"
FORMATS = {
    YAML: "yaml",
    "application/yaml": "yaml",
    JSON: "json",
    "application/json": "json",
}
ETAG = Header("ETag", "Changes with the document. Sent back as `If-None-Match`, it gives a 304.")
CONTENT_DISPOSITION = Header("Content-Disposition", "A name for a file of it.")
PLACE = "/path-of-the-application"  # in the stored document; a response has the real path instead
DOCUMENT: JSONSchema = {"type": "object"}


class SpecFiles:
    """The documents of one application as files. Each is written at its first request.

    If a proxy serves the application below a path, the document includes that path. It is inserted into each response.
    A cache by path would let clients that choose it fill the memory, or make the server write YAML repeatedly.
    """

    def __init__(self, spec: ApiSpec):
        self._spec = spec
        self._written: dict[tuple[str, str], tuple[bytes, str]] = {}

    def get(self, name: str, path: str = "") -> tuple[bytes, str]:
        """Return a document in a format, and its ETag.

        :param path: the application's path as clients see it, such as ``/shoptrack``
        """
        if not path:
            return self._write(name, "")
        body, tag = self._write(name, PLACE)
        put_in = quote(path).encode()
        return body.replace(PLACE.encode(), put_in), _tag(tag.encode() + put_in)

    def _write(self, name: str, path: str) -> tuple[bytes, str]:
        if (name, path) not in self._written:
            body = WRITERS[name](self._spec.below(path) if path else self._spec)
            self._written[name, path] = body, _tag(body)
        return self._written[name, path]


def _tag(data: bytes) -> str:
    return blake2b(data, digest_size=8).hexdigest()


def _respond(request, name: str, media_type: str) -> Any:
    body, tag = request.registry[SpecFiles].get(name, request.script_name)
    if etags.is_not_modified(request, tag, is_strong=True):
        return etags.make_not_modified(request)
    response = request.response
    response.content_type = media_type
    if not media_type.endswith("json"):
        response.charset = "utf-8"
    response.body = body
    return response


@describe_view(
    query=[
        Parameter(
            "format",
            {"type": "string", "enum": ["yaml", "json"]},
            "The format, whatever the header `Accept` says.",
        )
    ],
    responses=[
        ResponseDescription(
            200, "The document.", DOCUMENT, [ETAG, CONTENT_DISPOSITION], media_types=tuple(FORMATS)
        ),
        ResponseDescription(304, "The client has it already.", headers=[ETAG, CONTENT_DISPOSITION]),
    ],
)
def schema(request) -> Any:
    """Answer the description of this API: OpenAPI 3.1, as YAML or as JSON."""
    request.response.vary = ("Accept",)
    format_name = request.GET.get("format")
    if format_name is None:
        media_type = select_media_type(request, tuple(FORMATS))
    elif format_name in FORMATS.values():
        media_type = YAML if format_name == "yaml" else JSON
    else:
        raise ValidationError({"format": ["Must be yaml or json."]})
    name = FORMATS[media_type]
    response = _respond(request, name, media_type)
    response.content_disposition = f'inline; filename="shoptrack.{name}"'
    return response


@describe_view(
    tag="schema",
    responses=[
        ResponseDescription(200, "The document.", DOCUMENT, [ETAG]),
        ResponseDescription(304, "The client has it already.", headers=[ETAG]),
    ],
)
def swagger(request) -> Any:
    """Answer the description of this API in the older format, Swagger 2.0."""
    return _respond(request, "swagger2", "application/json")


def includeme(config):
    """Serve both documents without authentication."""
    about = "The description of this API itself."
    _serve(
        config,
        "schema",
        "/api/schema/",
        about,
        schema,
        answers=tuple(FORMATS),
        exclude=check_accept,  # the parameter `format` wins over the header
    )
    _serve(config, "swagger", "/api/swagger.json", about, swagger)


def _serve(config, name: str, path: str, about: str, view: Callable, **arguments: Any) -> None:
    service = Service(name, path, description=about)
    service.add_view("GET", view, permission=NO_PERMISSION_REQUIRED, **arguments)
    config.add_service(service)
