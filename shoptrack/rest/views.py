"""The six operations of a resource. Each parses the request, calls the repository, and responds with a document."""

from typing import Any

from shoptrack.resources.pagination import make_link_header
from shoptrack.resources.reassignment import lock_existing
from shoptrack.resources.repository import CHUNK_ROWS, Repository
from shoptrack.resources.serializers import StoredRow
from shoptrack.resources.visibility import Hidden, HiddenRow, check_parameters
from shoptrack.rest import etags
from shoptrack.rest.body import read_body
from shoptrack.rest.merge_views import REPLACE_WITH, MergeViews
from shoptrack.rest.path_ids import make_not_found, parse_path_id
from shoptrack.web.streams import stream

STREAM_THRESHOLD_ROWS = 20_000  # a smaller list fits into the server's buffer


class ResourceViews:
    """The views of one resource in one application."""

    def __init__(self, repository: Repository):
        self.repository = repository
        self.resource = repository.resource

    def read_list(self, request) -> Any:
        """Respond with the requested documents: a page, or the whole list."""
        repository = self.repository
        hidden = repository.get_hidden(request.identity)
        pairs = list(request.GET.items())
        query = repository.parameters.parse(pairs, hidden)
        etag, newest = repository.get_version(request.reader, query.shape, hidden)
        if etag is not None and etags.is_not_modified(request, etag, is_strong=False):
            return etags.make_not_modified(request)
        if query.limit is None:
            if newest < CHUNK_ROWS:
                return repository.all(request.reader, query, hidden)
            return stream(
                request,
                lambda connection: repository.stream(connection, query, hidden),
                content_type="application/json",
                is_short=newest <= STREAM_THRESHOLD_ROWS,
            )
        page = repository.page(request.reader, query, hidden)
        if page.total is not None:
            request.response.headers["Total-Count"] = str(page.total)
        if page.links:
            link = make_link_header(request.path_url, pairs, page.links)
            request.response.headers["Link"] = link
        return page.documents

    def read(self, request) -> Any:
        """Respond with one document."""
        repository = self.repository
        id = parse_path_id(request, self.resource)
        row = repository.get(request.reader, id, repository.get_hidden(request.identity))
        if row is None:
            raise make_not_found(self.resource)
        if etags.is_not_modified(request, row.etag, is_strong=True):
            return etags.make_not_modified(request)
        return row.document

    def create(self, request) -> Any:
        """Add a row, and respond with its document."""
        row = self.repository.create(request.db, read_body(request))
        request.response.status_int = 201
        return self._respond_with_row(request, row, self.repository.get_hidden(request.identity))

    def replace(self, request) -> Any:
        """Change a row; every required field must be sent."""
        return self._update(request, is_partial=False)

    def change(self, request) -> Any:
        """Change the sent fields of a row."""
        return self._update(request, is_partial=True)

    def delete(self, request) -> Any:
        """Delete a row that nothing refers to, or that another one replaces."""
        hidden = self.repository.get_hidden(request.identity)
        if REPLACE_WITH in request.GET:
            merging = MergeViews(self.repository)
            id = parse_path_id(request, self.resource)
            target = merging.get_replacement(request, id)
            lock_existing(request.db, self.resource, [id, target])
            self._lock(request, hidden)
            merging.replace(request, id, target)
        else:
            self.repository.delete(request.db, self._lock(request, hidden))
        request.response.status_int = 204
        request.response.content_type = None
        return request.response

    def _update(self, request, *, is_partial: bool) -> Any:
        hidden = self.repository.get_hidden(request.identity)
        row = self._lock(request, hidden)
        body = read_body(request)
        row = self.repository.update(request.db, row, body, is_partial=is_partial)
        return self._respond_with_row(request, row, hidden)

    def _lock(self, request, hidden: Hidden) -> StoredRow:
        """Return the locked row of the path, after a check of ``If-Match``."""
        row = self.repository.lock(request.db, parse_path_id(request, self.resource))
        if row is None:
            raise make_not_found(self.resource)
        if "If-Match" in request.headers:
            # The result reveals whether the row has changed, and so requires the permission to view the row.
            own = frozenset({self.resource.permission("view")})
            check_parameters([("If-Match", own)], hidden)
            etags.check_if_match(request, row.hiding(hidden).etag)
        return row

    def _respond_with_row(self, request, row: StoredRow, hidden: Hidden) -> Any:
        row = row.hiding(hidden)
        if not isinstance(row.document, HiddenRow):
            request.response.etag = (row.etag, True)
        return row.document
