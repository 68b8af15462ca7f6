"""Values of documents as the history stores them."""

from collections.abc import Callable
from functools import cache, lru_cache, partial
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
    return ChangesMaker(resource).make(before, after)


class ChangesMaker:
    """Makes the changes of one resource's rows. A row that many documents nest gets its value once.

    It keeps these rows, so do not reuse it for later events.
    """

    def __init__(self, resource: Resource):
        self._fields = {field.name: field for field in resource.fields}
        self._get_maker = cache(self._choose_maker)
        self._nested: dict[int, tuple[Document, Any]] = {}  # by the identity of the document

    def make(self, before: Document, after: Document) -> dict[str, list[Any]]:
        """Return each field with its value before and after; secrets are masked."""
        changes = {}
        for name in before or after:
            if name != "id":
                make, old, new = self._get_maker(name), before.get(name), after.get(name)
                changes[name] = [
                    None if old is None else make(old),
                    None if new is None else make(new),
                ]
        return changes

    def _choose_maker(self, name: str) -> Callable[[Any], Any]:
        field = self._fields.get(name)
        if field and field.resource and not _is_masked(field, name):
            return partial(self._make_nested, field)
        return _choose_maker(field, name)

    def _make_nested(self, field: Field, document: Document) -> Any:
        known = self._nested.get(id(document))
        if known is None:
            known = self._nested[id(document)] = document, field.to_history(document)
        return known[1]


def make_stored_value(field: Field | None, name: str, value: Any) -> Any:
    """Return a value as JSON; for a row, its id and its label at that time."""
    return None if value is None else _choose_maker(field, name)(value)


def _choose_maker(field: Field | None, name: str) -> Callable[[Any], Any]:
    """Return what makes JSON of a value that is not null; for a row, its id and its label at that time."""
    if _is_masked(field, name):
        return lambda value: MASK
    return field.to_history if field else _shorten


def _shorten(value: Any) -> Any:
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
