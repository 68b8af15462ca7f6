"""How a view describes its parameters, body and responses in the OpenAPI document.

    @describe_view(
        body=CREDENTIALS,
        responses=[ResponseDescription(200, "A pair of tokens.", TOKENS), TooManyRequests],
    )
    def sign_in(request): ...

A description does not change what a view does. The responses that every endpoint has (a bad request, no permission, a
method that is not allowed …) are added from the service's path, methods and permissions.

Schemas are JSON Schemas (2020-12), as OpenAPI 3.1 has them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from shoptrack.errors import DomainError
from shoptrack.resources.fields import Field, JSONSchema
from shoptrack.resources.schema import Schema

FILE: JSONSchema = {"type": "string", "format": "binary"}  # the schema of a file

View = TypeVar("View", bound=Callable)


@dataclass(frozen=True)
class Component:
    """A schema with a name of its own in the OpenAPI document, as in ``Session``."""

    name: str
    schema: JSONSchema


@dataclass(frozen=True)
class Header:
    """A header of a response.

    :param is_required: whether every such response has it
    """

    name: str
    description: str
    schema: JSONSchema = field(default_factory=lambda: {"type": "string"})
    is_required: bool = True


@dataclass(frozen=True)
class Parameter:
    """A parameter of a query, a path or a cookie. A field serves as one, too.

    :param explode: whether an array in a query repeats the parameter's name; by default, commas separate its values
    """

    name: str
    schema: JSONSchema
    description: str = ""
    required: bool = False
    explode: bool = False


@dataclass(frozen=True)
class ResponseDescription:
    """One response of a view.

    :param body: a ``Schema``, a resource, a ``Component`` or a JSON Schema, such as ``FILE``; a list of one of these
        for an array; ``None`` for no body, or for the file of a view that answers no JSON
    :param example: a body; by default made of the examples of the body's fields
    :param examples: several bodies by name, in place of one
    :param media_types: of the body; by default those that the view answers: JSON of a document, the others of ``FILE``
    :param if_hidden: whether only callers who may not view what they write receive it; without such callers the
        response is left out
    """

    status: int
    description: str
    body: Any = None
    headers: Sequence[Header] = ()
    example: Any = None
    examples: Mapping[str, Any] | None = None
    media_types: Sequence[str] | None = None
    if_hidden: bool = False


@dataclass(frozen=True)
class SecurityScheme:
    """How callers authenticate.

    :param definition: a security scheme of OpenAPI 3.1
    :param responses: the responses to callers who are not authenticated
    :param challenge: the header ``WWW-Authenticate`` of these responses, as in ``Bearer realm="api"``
    :param errors: further errors of requests with such credentials, at every endpoint that needs them
    """

    name: str
    definition: Mapping[str, Any]
    responses: Sequence[ResponseDescription] = ()
    challenge: str | None = None
    errors: Sequence[type[DomainError]] = ()

    @classmethod
    def of(cls, registry: Any) -> "SecurityScheme | None":
        """Return the application's, ``None`` where no plugin identifies callers."""
        return registry.get(cls)


class SecuritySchemes(dict[str, SecurityScheme]):
    """The schemes of an application's authenticators, by the authenticator's name."""

    @classmethod
    def of(cls, registry: Any) -> "SecuritySchemes":
        """Return the schemes of an application."""
        return registry.setdefault(cls, cls())


@dataclass(frozen=True)
class OperationDescription:
    """The parameters, the body and the responses of a view.

    :param summary: by default the first sentence of the view's docstring
    :param body: a ``Schema``, or a JSON Schema
    :param example: a body, if ``body`` is a JSON Schema
    :param partial: whether every field of the body may be left out
    :param path: path parameters that are not plain text
    :param responses: the view's own, and the errors that it raises
    :param operation_id: the name in generated clients; by default made of path and method
    :param tag: the operation's group; by default the first part of the path
    """

    summary: str | None = None
    body: Schema | JSONSchema | None = None
    example: Any = None
    partial: bool = False
    path: Sequence[Parameter | Field] = ()
    query: Sequence[Parameter | Field] = ()
    headers: Sequence[Parameter] = ()
    cookies: Sequence[Parameter] = ()
    responses: Sequence[ResponseDescription | type[DomainError]] = ()
    operation_id: str | None = None
    tag: str | None = None


def object_schema(**members: JSONSchema) -> JSONSchema:
    """Return the schema of an object that has all of these members."""
    return {"type": "object", "properties": members, "required": list(members)}


def allow_null(schema: JSONSchema) -> JSONSchema:
    """Return a schema that allows null, too."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    if "type" not in schema:
        about = {key: text for key, text in schema.items() if key == "description"}
        only = {key: value for key, value in schema.items() if key not in about}
        return {"anyOf": [only, {"type": "null"}], **about}
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    nullable = {**schema, "type": [*types, "null"]}
    return {**nullable, "enum": [*schema["enum"], None]} if "enum" in schema else nullable


def describe_view(**description: Any) -> Callable[[View], View]:
    """Attach an ``OperationDescription`` of these arguments to a view."""

    def attach(view: View) -> View:
        view.__description__ = OperationDescription(**description)  # type: ignore[attr-defined]
        return view

    return attach


def get_description(view: Any) -> OperationDescription | None:
    """Return the description that ``describe_view`` attached, if any."""
    return getattr(view, "__description__", None)
