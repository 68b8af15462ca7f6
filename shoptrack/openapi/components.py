"""The schemas of one OpenAPI document. A name means one schema: a second one of the same name is an error.

``Category`` is in responses, ``CategoryRequest`` is a body, ``PatchedCategory`` a body of which every field may be left
out.
"""

from collections.abc import Sequence
from typing import Any

from shoptrack.openapi.operation import first_paragraph
from shoptrack.resources.fields import ID, Field, JSONSchema
from shoptrack.resources.fields.references import ROW_ID
from shoptrack.resources.resource import Resource
from shoptrack.resources.schema import Schema
from shoptrack.rest.description import Component, allow_null
from shoptrack.settings import ConfigurationError

REQUEST, PATCHED = "{}Request", "Patched{}"
NULL: JSONSchema = {"type": "null"}
ROW_ID_SCHEMA: JSONSchema = {
    "type": "object",
    "properties": {"id": ID},
    "required": ["id"],
    "description": "A row that the caller may not view.",
}


def get_component_name(model: type) -> str:
    """Return the name of a class in the document: its ``component_name``, or else its own name.

    Generated clients use this name. A class that is renamed keeps it by this attribute.
    """
    return str(model.__dict__.get("component_name", model.__name__))


class Components:
    """Schemas by name.

    :param may_hide: whether a response may have a row's id in place of its document
    """

    def __init__(self, *, may_hide: bool = False):
        self.schemas: dict[str, JSONSchema] = {"RowId": ROW_ID_SCHEMA} if may_hide else {}
        self._may_hide = may_hide

    def add(self, name: str, schema: JSONSchema) -> JSONSchema:
        """Store a schema, and return a reference to it.

        :raises ConfigurationError: another schema has the name
        """
        schema = self.resolve(schema)
        if self.schemas.setdefault(name, schema) != schema:
            raise ConfigurationError(
                f"Two different schemas are called {name!r} in the API's description. Give one of "
                "them a name of its own: a Schema by its first argument, a resource by its method "
                "component()."
            )
        return {"$ref": f"#/components/schemas/{name}"}

    def add_request_schema(self, body: Schema | JSONSchema, *, partial: bool = False) -> JSONSchema:
        """Return the schema of a body."""
        if not isinstance(body, Schema):
            return self.resolve(body)
        name = (PATCHED if partial else REQUEST).format(body.name)
        required = [] if partial else [field.key for field in body.writable if field.is_expected]
        members = {field.key: _member(field, field.get_request_schema()) for field in body.writable}
        return self.add(name, _object(members, required))

    def add_response_schema(self, body: Any) -> JSONSchema:
        """Return the schema of a ``ResponseDescription``'s body."""
        match body:
            case [item]:
                return {"type": "array", "items": self.add_response_schema(item)}
            case dict():
                return self.resolve(body)
            case Component():
                return self.add(body.name, body.schema)
            case Schema():
                members = _response_members(body.fields)
                return self.add(body.name, _object(members, list(members)))
            case Resource():
                return self._add_resource(body)
            case type() if issubclass(body, Resource):
                return self._add_resource(body)
        raise ConfigurationError(
            f"A response's body cannot be {body!r}. Use a Schema, a resource, a Component, "
            "a JSON Schema, or a list of one of these."
        )

    def resolve(self, schema: Any) -> Any:
        """Return a schema with references to its components, and without the ids of hidden rows if none are hidden."""
        if isinstance(schema, Component):
            return self.add(schema.name, schema.schema)
        if isinstance(schema, list):
            return [self.resolve(part) for part in schema]
        if not isinstance(schema, dict):
            return schema
        resolved = {key: self.resolve(part) for key, part in schema.items()}
        if self._may_hide:
            return resolved
        match resolved:
            case {"anyOf": [document, {"$ref": row_id}], **about} if row_id == ROW_ID["$ref"]:
                return document | about
            case {"anyOf": [document, {"$ref": row_id}, {"type": "null"}], **about} if (
                row_id == ROW_ID["$ref"]
            ):
                return allow_null(document) | about
        return resolved

    def _add_resource(self, resource: type[Resource] | Resource) -> JSONSchema:
        for field in resource.references():
            self._add_resource(field.resource)
        members = {"id": {**ID, "readOnly": True}} | _response_members(resource.fields)
        schema = _object(members, list(members), first_paragraph(resource.model.__doc__))
        return self.add(resource.component(), schema)


def _object(members: dict[str, JSONSchema], required: list[str], about: str = "") -> JSONSchema:
    schema: JSONSchema = {"type": "object"}
    if required:
        schema["required"] = required
    if about:
        schema["description"] = about
    return {**schema, "properties": members}


def _member(field: Field, schema: JSONSchema) -> JSONSchema:
    """Return the schema of a field in an object."""
    schema = schema if field.required else allow_null(schema)
    about = first_paragraph(field.description)
    return {**schema, "description": about} if about else schema


def _response_members(fields: Sequence[Field]) -> dict[str, JSONSchema]:
    return {field.name: _member(field, field.get_response_schema()) for field in fields}
