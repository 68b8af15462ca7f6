"""The six verbs of a resource. Each reads: who it is about, what was sent, one call, a document."""

from functools import lru_cache
from typing import Any

from shoptrack.api import saving, tags
from shoptrack.api.body import read_body
from shoptrack.api.documents import Document, Documents, Row, written
from shoptrack.api.listing import KEPT, Form, Listing
from shoptrack.api.pages import link_header, read_page
from shoptrack.api.path_ids import missing, path_id
from shoptrack.api.query import Parameters, Query
from shoptrack.api.resource import Resource
from shoptrack.api.streams import LONG, PART, Stream, Streams
from shoptrack.api.tags import ListState


class ResourceViews:
    """The views of one resource in one application."""

    def __init__(self, resource: Resource):
        self.resource = resource
        self.parameters = Parameters(resource)
        self.state = ListState(resource)
        self.documents = Documents(resource)
        self._listing = lru_cache(KEPT)(self._new_listing)

    def read_list(self, request) -> Any:
        """Answer the documents that the parameters ask for: a page, or the whole list."""
        query = self.parameters.parse(list(request.GET.items()))
        listing = self._listing(query.form)
        version, newest = self.state.read(request.reader)
        if version is not None and tags.is_known(
            request, f"{listing.documents.shape}-{version}", strong=False
        ):
            return tags.not_modified(request)
        if query.limit is not None:
            return self._page(request, listing, query)
        if newest < PART:
            make = listing.documents.maker()
            return [make(row) for row in request.reader.execute(listing.whole, query.values)]
        return self._stream(request, listing, query, newest)

    def read(self, request) -> Any:
        """Answer one document."""
        row = self.documents.row(request.reader, path_id(request, self.resource))
        if row is None:
            raise missing(self.resource)
        if tags.is_known(request, self.documents.tag(row), strong=True):
            return tags.not_modified(request)
        return self.documents.maker()(row)

    def create(self, request) -> Document:
        """Add a row, and answer its document."""
        row = saving.create(request.db, self.documents, read_body(request), request)
        request.response.status_int = 201
        return self._written(request, row)

    def replace(self, request) -> Document:
        """Change a row; every required field must be sent."""
        return self._update(request, partial=False)

    def change(self, request) -> Document:
        """Change what is sent of a row."""
        return self._update(request, partial=True)

    def delete(self, request):
        """Delete a row that nothing refers to."""
        row = self._row(request)
        saving.delete(request.db, self.documents, row, request)
        request.response.status_int = 204
        request.response.content_type = None
        return request.response

    def _new_listing(self, form: Form) -> Listing:
        wanted = form.fields
        return Listing(Documents(self.resource, wanted) if wanted else self.documents, form)

    def _page(self, request, listing: Listing, query: Query) -> list[Document]:
        page = read_page(request.reader, listing, query)
        if page.total is not None:
            request.response.headers["Total-Count"] = str(page.total)
        if page.links:
            sent = list(request.GET.items())
            request.response.headers["Link"] = link_header(request.path_url, sent, page.links)
        return page.documents

    def _stream(self, request, listing: Listing, query: Query, newest: int) -> Any:
        make = listing.documents.maker(written)
        stream = Stream(request, listing.whole, query.values, make, newest)
        response = request.response
        response.content_type = "application/json"
        if stream.is_whole:
            response.body = b"".join(stream)
            return response
        if newest > LONG:
            stream.hold(request.registry[Streams])
        response.app_iter = stream
        return response

    def _update(self, request, *, partial: bool) -> Document:
        row, body = self._row(request), read_body(request)
        changed = saving.update(
            request.db, self.documents, row, body, partial=partial, request=request
        )
        return self._written(request, changed)

    def _written(self, request, row: Row) -> Document:
        request.response.etag = (self.documents.tag(row), True)
        return self.documents.maker()(row)

    def _row(self, request) -> Any:
        row = saving.find(request.db, self.resource, path_id(request, self.resource))
        if row is None:
            raise missing(self.resource)
        if "If-Match" in request.headers:
            known = self.documents.held(request.db.connection(), row.id)
            tags.check_match(request, self.documents.tag(known))
        return row
