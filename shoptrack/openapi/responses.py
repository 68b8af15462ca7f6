"""Responses in OpenAPI 3.1. Errors that many operations share are stored once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shoptrack.errors import DomainError, NotAuthenticated
from shoptrack.openapi.components import Components, get_component_name
from shoptrack.openapi.errors import describe_error
from shoptrack.resources.resource import Resource
from shoptrack.resources.schema import Schema
from shoptrack.rest.description import FILE, Header, ResponseDescription
from shoptrack.rest.negotiation import JSON
from shoptrack.settings import ConfigurationError

REQUEST_ID = Header("X-Request-ID", "The name of the request, by which the log tells of it.")

Response = dict[str, Any]
ResponseSource = ResponseDescription | type[DomainError]


class Responses:
    """The responses of one document.

    :param denials: the responses to callers who are not authenticated
    """

    def __init__(self, components: Components, denials: Sequence[ResponseDescription]):
        self.shared: dict[str, Response] = {}
        self._components = components
        self._denials = denials

    def make_responses(self, sources: Iterable[ResponseSource]) -> dict[str, Response]:
        """Return the responses of an operation by status. A status may have several sources."""
        by_status: dict[int, list[ResponseSource]] = {}
        for source in sources:
            if source not in by_status.setdefault(source.status, []):
                by_status[source.status].append(source)
        return {str(status): self._make_response(by_status[status]) for status in sorted(by_status)}

    def _make_response(self, sources: Sequence[ResponseSource]) -> Response:
        errors = [get_component_name(source) for source in sources if isinstance(source, type)]
        if len(errors) < len(sources):
            return self._make_inline(sources)
        # The same errors have the same response in all operations.
        name = "Or".join(errors)
        if name not in self.shared:
            self.shared[name] = self._make_inline(sources)
        return {"$ref": f"#/components/responses/{name}"}

    def _make_inline(self, sources: Sequence[ResponseSource]) -> Response:
        described = [one for source in sources for one in self._describe(source)]
        response: Response = {
            "description": " Or: ".join(dict.fromkeys(one.description for one in described)),
            "headers": {header.name: _make_header(header) for header in _headers(described)},
        }
        with_body = [one for one in described if one.body is not None]
        if with_body:
            response["content"] = {
                media_type: self._make_content(
                    [one for one in with_body if media_type in (one.media_types or JSON)]
                )
                for media_type in dict.fromkeys(
                    kind for one in with_body for kind in one.media_types or JSON
                )
            }
        return response

    def _describe(self, source: ResponseSource) -> Sequence[ResponseDescription]:
        if isinstance(source, ResponseDescription):
            return [source]
        if source is NotAuthenticated and self._denials:
            return self._denials
        return [describe_error(source)]

    def _make_content(self, described: Sequence[ResponseDescription]) -> dict[str, Any]:
        """Return the schema and the examples of all bodies of one media type."""
        schemas: list[Any] = []
        for one in described:
            schema = self._components.add_response_schema(one.body)
            if schema not in schemas:
                schemas.append(schema)
        content: dict[str, Any] = {
            "schema": schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
        }
        examples = _make_examples(described)
        if len(examples) == 1:
            content["example"] = next(iter(examples.values()))
        elif examples:
            content["examples"] = {name: {"value": value} for name, value in examples.items()}
        return content


def resolve_media_types(
    sources: Sequence[ResponseSource], answers: Sequence[str] | None
) -> Iterator[ResponseSource]:
    """Yield the responses of a view with the media types of their bodies.

    What the view answers beside its documents are files, which need no body in its description.

    :param answers: the media types that the view declares, if it does
    :raises ConfigurationError: a response has a media type that the view does not declare
    """
    is_document = answers is None or JSON[0] in answers
    files = tuple(kind for kind in answers or () if kind not in JSON)
    missing = set(files)
    first = None
    for source in sources:
        if isinstance(source, ResponseDescription) and source.status < 400:
            first = first or source
            _check_declared(source, answers)
            if source.media_types is None and (source.body == FILE or not is_document):
                has_body = source.body is not None or source.status == 200
                body = source.body if source.body is not None else FILE
                source = replace(source, body=body, media_types=files) if has_body else source
            missing -= set(source.media_types or ())
        yield source
    if missing and first is not None:
        kinds = tuple(kind for kind in files if kind in missing)
        yield ResponseDescription(200, first.description, FILE, media_types=kinds)


def _check_declared(response: ResponseDescription, answers: Sequence[str] | None) -> None:
    if answers is None:
        return
    undeclared = ", ".join(kind for kind in response.media_types or () if kind not in answers)
    if undeclared:
        raise ConfigurationError(
            f"its response {response.status} is described as {undeclared}, which the view does not "
            "declare. Name all media types in add_view(…, answers=(…))."
        )
    if response.body == FILE and set(answers) <= set(JSON):
        raise ConfigurationError(
            f"its response {response.status} is described as a file, and the view answers only JSON. "
            "Name the media type in add_view(…, answers=(…))."
        )


def _headers(described: Sequence[ResponseDescription]) -> list[Header]:
    """Return the headers of all these responses. A header is required if all of them have it."""
    headers: dict[str, Header] = {REQUEST_ID.name: REQUEST_ID}
    for one in described:
        headers |= {header.name: header for header in one.headers}
    names = [{header.name for header in (REQUEST_ID, *one.headers)} for one in described]
    common = set.intersection(*names)
    return [
        header if header.name in common else replace(header, is_required=False)
        for header in headers.values()
    ]


def _make_header(header: Header) -> Mapping[str, Any]:
    required = {"required": True} if header.is_required else {}
    return {"description": header.description, **required, "schema": header.schema}


def _make_examples(described: Sequence[ResponseDescription]) -> dict[str, Any]:
    examples: dict[str, Any] = {}
    for number, one in enumerate(described, 1):
        if one.examples is not None:
            examples |= one.examples
            continue
        example = make_response_example(one.body) if one.example is None else one.example
        if example is not None:
            examples[f"example {number}"] = example
    return examples


def make_response_example(body: Any) -> Any:
    """Return an example of a response from the examples of its fields, ``None`` for a body without fields."""
    match body:
        case [item]:
            inner = make_response_example(item)
            return None if inner is None else [inner]
        case Schema():
            return {field.name: field.example for field in body.fields}
        case Resource():
            return body.example()
        case type() if issubclass(body, Resource):
            return body.example()
    return None
