"""The addresses of the API's description. An answer costs nothing but its bytes, which are made once."""

from collections.abc import Callable
from functools import cached_property
from hashlib import blake2b
from typing import Any

import orjson
import yaml
from pyramid.security import NO_PERMISSION_REQUIRED

from shoptrack.api import tags
from shoptrack.api.description import Answer, Header, Parameter, described
from shoptrack.api.fields import JSONSchema
from shoptrack.api.negotiate import acceptable, best
from shoptrack.api.openapi.document import Documents
from shoptrack.api.service import Service
from shoptrack.errors import Invalid

YAML, JSON = "application/vnd.oai.openapi", "application/vnd.oai.openapi+json"
FORMATS = {
    YAML: "yaml",
    "application/yaml": "yaml",
    JSON: "json",
    "application/json": "json",
}
ETAG = Header("ETag", "Changes with the document. Sent back as `If-None-Match`, it gives a 304.")
FILE = Header("Content-Disposition", "A name for a file of it.")
DOCUMENT: JSONSchema = {"type": "object"}


def write_yaml(document: Any) -> bytes:
    """Return a document as YAML, its members in their order."""
    return yaml.dump(
        document,
        Dumper=PlainDumper,
        sort_keys=False,
        allow_unicode=True,
        encoding="utf-8",
        width=100,
    )


def write_json(document: Any) -> bytes:
    """Return a document as indented JSON."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


class PlainDumper(yaml.SafeDumper):
    """Writes what occurs twice twice; few readers of OpenAPI follow YAML's aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        """Return that there are none."""
        return True


# Sentences that know how to be said in another language are text as any.
PlainDumper.add_multi_representer(str, yaml.SafeDumper.represent_str)


class Bytes:
    """The documents of one application as they are sent, each with its tag."""

    def __init__(self, documents: Documents):
        self._documents = documents

    @cached_property
    def yaml(self) -> tuple[bytes, str]:
        """Return OpenAPI 3.1 as YAML."""
        return _tagged(write_yaml(self._documents.openapi))

    @cached_property
    def json(self) -> tuple[bytes, str]:
        """Return OpenAPI 3.1 as JSON."""
        return _tagged(write_json(self._documents.openapi))

    @cached_property
    def swagger(self) -> tuple[bytes, str]:
        """Return Swagger 2.0 as JSON."""
        return _tagged(write_json(self._documents.swagger))


def _tagged(body: bytes) -> tuple[bytes, str]:
    return body, blake2b(body, digest_size=8).hexdigest()


def _bytes(request) -> Bytes:
    registry = request.registry
    if Bytes not in registry:
        registry[Bytes] = Bytes(registry[Documents])
    return registry[Bytes]


def _send(request, sent: tuple[bytes, str], media_type: str) -> Any:
    body, tag = sent
    if tags.is_known(request, tag, strong=True):
        return tags.not_modified(request)
    response = request.response
    response.content_type = media_type
    if not media_type.endswith("json"):
        response.charset = "utf-8"
    response.body = body
    return response


@described(
    query=[
        Parameter(
            "format",
            {"type": "string", "enum": ["yaml", "json"]},
            "The format, whatever the header `Accept` says.",
        )
    ],
    answers=[
        Answer(200, "The document.", DOCUMENT, [ETAG, FILE], media_types=tuple(FORMATS)),
        Answer(304, "The client has it already.", headers=[ETAG, FILE]),
    ],
)
def schema(request) -> Any:
    """Answer the description of this API: OpenAPI 3.1, as YAML or as JSON."""
    request.response.vary = ("Accept",)
    asked = request.GET.get("format")
    if asked is None:
        media_type = best(request, tuple(FORMATS))
    elif asked in FORMATS.values():
        media_type = YAML if asked == "yaml" else JSON
    else:
        raise Invalid({"format": ["Must be yaml or json."]})
    response = _send(request, getattr(_bytes(request), FORMATS[media_type]), media_type)
    response.content_disposition = f'inline; filename="shoptrack.{FORMATS[media_type]}"'
    return response


@described(
    answers=[
        Answer(200, "The document.", DOCUMENT, [ETAG]),
        Answer(304, "The client has it already.", headers=[ETAG]),
    ],
)
def swagger(request) -> Any:
    """Answer the description of this API in the older format, Swagger 2.0."""
    return _send(request, _bytes(request).swagger, "application/json")


def includeme(config):
    """Serve both to everybody."""
    about = "The description of this API itself."
    _serve(config, "schema", "/api/schema/", about, schema, exclude=acceptable)
    _serve(config, "swagger", "/api/swagger.json", about, swagger)


def _serve(config, name: str, path: str, about: str, view: Callable, **arguments: Any) -> None:
    service = Service(name, path, description=about)
    service.add_view("GET", view, permission=NO_PERMISSION_REQUIRED, **arguments)
    config.add_service(service)
