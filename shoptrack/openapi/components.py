"""The named schemas of one document. A name means one thing: two that differ are refused."""

from collections.abc import Sequence
from typing import Any

import colander

from shoptrack.openapi.docstrings import first_paragraph
from shoptrack.resources.fields import ID, Field, JSONSchema
from shoptrack.resources.fields.references import OR_ID, ROW_ID
from shoptrack.resources.resource import Resource
from shoptrack.resources.schema import Schema
from shoptrack.settings import ConfigurationError

REQUEST, PATCHED = "{}Request", "Patched{}"
ROW_ID_SCHEMA: JSONSchema = {
    "type": "object",
    "properties": {"id": ID},
    "required": ["id"],
    "description": "A row that the caller may not view.",
}
OUTSIDE = ("description", "x-nullable")  # what is said of a member, whichever form it has


def get_component_name(model: type) -> str:
    """Return how the document calls a class: by its ``component_name``, or else by its own name.

    Generated clients know the name. A class that is renamed keeps it by this attribute.
    """
    return str(model.__dict__.get("component_name", model.__name__))


class Components:
    """Schemas by name, in the words of Swagger 2.0. What is answered and what is sent are apart.

    ``Category`` is answered, ``CategoryRequest`` is sent, ``PatchedCategory`` is sent where any member may be left out.

    :param may_hide: whether a row may be answered as its id
    """

    def __init__(self, convert, *, may_hide: bool = False):
        self.schemas: dict[str, JSONSchema] = {"RowId": ROW_ID_SCHEMA} if may_hide else {}
        self._may_hide = may_hide
        self._convert = convert  # a colander node into a schema

    def add(self, name: str, schema: JSONSchema) -> JSONSchema:
        """Keep a schema, and return a reference to it.

        :raises ConfigurationError: the name is another's
        """
        schema = self._resolve(schema)
        if self.schemas.setdefault(name, schema) != schema:
            raise ConfigurationError(
                f"Two different schemas are called {name!r} in the API's description. Give one of "
                "them a name of its own: a Schema by its first argument, a resource by its method "
                "component()."
            )
        return {"$ref": f"#/definitions/{name}"}

    def sent(self, schema: Schema, *, partial: bool = False) -> JSONSchema:
        """Return the schema of a body."""
        name = (PATCHED if partial else REQUEST).format(schema.name)
        required = [] if partial else [field.key for field in schema.fields if field.required]
        members = {field.key: _member(field, field.takes()) for field in schema.fields}
        return self.add(name, _object(members, required))

    def answered(self, document: Any) -> JSONSchema:
        """Return the schema of whatever stands for a document in an ``Answer``."""
        match document:
            case [item]:
                return {"type": "array", "items": self.answered(item)}
            case dict():
                return self._resolve(document)
            case Schema():
                return self._fields(document.name, document.fields)
            case Resource():
                return self._resource(document)
            case type() if issubclass(document, Resource):
                return self._resource(document)
            case type() if issubclass(document, colander.SchemaNode):
                return self.add(
                    get_component_name(document),
                    _about(self._convert(document()), document.__doc__),
                )
            case colander.SchemaNode():
                return self._convert(document)
        raise ConfigurationError(f"An answer's document cannot be {document!r}.")

    def _resource(self, resource: type[Resource] | Resource) -> JSONSchema:
        for field in resource.references():
            self._resource(field.resource)
        members = {"id": {**ID, "readOnly": True}} | _answers(resource.fields)
        schema = _object(members, list(members))
        return self.add(resource.component(), _about(schema, resource.model.__doc__))

    def _resolve(self, schema: Any) -> Any:
        """Return a schema in which the marks of ``or_id`` have become what they mean."""
        if isinstance(schema, list):
            return [self._resolve(part) for part in schema]
        if not isinstance(schema, dict):
            return schema
        resolved = {key: self._resolve(part) for key, part in schema.items() if key != OR_ID}
        if OR_ID not in schema or not self._may_hide:
            return resolved
        outside = {key: resolved.pop(key) for key in OUTSIDE if key in resolved}
        return {"x-anyOf": [resolved, ROW_ID], **outside}

    def _fields(self, name: str, fields: Sequence[Field]) -> JSONSchema:
        members = _answers(fields)
        return self.add(name, _object(members, list(members)))


def _object(members: dict[str, JSONSchema], required: list[str]) -> JSONSchema:
    schema: JSONSchema = {"type": "object", "properties": members}
    return {**schema, "required": required} if required else schema


def _about(schema: JSONSchema, text: str | None) -> JSONSchema:
    """Return a schema with what is said about it, if something is."""
    said = first_paragraph(text)
    return {**schema, "description": said} if said else schema


def _member(field: Field, schema: JSONSchema) -> JSONSchema:
    """Return the schema of a field's member."""
    schema = _about(schema, field.description)
    return schema if field.required else {**schema, "x-nullable": True}


def _answers(fields: Sequence[Field]) -> dict[str, JSONSchema]:
    return {field.name: _member(field, field.answers()) for field in fields}
