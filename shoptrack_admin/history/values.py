"""What the history keeps of the values of documents."""

from datetime import date
from decimal import Decimal
from typing import Any

from shoptrack.events import Document
from shoptrack.resources.fields import Reference, Text
from shoptrack.resources.resource import Resource

MASK = "••••••"
LONGEST = 1000  # characters of a text
SECRET = ("password", "secret", "token")  # parts of the names of what nobody may read


def changes(resource: Resource, before: Document, after: Document) -> dict[str, list[Any]]:
    """Return each member with its value before and after; what is secret is masked."""
    fields = {field.name: field for field in resource.fields}
    names = [name for name in (before or after) if name != "id"]
    return {
        name: [_kept(fields.get(name), name, document.get(name)) for document in (before, after)]
        for name in names
    }


def _kept(field: Any, name: str, value: Any) -> Any:
    """Return a value as JSON has it; of another row its id and what it was called."""
    if value is None:
        return None
    untrimmed = isinstance(field, Text) and not field.trim
    if untrimmed or any(part in name for part in SECRET):
        return MASK
    if isinstance(field, Reference):
        return {"id": value["id"], "label": str(field.resource.label(value))}
    if isinstance(value, date | Decimal):
        return str(value)
    return value[:LONGEST] if isinstance(value, str) else value
