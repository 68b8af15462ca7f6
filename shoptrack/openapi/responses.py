"""Answers become responses of Swagger 2.0; errors that many operations share are kept once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shoptrack.errors import DomainError, NotAuthenticated
from shoptrack.openapi import errors
from shoptrack.openapi.components import Components, get_component_name
from shoptrack.openapi.examples import example_of
from shoptrack.resources.fields import JSONSchema
from shoptrack.rest.description import JSON, Answer, Header

REQUEST_ID = Header("X-Request-ID", "The name of the request, by which the log tells of it.")

Response = dict[str, Any]
Stated = Answer | type[DomainError]


class Responses:
    """The responses of one document.

    :param refusals: how those who are not signed in are answered
    """

    def __init__(self, components: Components, refusals: Sequence[Answer]):
        self.shared: dict[str, Response] = {}
        self._components = components
        self._refusals = refusals

    def of(self, answers: Iterable[Stated]) -> dict[str, Response]:
        """Return the responses of an operation, by status; one status may have several answers."""
        by_status: dict[int, list[Stated]] = {}
        for answer in answers:
            status = answer.status
            if answer not in by_status.setdefault(status, []):
                by_status[status].append(answer)
        return {str(status): self._response(by_status[status]) for status in sorted(by_status)}

    def _response(self, stated: Sequence[Stated]) -> Response:
        errors_only = [answer for answer in stated if isinstance(answer, type)]
        if len(errors_only) == len(stated):
            # The same errors have the same response wherever they can happen.
            name = "Or".join(get_component_name(error) for error in errors_only)
            if name not in self.shared:
                self.shared[name] = self._inline(self._answers(stated))
            return {"$ref": f"#/responses/{name}"}
        return self._inline(self._answers(stated))

    def _answers(self, stated: Sequence[Stated]) -> list[Answer]:
        answers: list[Answer] = []
        for one in stated:
            if isinstance(one, Answer):
                answers.append(one)
            elif one is NotAuthenticated and self._refusals:
                answers += self._refusals
            else:
                answers.append(errors.answer(one))
        return answers

    def _inline(self, answers: Sequence[Answer]) -> Response:
        first = answers[0].media_types
        body = self._body([answer for answer in answers if answer.media_types == first])
        response: Response = {
            "description": " Or: ".join(answer.description for answer in answers),
            "headers": {header.name: _header(header) for header in _headers(answers)},
            **body,
        }
        if body and first != JSON:
            response["x-produces"] = list(first)
        # What else is answered under the same status, as a file beside a document.
        if others := [answer for answer in answers if answer.media_types != first]:
            response["x-content"] = {
                kind: self._body([answer]) for answer in others for kind in answer.media_types
            }
        return response

    def _body(self, answers: Sequence[Answer]) -> Response:
        """Return what a response says of the body that is one of these answers'."""
        schemas = [self._schema(answer) for answer in answers if answer.document is not None]
        if not schemas:
            return {}
        different = [one for n, one in enumerate(schemas) if one not in schemas[:n]]
        body: Response = {"schema": different[0] if len(different) == 1 else {"x-anyOf": different}}
        examples = _examples(answers)
        if len(examples) == 1:
            body["examples"] = {answers[0].media_types[0]: next(iter(examples.values()))}
        elif examples:
            body["x-examples"] = {name: {"value": value} for name, value in examples.items()}
        return body

    def _schema(self, answer: Answer) -> JSONSchema:
        document = answer.document
        if isinstance(document, type) and issubclass(document, DomainError):
            return self._components.add(*errors.schema(document, answer.example))
        return self._components.answered(document)


def _headers(answers: Sequence[Answer]) -> list[Header]:
    """Return the headers of all answers; one that some answers lack is not always there."""
    headers: dict[str, Header] = {REQUEST_ID.name: REQUEST_ID}
    for answer in answers:
        headers |= {header.name: header for header in answer.headers}
    names = [{header.name for header in (REQUEST_ID, *answer.headers)} for answer in answers]
    common = set.intersection(*names)
    return [
        header
        if header.name in common
        else Header(header.name, header.description, header.schema, always=False)
        for header in headers.values()
    ]


def _header(header: Header) -> Mapping[str, Any]:
    always = {"x-required": True} if header.always else {}
    return {"description": header.description, **header.schema, **always}


def _examples(answers: Sequence[Answer]) -> dict[str, Any]:
    examples: dict[str, Any] = {}
    for number, answer in enumerate(answers, 1):
        if answer.examples is not None:
            examples |= answer.examples
        elif answer.document is not None:
            document = answer.document
            name = (
                get_component_name(document) if isinstance(document, type) else f"answer {number}"
            )
            example = answer.example if answer.example is not None else example_of(document)
            if example is not None:
                examples[name] = example
    return examples
