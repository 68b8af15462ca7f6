"""Values of documents as the history stores them."""

from functools import lru_cache
from typing import Any

from shoptrack.events import Document
from shoptrack.resources.fields import Field, InvalidValue
from shoptrack.resources.fields.values import NOT_IN_HISTORY
from shoptrack.resources.resource import Resource

MASK = "••••••"
MAX_VALUE_LENGTH = 1000  # characters of a text
SECRET_NAMES = ("password", "secret", "token")  # parts of the names of secret fields


def make_changes(resource: Resource, before: Document, after: Document) -> dict[str, list[Any]]:
    """Return each field with its value before and after; secrets are masked."""
    fields = {field.name: field for field in resource.fields}
    names = [name for name in (before or after) if name != "id"]
    return {
        name: [
            make_stored_value(fields.get(name), name, document.get(name))
            for document in (before, after)
        ]
        for name in names
    }


def make_stored_value(field: Field | None, name: str, value: Any) -> Any:
    """Return a value as JSON; for a row, its id and its label at that time."""
    if value is None:
        return None
    if _is_masked(field, name):
        return MASK
    if field:
        return field.to_history(value)
    return value[:MAX_VALUE_LENGTH] if isinstance(value, str) else value


def read_stored_value(field: Field, stored: Any) -> Any:
    """Return the body's value for a value as JSON.

    :raises InvalidValue: the history does not have the value, as of a secret
    """
    if stored is None:
        return None
    if _is_masked(field, field.name):
        raise InvalidValue(NOT_IN_HISTORY)
    return field.from_history(stored)


def _is_masked(field: Field | None, name: str) -> bool:
    return bool(field and field.is_secret) or _is_secret_name(name)


@lru_cache
def _is_secret_name(name: str) -> bool:
    return any(part in name for part in SECRET_NAMES)
