"""The three operations on many rows at once: adding, changing and deleting, all of them or none."""

from typing import Any

from shoptrack.errors import ValidationError
from shoptrack.resources.bulk import MAX_ITEMS
from shoptrack.resources.repository import Repository
from shoptrack.resources.serializers import StoredRow
from shoptrack.rest import row_warnings
from shoptrack.rest.body import read_document

MAX_VALUES = 100_000  # JSON values of a body


class BulkViews:
    """The views of one resource in one application."""

    def __init__(self, repository: Repository):
        self.repository = repository

    def create(self, request) -> Any:
        """Add up to 1,000 rows: all of them, or none."""
        with_warnings = row_warnings.is_asked_for(request)
        body = read_document(request, MAX_VALUES)
        shared: dict[str, Any] = {}
        if isinstance(body, dict):
            shared = {key: value for key, value in body.items() if key != "items"}
            body = body.get("items")
        items = _check_list(body, "items")
        bodies = [shared | item if isinstance(item, dict) else item for item in items]
        rows = self.repository.create_many(request.db, bodies)
        request.response.status_int = 201
        return self._respond_with_rows(request, rows, with_warnings=with_warnings)

    def change(self, request) -> Any:
        """Change up to 1,000 rows: all of them, or none. Each item has the row's ID and the values to change."""
        with_warnings = row_warnings.is_asked_for(request)
        items = _check_list(read_document(request, MAX_VALUES), "items")
        rows = self.repository.update_many(request.db, items)
        return self._respond_with_rows(request, rows, with_warnings=with_warnings)

    def delete(self, request) -> Any:
        """Delete up to 1,000 rows that nothing refers to: all of them, or none."""
        body = read_document(request, MAX_VALUES)
        ids = _check_list(body.get("ids") if isinstance(body, dict) else None, "ids")
        self.repository.delete_many(request.db, ids)
        request.response.status_int = 204
        request.response.content_type = None
        return request.response

    def _respond_with_rows(self, request, rows: list[StoredRow], *, with_warnings: bool) -> Any:
        hidden = self.repository.get_hidden(request.identity)
        documents = self.repository.make_documents(rows, hidden)
        if not with_warnings:
            return documents
        found = self.repository.find_warnings(request.db, rows, request.has_permission)
        return {"rows": documents, "warnings": row_warnings.make_documents(request, found)}


def _check_list(items: Any, name: str) -> list[Any]:
    """Return the items of a body.

    :raises ValidationError: they are no list, or none or too many
    """
    if not isinstance(items, list):
        raise ValidationError({name: ["Expected a list of items."]})
    if not items:
        raise ValidationError({name: ["This list may not be empty."]})
    if len(items) > MAX_ITEMS:
        raise ValidationError({name: [f"Send at most {MAX_ITEMS} items."]})
    return items
