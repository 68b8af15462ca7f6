"""Examples, made of the examples of fields."""

from typing import Any

from shoptrack.resources.fields import Field, Reference
from shoptrack.resources.resource import Resource
from shoptrack.resources.schema import Schema


def example_of(document: Any) -> Any:
    """Return an example of whatever stands for a document in an ``Answer``; ``None`` if it has none."""
    match document:
        case [item]:
            inner = example_of(item)
            return None if inner is None else [inner]
        case Schema():
            return {field.name: field.example for field in document.fields}
        case Resource():
            return document.example()
        case type() if issubclass(document, Resource):
            return document.example()
    return None


def body_example(schema: Schema, *, partial: bool = False) -> dict[str, Any]:
    """Return an example of a body: one member of those that may be left out, else all."""
    fields = schema.fields[:1] if partial else schema.fields
    return {field.key: _sent(field) for field in fields}


def _sent(field: Field) -> Any:
    return field.example["id"] if isinstance(field, Reference) else field.example
