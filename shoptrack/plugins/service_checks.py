"""Checks of a service when it is added: what its views declare about media types and bodies."""

import re
from collections.abc import Iterator
from typing import Any

from shoptrack.openapi.operation import BODY_METHODS, HIDDEN_METHODS, Operation
from shoptrack.rest.negotiation import MediaTypes
from shoptrack.settings import ConfigurationError

MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
# Cornice's predicates choose between views: their errors are not those of the API, and no description knows of them.
CORNICE_ARGUMENTS = {"accept": "answers", "content_type": "accepts"}
VIEW_ARGUMENTS = ("accepts", "answers", "max_body_size")


def check_service(service: Any, where: str) -> None:
    """Check what the views of a service declare.

    :param where: the file and line that adds the service
    :raises ConfigurationError: naming the view, and what to use instead
    """
    for method, view, arguments in service.definitions:
        if method not in HIDDEN_METHODS:
            operation = Operation(service, service.path or service.name, method, view, arguments)
            for problem in _find_problems(operation):
                raise ConfigurationError(f"{operation}, added at {where}: {problem}")


def _find_problems(operation: Operation) -> Iterator[str]:
    for name, instead in CORNICE_ARGUMENTS.items():
        value = operation.arguments.get(name)
        if value:
            values = value if isinstance(value, list | tuple) else [value]
            known = tuple(one for one in values if isinstance(one, str))
            yield f"Cornice's {name}={value!r} has no effect here. Use add_view(…, {instead}={known or ('…',)})."
    for name in VIEW_ARGUMENTS:
        if name in operation.arguments:
            yield f"{name} belongs to a view, not to a service. Use add_view(…, {name}=…)."
    types = operation.media_types
    for name, kinds in (("accepts", types.accepts), ("answers", types.answers)):
        yield from _find_bad_media_types(name, kinds)
    takes_body = types.accepts is not None or types.max_body_size is not None
    if takes_body and operation.method not in BODY_METHODS:
        yield f"{operation.method} takes no body. Only {', '.join(BODY_METHODS)} have accepts and max_body_size."
    yield from _find_bad_size(types)


def _find_bad_media_types(name: str, kinds: Any) -> Iterator[str]:
    if kinds is not None and not kinds:
        yield f"{name} is empty. Name at least one media type, or leave it out for JSON."
    for kind in kinds or ():
        if not isinstance(kind, str) or MEDIA_TYPE.fullmatch(kind) is None:
            yield (
                f"{name} has {kind!r}. A media type is in lower case, without parameters and wildcards, "
                "such as 'image/png'."
            )


def _find_bad_size(types: MediaTypes) -> Iterator[str]:
    size = types.max_body_size
    if size is not None and (not isinstance(size, int) or size < 1):
        yield f"max_body_size={size!r}: it is a number of bytes, 1 or more, such as 8 * 1024 * 1024."
