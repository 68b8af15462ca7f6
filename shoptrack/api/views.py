"""The six verbs of a resource. Each reads: who it is about, what was sent, one call, a document."""

import re
from typing import Any

from shoptrack.api import saving
from shoptrack.api.body import read_body
from shoptrack.api.documents import Document, Documents
from shoptrack.api.fields import MAX_NUMBER_LENGTH, Reference, is_id
from shoptrack.api.resource import Resource
from shoptrack.contributions import Contributions
from shoptrack.errors import NotFound


class ResourceViews:
    """The views of one resource in one application."""

    def __init__(self, resource: Resource):
        self.resource = resource
        self.documents = Documents(resource)

    def read_list(self, request) -> list[Document]:
        """Answer every document, in the default order."""
        self.resource.refuse_parameters(list(request.GET))
        return self.documents.all(request.reader)

    def read(self, request) -> Document:
        """Answer one document."""
        document = self.documents.one(request.reader, self._id(request))
        if document is None:
            raise self._missing()
        return document

    def create(self, request) -> Document:
        """Add a row, and answer its document."""
        id = saving.create(request.db, self.resource, read_body(request))
        request.response.status_int = 201
        return self._written(request, id)

    def replace(self, request) -> Document:
        """Change a row; every required field must be sent."""
        return self._update(request, partial=False)

    def change(self, request) -> Document:
        """Change what is sent of a row."""
        return self._update(request, partial=True)

    def delete(self, request):
        """Delete a row that nothing refers to."""
        row = self._row(request)
        saving.delete(request.db, self.resource, row, self._users(request))
        request.response.status_int = 204
        request.response.content_type = None
        return request.response

    def _update(self, request, *, partial: bool) -> Document:
        row = self._row(request)
        saving.update(request.db, self.resource, row, read_body(request), partial=partial)
        return self._written(request, row.id)

    def _written(self, request, id: int) -> Document:
        document = self.documents.one(request.db.connection(), id)
        assert document is not None, "the transaction sees what it wrote"
        return document

    def _row(self, request) -> Any:
        row = saving.find(request.db, self.resource, self._id(request))
        if row is None:
            raise self._missing()
        return row

    def _id(self, request) -> int:
        text = request.matchdict["id"]
        if not re.fullmatch(r"-?[0-9]+", text):
            raise NotFound
        if len(text) > MAX_NUMBER_LENGTH or not is_id(number := int(text)):
            raise self._missing()
        return number

    def _missing(self) -> NotFound:
        return NotFound(f"No {self.resource.model.__name__} matches the given query.")

    def _users(self, request) -> list[tuple[str, Reference, Any]]:
        """Return the fields of this application's resources that refer to this one."""
        return [
            (other.path, field, other.model)
            for other in Contributions.of(request.registry).resources.values()
            for field in other.references()
            if field.resource.model is self.resource.model
        ]
