"""One operation of the API: a method of a service."""

import inspect
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import cornice.service
from pyramid.interfaces import IRoutesMapper
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.urldispatch import route_re

from shoptrack.openapi.colander_schemas import describe_cornice_schema
from shoptrack.permissions import SIGNED_IN
from shoptrack.rest.description import OperationDescription, get_description
from shoptrack.rest.negotiation import MediaTypes
from shoptrack.settings import ConfigurationError

BODY_METHODS = ("POST", "PUT", "PATCH")
HIDDEN_METHODS = ("HEAD", "OPTIONS")
VERBS = {"POST": "create", "PUT": "update", "PATCH": "partial_update", "DELETE": "destroy"}


def make_path(pattern: str) -> str:
    """Return a route's pattern as a path without the patterns of its parameters."""
    return route_re.sub(lambda match: f"{{{_name(match[0])}}}", pattern)


def first_paragraph(text: str | None) -> str:
    """Return the first paragraph of a docstring in one line, "" without a docstring."""
    return " ".join((text or "").split("\n\n")[0].split())


@dataclass(frozen=True)
class Operation:
    """A method of a service.

    :param pattern: the service's path, as in its route
    :param arguments: Cornice's arguments with which the view was added
    :param duplicate_number: counts the operations that would have the same id
    """

    service: cornice.service.Service
    pattern: str
    method: str
    view: Any
    arguments: dict[str, Any]
    duplicate_number: int = 1

    @property
    def own_description(self) -> OperationDescription | None:
        """Return the description that the view has, if any."""
        of_service = getattr(self.service, "descriptions", {})
        return of_service.get(self.method) or get_description(self.view)

    @cached_property
    def description(self) -> OperationDescription:
        """Return the view's description, or the one that its method and Cornice's arguments imply.

        :raises ConfigurationError: the schema of a plain Cornice service has an unknown type
        """
        if self.own_description is not None:
            return self.own_description
        if "schema" in self.arguments:
            try:
                return describe_cornice_schema(self.arguments)
            except ConfigurationError as error:
                raise ConfigurationError(f"{self} cannot be described: {error}") from None
        has_body = self.method in BODY_METHODS and self.media_types.accepts is None
        return OperationDescription(body={"type": "object"} if has_body else None)

    @property
    def permission(self) -> Any:
        """Return the required permission; ``None`` if the view names none, and so denies every caller."""
        return self.arguments.get("permission")

    @property
    def is_public(self) -> bool:
        """Return whether no permission is required."""
        return self.permission == NO_PERMISSION_REQUIRED

    @cached_property
    def path(self) -> str:
        """Return the path as the document has it."""
        return make_path(self.pattern)

    @property
    def path_parameters(self) -> list[str]:
        """Return the names of the parameters in the path."""
        return [_name(part) for part in route_re.findall(self.pattern)]

    @property
    def parts(self) -> list[str]:
        """Return the fixed parts of the path, below ``/api/``."""
        parts = [part for part in self.path.split("/") if part and "{" not in part]
        return parts[1:] if parts[:1] == ["api"] else parts

    @property
    def tag(self) -> str:
        """Return the operation's group: the tag of its description, or the first part of its path."""
        return self.description.tag or (self.parts[0] if self.parts else "api")

    @property
    def media_types(self) -> MediaTypes:
        """Return the media types that the view declares; JSON and forms for a plain Cornice service."""
        declared: MediaTypes | None = getattr(self.service, "media_types", {}).get(self.method)
        return declared or MediaTypes()

    @property
    def declares_media_types(self) -> bool:
        """Return whether the view is one of a ``shoptrack.rest.Service``, so that it answers nothing else."""
        return self.method in getattr(self.service, "media_types", {})

    @property
    def has_body(self) -> bool:
        """Return whether requests have a body."""
        return self.description.body is not None or self.media_types.accepts is not None

    @property
    def is_list(self) -> bool:
        """Return whether a response is an array."""
        responses = self.description.responses
        return any(isinstance(getattr(one, "body", None), list) for one in responses)

    @property
    def operation_id(self) -> str:
        """Return the name in generated clients: the description's, or path and verb."""
        if self.description.operation_id:
            return self.description.operation_id
        read = "list" if self.is_list else "retrieve"
        parts = [*(self.parts or ["root"]), VERBS.get(self.method, read)]
        if self.duplicate_number > 1:
            parts.append(str(self.duplicate_number))
        return re.sub(r"\W+", "_", "_".join(parts), flags=re.ASCII)

    def get_summary_and_description(self) -> tuple[str, str]:
        """Return the summary and the description, from the view's docstring."""
        text = inspect.cleandoc(self.view.__doc__ or self.service.description or "")
        # The parameters and errors at the end of a docstring are for readers of the code.
        text = re.split(r"^:", text, maxsplit=1, flags=re.MULTILINE)[0].strip()
        first, *others = re.split(r"(?<=\.)\s+", text, maxsplit=1)
        first = self.description.summary or first
        return " ".join(first.split()).removesuffix("."), "".join(others)

    def describe_permission(self) -> str:
        """Return a text about the permission that the operation requires, "" for none."""
        if self.is_public:
            return ""
        if self.permission == SIGNED_IN:
            return "For everybody who is signed in."
        if self.permission is None:
            return "Denied to everybody: it names no permission."
        return f"Needs the permission `{self.permission}`."

    @property
    def source_location(self) -> str:
        """Return the file and the line of the view."""
        view = self.view.func if isinstance(self.view, partial) else self.view
        try:
            code = inspect.unwrap(getattr(view, "__func__", view))
            return f"{inspect.getsourcefile(code)}:{inspect.getsourcelines(code)[1]}"
        except (OSError, TypeError):
            return f"in {getattr(view, '__module__', 'a place that cannot be told')}"

    def __str__(self) -> str:
        module = getattr(self.view, "__module__", type(self.view).__module__)
        return f"{self.method} {self.path} of {module} ({self.source_location})"


def _name(parameter: str) -> str:
    """Return the name of a path parameter, which may include a pattern: ``{id:[0-9]+}``."""
    return parameter.strip("{}").partition(":")[0]


def find_operations(registry) -> Sequence[Operation]:
    """Return the operations of all services of an application, each with a unique id.

    :raises ConfigurationError: two have the same id, or the same method and path; the message names both
    """
    operations = list(_find_operations(registry))
    _check_duplicates(operations)
    return operations


def _find_operations(registry) -> Iterator[Operation]:
    routes = registry.getUtility(IRoutesMapper)
    counts: Counter[str] = Counter()
    for pattern, service in registry.cornice_services.items():
        if service.pyramid_route:
            pattern = routes.get_route(service.pyramid_route).pattern
        for method, view, arguments in service.definitions:
            if method not in HIDDEN_METHODS:
                operation = Operation(service, pattern, method, view, arguments)
                counts[operation.operation_id] += 1
                is_given = operation.description.operation_id is not None
                number = 1 if is_given else counts[operation.operation_id]
                yield replace(operation, duplicate_number=number)


def _check_duplicates(operations: Sequence[Operation]) -> None:
    for make_key in (lambda one: one.operation_id, lambda one: f"{one.method} {one.path}"):
        first: dict[str, Operation] = {}
        for operation in operations:
            key = make_key(operation)
            if (other := first.setdefault(key, operation)) is not operation:
                raise ConfigurationError(
                    f"The API's description can tell only one {key!r}, and there are two: {other} "
                    f"and {operation}. Give one another path, or another id by "
                    "@describe_view(operation_id=…)."
                )
