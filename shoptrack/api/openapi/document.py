"""Both documents of one application: the Swagger 2.0 that cornice-swagger makes, and OpenAPI 3.1 of it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from shoptrack.api.description import Scheme
from shoptrack.api.openapi.operation import Operation
from shoptrack.api.openapi.swagger import Swagger
from shoptrack.contributions import Contributions
from shoptrack.settings import ConfigurationError
from shoptrack.swagger_to_openapi import convert

TITLE = "shop-track API"
ABOUT = """What a household buys, where, and for how much.

Sign in at `POST /api/auth/token/`, and send the access token as `Authorization: Bearer …`. Bodies are JSON or forms.
Errors are JSON: field errors by name, all at once, or a sentence as `detail`. Lists are bare arrays; they are filtered,
searched, ordered and cut into pages by parameters of the address. Decimals are text, so that no client rounds them.
"""
UNKNOWN = Scheme(
    "signIn",
    {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "No plugin is switched on that says who is asking.",
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
        operations = list(_operations(registry.cornice_services.values()))
        _refuse_repeated_ids(operations)
        brought = Contributions.of(registry)
        scheme = brought.scheme or UNKNOWN
        document = Swagger(operations, scheme.name, scheme.refusals).document(
            TITLE,
            version("shoptrack"),
            info={"description": ABOUT, "license": {"name": "MIT"}},
            tags=_tags(operations, brought),
            securityDefinitions={scheme.name: scheme.definition},
            consumes=["application/json"],
            produces=["application/json"],
        )
        return cls(document, convert(document))


def _operations(services: Iterable[Any]) -> Iterable[Operation]:
    for service in services:
        for method, view, arguments in service.definitions:
            if method not in HIDDEN:
                yield Operation(service, method, view, arguments)


def _refuse_repeated_ids(operations: Iterable[Operation]) -> None:
    counts = Counter(operation.operation_id for operation in operations)
    for operation_id, count in counts.items():
        if count > 1:
            those = [str(one) for one in operations if one.operation_id == operation_id]
            raise ConfigurationError(
                f"In the API's description, {' and '.join(those)} are both called "
                f"{operation_id!r}. Name one by @described(operation_id=…)."
            )


def _tags(operations: Iterable[Operation], brought: Contributions) -> list[dict[str, str]]:
    """Return the groups of operations, each with a sentence that its code says of itself."""
    by_tag: dict[str, list[Operation]] = {}
    for operation in operations:
        by_tag.setdefault(operation.tag, []).append(operation)
    return [
        {"name": tag, "description": _about(tag, by_tag[tag], brought)} for tag in sorted(by_tag)
    ]


def _about(tag: str, operations: list[Operation], brought: Contributions) -> str:
    """Return what a resource, the only service, or else the package of its views says first."""
    if tag in brought.resources:
        text = brought.resources[tag].__doc__
    elif len({one.service.path for one in operations}) == 1 and operations[0].service.description:
        text = operations[0].service.description
    else:
        package = operations[0].view.__module__.partition(".")[0]
        text = sys.modules[package].__doc__
    return " ".join((text or tag).split("\n\n")[0].split())
