"""How a view says what it takes and what it answers, for the API's description.

    @described(
        body=CREDENTIALS,
        answers=[Answer(200, "A pair of tokens.", TOKENS), TooManyRequests],
    )
    def sign_in(request): ...

Nothing of it changes what a view does. What every endpoint answers alike (a bad address, no sign-in, a method that is
not taken …) is added by itself, from the service's path, methods and permissions.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from shoptrack.errors import DomainError
from shoptrack.resources.fields import Field, JSONSchema
from shoptrack.resources.schema import Schema

JSON = ("application/json",)

View = TypeVar("View", bound=Callable)


@dataclass(frozen=True)
class Header:
    """A header of an answer.

    :param always: whether every such answer has it
    """

    name: str
    description: str
    schema: JSONSchema = field(default_factory=lambda: {"type": "string"})
    always: bool = True


@dataclass(frozen=True)
class Parameter:
    """A parameter of the address; a field serves as one, too.

    :param schema: what can be sent, in the words of Swagger 2.0
    """

    name: str
    schema: JSONSchema
    description: str = ""
    required: bool = False


@dataclass(frozen=True)
class Answer:
    """One way in which a view answers.

    :param document: what the body is: a ``Schema``, a resource, a colander schema, a schema in the words of Swagger
        2.0, a list with one of these for an array, or ``None`` for no body
    :param example: a body; without one, it is made of the examples of the document's fields
    :param examples: several bodies by name, in place of one
    :param if_hidden: whether it is for callers who may not view what they write; without such callers it is left out
    """

    status: int
    description: str
    document: Any = None
    headers: Sequence[Header] = ()
    example: Any = None
    examples: Mapping[str, Any] | None = None
    media_types: Sequence[str] = JSON
    if_hidden: bool = False


@dataclass(frozen=True)
class Scheme:
    """How callers prove who they are.

    :param definition: a security definition of Swagger 2.0
    :param refusals: how callers are answered who prove nothing
    """

    name: str
    definition: Mapping[str, Any]
    refusals: Sequence[Answer] = ()


@dataclass(frozen=True)
class Description:
    """What a view says of itself.

    :param summary: what it does, in a few words; by default the first sentence of its docstring
    :param body: what it reads
    :param partial: whether every member of the body may be left out
    :param path: the parameters in the path that are no plain text
    :param query: the parameters behind the path
    :param cookies: the parameters that come as cookies
    :param answers: its own, and the errors that it raises
    :param operation_id: its name in generated clients, which is otherwise made of path and method
    :param tag: the group that it belongs to, which is otherwise the first part of the path
    """

    summary: str | None = None
    body: Schema | None = None
    partial: bool = False
    path: Sequence[Parameter | Field] = ()
    query: Sequence[Parameter | Field] = ()
    cookies: Sequence[Parameter] = ()
    answers: Sequence[Answer | type[DomainError]] = ()
    operation_id: str | None = None
    tag: str | None = None


def object_schema(**members: JSONSchema) -> JSONSchema:
    """Return the schema of an object that has all of these members."""
    return {"type": "object", "properties": members, "required": list(members)}


def described(**description: Any) -> Callable[[View], View]:
    """Attach a ``Description`` of these arguments to a view."""

    def attach(view: View) -> View:
        view.__description__ = Description(**description)  # type: ignore[attr-defined]
        return view

    return attach


def description_of(view: Any) -> Description | None:
    """Return what a view says of itself, if it does."""
    return getattr(view, "__description__", None)
