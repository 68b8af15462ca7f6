"""One operation of the API: a method of a service, and where the code that answers it lies."""

import inspect
import re
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import cornice.service
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.urldispatch import route_re

from shoptrack.permissions import SIGNED_IN
from shoptrack.rest.description import Description, description_of

WRITES = ("POST", "PUT", "PATCH")
VERBS = {"POST": "create", "PUT": "update", "PATCH": "partial_update", "DELETE": "destroy"}


@dataclass(frozen=True)
class Operation:
    """A method of a service.

    :param pattern: the service's path, as its route has it
    :param arguments: what the view was added with, Cornice's
    :param repetition: counts the operations that would have the same id
    """

    service: cornice.service.Service
    pattern: str
    method: str
    view: Any
    arguments: dict[str, Any]
    repetition: int = 1

    @property
    def description(self) -> Description | None:
        """Return what the view says of itself, if it does."""
        of_service = getattr(self.service, "descriptions", {})
        return of_service.get(self.method) or description_of(self.view)

    @property
    def permission(self) -> Any:
        """Return the permission that it asks for, ``None`` for one that nobody holds."""
        return self.arguments.get("permission")

    @property
    def is_public(self) -> bool:
        """Tell whether it asks nobody who they are."""
        return self.permission == NO_PERMISSION_REQUIRED

    @cached_property
    def path(self) -> str:
        """Return the path without the patterns of its parameters."""
        return route_re.sub(lambda match: f"{{{_name(match[0])}}}", self.pattern)

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
        """Return the group that it belongs to: the one that it names, or the first part of its path."""
        if self.description is not None and self.description.tag:
            return self.description.tag
        return self.parts[0] if self.parts else "api"

    @property
    def reads_body(self) -> bool:
        """Tell whether it takes a body, as far as it is known."""
        described = self.description
        return self.method in WRITES if described is None else described.body is not None

    @property
    def answers_list(self) -> bool:
        """Tell whether it answers an array."""
        answers = self.description.answers if self.description is not None else ()
        return any(isinstance(getattr(answer, "document", None), list) for answer in answers)

    @property
    def operation_id(self) -> str:
        """Return its name in generated clients: the one that it was given, or its path and its verb."""
        if self.given_id:
            return self.given_id
        read = "list" if self.answers_list else "retrieve"
        parts = [*(self.parts or ["root"]), VERBS.get(self.method, read)]
        return _identifier(parts if self.repetition == 1 else [*parts, str(self.repetition)])

    @property
    def given_id(self) -> str | None:
        """Return the id that its description gives it."""
        return self.description.operation_id if self.description is not None else None

    def said(self) -> tuple[str, str]:
        """Return what it does, in short and at length."""
        text = inspect.cleandoc(self.view.__doc__ or self.service.description or "")
        # What a docstring lists at its end is for readers of the code.
        text = re.split(r"^:", text, maxsplit=1, flags=re.MULTILINE)[0].strip()
        first, *others = re.split(r"(?<=\.)\s+", text, maxsplit=1)
        if self.description is not None and self.description.summary:
            first = self.description.summary
        return " ".join(first.split()).removesuffix("."), "".join(others)

    def needs(self) -> str:
        """Return a sentence about who may do it."""
        if self.is_public:
            return ""
        if self.permission == SIGNED_IN:
            return "For everybody who is signed in."
        if self.permission is None:
            return "InvalidValue to everybody: it names no permission."
        return f"Needs the permission `{self.permission}`."

    @property
    def place(self) -> str:
        """Return where the view is written: file and line."""
        view = self.view.func if isinstance(self.view, partial) else self.view
        try:
            code = inspect.unwrap(getattr(view, "__func__", view))
            return f"{inspect.getsourcefile(code)}:{inspect.getsourcelines(code)[1]}"
        except (OSError, TypeError):
            return f"in {getattr(view, '__module__', 'a place that cannot be told')}"

    def __str__(self) -> str:
        module = getattr(self.view, "__module__", type(self.view).__module__)
        return f"{self.method} {self.path} of {module} ({self.place})"


def _name(parameter: str) -> str:
    """Return the name of a path's parameter, which may bring a pattern: ``{id:[0-9]+}``."""
    return parameter.strip("{}").partition(":")[0]


def _identifier(parts: list[str]) -> str:
    return re.sub(r"\W+", "_", "_".join(parts), flags=re.ASCII)
