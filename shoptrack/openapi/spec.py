"""Both documents of one application: OpenAPI 3.1, and Swagger 2.0."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

import orjson

from shoptrack.errors import NotAuthenticated
from shoptrack.openapi.components import Components
from shoptrack.openapi.errors import describe_error
from shoptrack.openapi.operation import Operation, find_operations, first_paragraph
from shoptrack.openapi.paths import OperationBuilder
from shoptrack.openapi.responses import Responses
from shoptrack.openapi.swagger import make_swagger
from shoptrack.permissions import Permissions
from shoptrack.resources.resource import ServedResources
from shoptrack.rest.description import ResponseDescription, SecurityScheme, SecuritySchemes
from shoptrack.settings import ConfigurationError

OPENAPI_VERSION = "3.1.1"
TITLE = "shop-track API"
LICENSE = "https://opensource.org/license/mit"
API_DESCRIPTION = """What a household buys, where, and for how much.

Bodies are JSON or forms. Errors are JSON: field errors by name, all at once, or a sentence as `detail`.
Lists are bare arrays; they are filtered, searched, ordered and cut into pages by parameters of the address.
Decimals are text, so that no client rounds them.
"""
NO_SCHEME = SecurityScheme(
    "signIn",
    {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "No plugin for authentication is enabled.",
    },
)


@dataclass(frozen=True)
class ApiSpec:
    """The OpenAPI documents of one application.

    That of OpenAPI 3.1 is kept as JSON: as a dictionary it would take megabytes of every process.

    :param path: where the application is, such as ``/shoptrack``
    """

    openapi_json: bytes
    path: str = ""

    @property
    def swagger(self) -> dict[str, Any]:
        """Return the document of Swagger 2.0, made anew by each call: few ask for it."""
        document = make_swagger(orjson.loads(self.openapi_json))
        return {**document, "basePath": self.path} if self.path else document

    @property
    def openapi(self) -> dict[str, Any]:
        """Return the document of OpenAPI 3.1."""
        servers = {"servers": [{"url": self.path}]} if self.path else {}
        return {**orjson.loads(self.openapi_json), **servers}

    @classmethod
    def from_registry(cls, registry) -> ApiSpec:
        """Describe every service of an application.

        :raises ConfigurationError: an operation cannot be described; the message names it, with file and line
        """
        return cls(orjson.dumps(_make_openapi(find_operations(registry), registry)))

    def below(self, path: str) -> ApiSpec:
        """Return the documents of the same application below a path, such as ``/shoptrack``."""
        return replace(self, path=path)


def _get_denials(schemes: Sequence[SecurityScheme]) -> list[ResponseDescription]:
    """Return the schemes' responses to callers who are not authenticated; by default the common 401."""
    plain = describe_error(NotAuthenticated)
    if not any(scheme.challenge for scheme in schemes):
        plain = replace(plain, headers=())
    return [one for scheme in schemes for one in scheme.responses] or [plain]


def _get_schemes(registry: Any) -> list[SecurityScheme]:
    """Return the schemes by which callers may authenticate, that of the plugin that identifies them first."""
    further = SecuritySchemes.of(registry)
    names = [one.name for one in Permissions.of(registry).get_authenticators()]
    return [
        SecurityScheme.of(registry) or NO_SCHEME,
        *(further[name] for name in names if name in further),
    ]


def _make_openapi(operations: Sequence[Operation], registry: Any) -> dict[str, Any]:
    schemes, permissions = _get_schemes(registry), Permissions.of(registry)
    components = Components(may_hide=permissions.may_hide)
    responses = Responses(components, _get_denials(schemes))
    builder = OperationBuilder(
        components,
        responses,
        schemes,
        may_hide=permissions.may_hide,
        with_authenticators=bool(permissions.get_authenticators()),
    )
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        try:
            made = builder.make_operation(operation)
        except Exception as error:
            raise ConfigurationError(f"{operation} cannot be described: {error}") from error
        paths.setdefault(operation.path, {})[operation.method.lower()] = made
    document: dict[str, Any] = {
        "openapi": OPENAPI_VERSION,
        "info": {
            "title": TITLE,
            "version": version("shoptrack"),
            "description": API_DESCRIPTION,
            "license": {"name": "MIT", "url": LICENSE},
        },
        "tags": _make_tags(operations, registry),
        "paths": paths,
        "components": {
            "schemas": components.schemas,
            "responses": responses.shared,
            "securitySchemes": {scheme.name: scheme.definition for scheme in schemes},
        },
    }
    seen: set[str] = set()
    for operation in operations:
        made = paths[operation.path][operation.method.lower()]
        _check_references(operation, made, document["components"], seen)
    return document


def _check_references(
    operation: Operation, part: Any, components: dict[str, dict], seen: set[str]
) -> None:
    """Check that every referenced component exists, in operations and in components.

    :raises ConfigurationError: naming the operation
    """
    for reference in _find_references(part):
        if reference in seen:
            continue
        seen.add(reference)
        section, _, name = reference.removeprefix("#/components/").partition("/")
        component = components.get(section, {}).get(name)
        if component is None:
            raise ConfigurationError(
                f"{operation} cannot be described: {reference!r} leads to nothing. A reference to a "
                "schema is '#/components/schemas/…', with the name of a component."
            )
        _check_references(operation, component, components, seen)


def _find_references(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for item in part:
            yield from _find_references(item)
    elif isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for item in part.values():
            yield from _find_references(item)


def _make_tags(operations: Iterable[Operation], registry: Any) -> list[dict[str, str]]:
    """Return the groups of operations, each with a sentence from a docstring."""
    by_tag: dict[str, list[Operation]] = {}
    for operation in operations:
        by_tag.setdefault(operation.tag, []).append(operation)
    return [
        {"name": tag, "description": _describe_tag(tag, by_tag[tag], registry)}
        for tag in sorted(by_tag)
    ]


def _describe_tag(tag: str, operations: list[Operation], registry: Any) -> str:
    """Return the first sentence of the resource, of all the group's services, or else of its views' package."""
    services = {one.service.description for one in operations}
    if tag in ServedResources.of(registry):
        text = ServedResources.of(registry)[tag].__doc__
    elif len(services) == 1 and None not in services:
        text = services.pop()
    else:
        package = operations[0].view.__module__.partition(".")[0]
        text = sys.modules[package].__doc__
    return first_paragraph(text) or tag
