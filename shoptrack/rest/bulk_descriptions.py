"""OpenAPI descriptions of the operations on many rows of a resource at once."""

from shoptrack.errors import InUse, ItemErrors, ItemsInUse
from shoptrack.resources.bulk import MAX_ITEMS
from shoptrack.resources.changes import ConcurrentUpdate
from shoptrack.resources.fields import ID, Field, JSONSchema
from shoptrack.resources.repository import Repository
from shoptrack.rest import idempotency, row_warnings
from shoptrack.rest.description import (
    OperationDescription,
    ResponseDescription,
    allow_null,
    object_schema,
)


def describe_bulk_views(repository: Repository) -> dict[str, OperationDescription]:
    """Return the descriptions of the views, by their names."""
    resource = repository.resource
    many = resource.path.replace("-", " ")
    request = {"$ref": f"#/components/schemas/{resource.component()}Request"}
    shared = {
        "type": "object",
        "required": ["items"],
        "properties": {"items": _list_of({"type": "object"})},
        "description": "The values of its other members are those of all items that lack them.",
    }
    members = {field.key: _member(field) for field in resource.schema.writable}
    changed = {"type": "object", "required": ["id"], "properties": {"id": ID, **members}}
    example = {field.key: field.get_request_example() for field in resource.schema.writable}
    errors = [ItemErrors, ConcurrentUpdate, *resource.errors]
    return {
        "create": OperationDescription(
            summary=f"Add several {many}",
            body={"anyOf": [_list_of(request), shared]},
            example=[example],
            query=[row_warnings.PARAMETER],
            headers=[idempotency.PARAMETER, row_warnings.LANGUAGE],
            responses=[
                ResponseDescription(201, f"The {many}, in the order of the items.", [resource]),
                row_warnings.describe_response(201, resource),
                *idempotency.ERRORS,
                *errors,
            ],
        ),
        "change": OperationDescription(
            summary=f"Change several {many}",
            body=_list_of(changed),
            example=[{"id": 7, **example}],
            query=[row_warnings.PARAMETER],
            headers=[idempotency.PARAMETER, row_warnings.LANGUAGE],
            responses=[
                ResponseDescription(200, f"The {many}, in the order of the items.", [resource]),
                row_warnings.describe_response(200, resource),
                *idempotency.ERRORS,
                *errors,
            ],
        ),
        "delete": OperationDescription(
            summary=f"Delete several {many}",
            body=object_schema(ids=_list_of(ID)),
            example={"ids": [3, 7]},
            responses=[ResponseDescription(204, "They are deleted."), InUse, ItemsInUse, *errors],
        ),
    }


def _member(field: Field) -> JSONSchema:
    """Return the schema of a field's values in bodies."""
    schema = field.get_request_schema()
    return schema if field.required else allow_null(schema)


def _list_of(items: JSONSchema) -> JSONSchema:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": MAX_ITEMS}
