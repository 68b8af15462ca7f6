"""The six verbs of a resource. Each reads: who it is about, what was sent, one call, a document."""

from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Any

import orjson
from sqlalchemy import Connection, Select

from shoptrack.resources import saving
from shoptrack.resources.list_query import Parameters, Query
from shoptrack.resources.list_statements import KEPT, Form, Listing
from shoptrack.resources.pagination import link_header, read_page
from shoptrack.resources.resource import Resource
from shoptrack.resources.serializers import Document, Documents, Make, Row, written
from shoptrack.resources.visibility import Hidden, HiddenRow, check_parameters, find_hidden
from shoptrack.rest import etags
from shoptrack.rest.body import read_body
from shoptrack.rest.etags import ListState
from shoptrack.rest.path_ids import missing, path_id
from shoptrack.rest.streams import CHUNK_ROWS, stream

STREAM_THRESHOLD_ROWS = 20_000  # what is less fits into the server's buffer


class ResourceViews:
    """The views of one resource in one application."""

    def __init__(self, resource: Resource):
        self.resource = resource
        self.parameters = Parameters(resource)
        self._state = lru_cache(KEPT)(partial(ListState, resource))
        self.documents = Documents(resource)
        self._listing = lru_cache(KEPT)(self._new_listing)

    def read_list(self, request) -> Any:
        """Answer the documents that the parameters ask for: a page, or the whole list."""
        hidden = find_hidden(request, self.resource)
        query = self.parameters.parse(list(request.GET.items()), hidden)
        listing = self._listing(query.form)
        documents = listing.documents.hiding(hidden)
        version, newest = self._state(hidden).read(request.reader)
        if version is not None and etags.is_known(
            request, f"{documents.shape}-{version}", strong=False
        ):
            return etags.not_modified(request)
        if query.limit is not None:
            return self._page(request, listing, query, hidden)
        if newest < CHUNK_ROWS:
            make = documents.maker()
            return [make(row) for row in request.reader.execute(listing.whole, query.values)]
        return self._stream(request, listing.whole, query, documents.maker(written), newest)

    def read(self, request) -> Any:
        """Answer one document."""
        row = self.documents.row(request.reader, path_id(request, self.resource))
        if row is None:
            raise missing(self.resource)
        documents = self._documents(request)
        if etags.is_known(request, documents.tag(row), strong=True):
            return etags.not_modified(request)
        return documents.maker()(row)

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

    def _documents(self, request) -> Documents:
        return self.documents.hiding(find_hidden(request, self.resource))

    def _new_listing(self, form: Form) -> Listing:
        wanted = form.fields
        return Listing(Documents(self.resource, wanted) if wanted else self.documents, form)

    def _page(self, request, listing: Listing, query: Query, hidden: Hidden) -> list[Document]:
        page = read_page(request.reader, listing, query, hidden)
        if page.total is not None:
            request.response.headers["Total-Count"] = str(page.total)
        if page.links:
            sent = list(request.GET.items())
            request.response.headers["Link"] = link_header(request.path_url, sent, page.links)
        return page.documents

    def _stream(self, request, statement: Select, query: Query, make: Make, newest: int) -> Any:
        def chunks(connection: Connection) -> Iterator[bytes]:
            rows = connection.execute(statement, query.values)
            before = b"["
            for part in rows.partitions(CHUNK_ROWS):
                # Without its brackets a part can be joined to the next.
                yield before + orjson.dumps([make(row) for row in part])[1:-1]
                before = b","
            yield b"[]" if before == b"[" else b"]"

        # The highest id: the list is no longer than that.
        is_short = newest <= STREAM_THRESHOLD_ROWS
        return stream(request, chunks, content_type="application/json", is_short=is_short)

    def _update(self, request, *, partial: bool) -> Document:
        row, body = self._row(request), read_body(request)
        changed = saving.update(
            request.db, self.documents, row, body, partial=partial, request=request
        )
        return self._written(request, changed)

    def _written(self, request, row: Row) -> Document:
        documents = self._documents(request)
        document = documents.maker()(row)
        if not isinstance(document, HiddenRow):
            request.response.etag = (documents.tag(row), True)
        return document

    def _row(self, request) -> Any:
        row = saving.find(request.db, self.resource, path_id(request, self.resource))
        if row is None:
            raise missing(self.resource)
        if "If-Match" in request.headers:
            documents = self._documents(request)
            # Whether a row is still the same is a condition on all that it says.
            own = frozenset({self.resource.permission("view")})
            check_parameters([("If-Match", own)], documents.hidden)
            known = documents.held(request.db.connection(), row.id)
            etags.check_match(request, documents.tag(known))
        return row
