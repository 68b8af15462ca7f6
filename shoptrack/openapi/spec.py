"""Both documents of one application: the Swagger 2.0 that cornice-swagger makes, and OpenAPI 3.1 of it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

import orjson
from pyramid.interfaces import IRoutesMapper

from shoptrack.contributions import Contributions
from shoptrack.openapi.docstrings import first_paragraph
from shoptrack.openapi.operation import Operation
from shoptrack.openapi.swagger import Swagger
from shoptrack.openapi.swagger_to_openapi import NotConvertible, convert
from shoptrack.rest.description import Scheme
from shoptrack.settings import ConfigurationError

TITLE = "shop-track API"
LICENSE = "https://opensource.org/license/mit"
ABOUT = """What a household buys, where, and for how much.

Bodies are JSON or forms. Errors are JSON: field errors by name, all at once, or a sentence as `detail`.
Lists are bare arrays; they are filtered, searched, ordered and cut into pages by parameters of the address.
Decimals are text, so that no client rounds them.
"""
UNKNOWN = Scheme(
    "signIn",
    {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "No plugin is enabled that says who is asking.",
    },
)
HIDDEN = ("HEAD", "OPTIONS")


@dataclass(frozen=True)
class Documents:
    """The description of one application, made once."""

    swagger: dict[str, Any]
    openapi: dict[str, Any]

    @classmethod
    def of_application(cls, registry) -> Documents:
        """Describe every service of an application.

        :raises ConfigurationError: one cannot be described; the message tells which, and where it is written
        """
        operations = list(_operations(registry))
        _refuse_repetitions(operations)
        brought = Contributions.of(registry)
        scheme = brought.scheme or UNKNOWN
        swagger = Swagger(operations, scheme.name, scheme.refusals, may_hide=brought.may_hide)
        document = swagger.document(
            info={
                "title": TITLE,
                "version": version("shoptrack"),
                "description": ABOUT,
                "license": {"name": "MIT", "url": LICENSE},
            },
            tags=_tags(operations, brought),
            securityDefinitions={scheme.name: scheme.definition},
            consumes=["application/json"],
            produces=["application/json"],
        )
        document = orjson.loads(orjson.dumps(document))  # plain text, whatever else it can do
        return cls(document, _converted(document, operations))

    def below(self, path: str) -> Documents:
        """Return the description of the same application below a path, such as ``/shoptrack``."""
        servers = {"servers": [{"url": path}]}
        return Documents({**self.swagger, "basePath": path}, {**self.openapi, **servers})


def _operations(registry) -> Iterator[Operation]:
    """Yield the operations of all services of an application, each with an id of its own."""
    routes = registry.getUtility(IRoutesMapper)
    counts: Counter[str] = Counter()
    for pattern, service in registry.cornice_services.items():
        if service.pyramid_route:
            pattern = routes.get_route(service.pyramid_route).pattern
        for method, view, arguments in service.definitions:
            if method not in HIDDEN:
                operation = Operation(service, pattern, method, view, arguments)
                counts[operation.operation_id] += 1
                repetition = 1 if operation.given_id else counts[operation.operation_id]
                yield replace(operation, repetition=repetition)


def _refuse_repetitions(operations: Sequence[Operation]) -> None:
    """Refuse two operations of one id, and two of one method at one path.

    :raises ConfigurationError: naming both
    """
    for what in (lambda one: one.operation_id, lambda one: f"{one.method} {one.path}"):
        first: dict[str, Operation] = {}
        for operation in operations:
            if (other := first.setdefault(what(operation), operation)) is not operation:
                raise ConfigurationError(
                    f"The API's description can tell only one {what(operation)!r}, and there are "
                    f"two: {other} and {operation}. Give one another path, or another id by "
                    "@described(operation_id=…)."
                )


def _converted(document: dict[str, Any], operations: Sequence[Operation]) -> dict[str, Any]:
    """Return the document as OpenAPI 3.1.

    :raises ConfigurationError: naming the operation that OpenAPI has no words for
    """
    try:
        return convert(document)
    except NotConvertible as error:
        steps = [step.replace("~1", "/").replace("~0", "~") for step in error.pointer.split("/")]
        for one in operations:
            if steps[2:4] == [one.path, one.method.lower()]:
                raise ConfigurationError(f"{one} cannot be described: {error}") from error
        raise ConfigurationError(f"The API cannot be described: {error}") from error


def _tags(operations: Iterable[Operation], brought: Contributions) -> list[dict[str, str]]:
    """Return the groups of operations, each with a sentence that its code says of itself."""
    by_tag: dict[str, list[Operation]] = {}
    for operation in operations:
        by_tag.setdefault(operation.tag, []).append(operation)
    return [
        {"name": tag, "description": _about(tag, by_tag[tag], brought)} for tag in sorted(by_tag)
    ]


def _about(tag: str, operations: list[Operation], brought: Contributions) -> str:
    """Return what the resource says first, or all its services alike, or else the package of its views."""
    services = {one.service.description for one in operations}
    if tag in brought.resources:
        text = brought.resources[tag].__doc__
    elif len(services) == 1 and None not in services:
        text = services.pop()
    else:
        package = operations[0].view.__module__.partition(".")[0]
        text = sys.modules[package].__doc__
    return first_paragraph(text) or tag
