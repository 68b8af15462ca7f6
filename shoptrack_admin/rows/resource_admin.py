"""A resource in the administration: its description, with the options of ``config.add_admin``."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import Forbidden, ValidationError
from shoptrack.plugins import AdminContributions, AdminOptions
from shoptrack.resources import (
    SHOW_ALL,
    Field,
    Hidden,
    InvalidValue,
    ListParameters,
    ListQuery,
    ReferringField,
    Repository,
    StoredRow,
    parse_id,
)
from shoptrack_admin.redirects import parse_safe_path
from shoptrack_admin.rows.columns import Column, can_view
from shoptrack_admin.translation import _, translate_for_request

PAGE_SIZE = 50  # rows
BACK = "back"  # the parameter with the path of the list that a page was opened from
# Parameters that the pages set themselves.
UNSUPPORTED_PARAMETERS = {"limit", "offset", "count", "fields"}

Pairs = list[tuple[str, str]]


class MissingRowRedirect(HTTPSeeOther):
    """A row does not exist: redirect to the list, with a message."""


class ResourceAdmin:
    """One resource in one application."""

    def __init__(self, repository: Repository, contributions: AdminContributions):
        self.repository = repository
        self.resource = resource = repository.resource
        self.options = options = contributions.options.get(resource.path) or AdminOptions()
        self.actions = tuple(contributions.actions.get(resource.path, {}).values())
        self.panels = tuple(contributions.row_panels.get(resource.path, {}).values())
        self.computed_columns = tuple(contributions.columns.get(resource.path, {}).values())
        fields = {field.name: field for field in resource.fields}
        named = fields if options.columns is None else options.columns
        columns = fields | {column.name: column for column in self.computed_columns}
        self._columns: list[Column] = [columns.pop(name) for name in named]
        self._columns += [c for c in self.computed_columns if c.name in columns]

    @cached_property
    def parameters(self) -> ListParameters:
        """Return the list's query parameters. Unlike the API's, it can be ordered by rows that it refers to."""
        return ListParameters(self.resource, with_references=True)

    def get_columns(self, request) -> list[Column]:
        """Return the columns of the list that the user may view."""
        return [
            column
            for column in self._columns
            if isinstance(column, Field) or can_view(request, column)
        ]

    @property
    def name(self) -> str:
        """Return the prefix of its route names."""
        return f"admin:{self.resource.path}"

    @property
    def can_merge(self) -> bool:
        """Return whether other rows can refer to these, so that duplicates can be merged."""
        return bool(self.repository.referring_fields)

    def path(self, request, page: str = "", **arguments: Any) -> str:
        """Return the path of one of its pages; of the list without a name."""
        return request.route_path(f"{self.name}:{page}" if page else self.name, **arguments)

    def get_list_path(self, request) -> str:
        """Return the path of the list that the request's page was opened from, with its filters and its page."""
        return self._get_back(request) or self.path(request)

    def get_linked_path(self, request, page: str, **arguments: Any) -> str:
        """Return the path of another page, which leads back to the same list as the request's page."""
        back, query = self._get_back(request), arguments.pop("_query", {})
        return self.path(request, page, _query=query | ({BACK: back} if back else {}), **arguments)

    def _get_back(self, request) -> str | None:
        return parse_safe_path(request.GET.get(BACK), request.script_name)

    def is_allowed(self, request, verb: str) -> bool:
        """Return whether the user may view, add, change or delete."""
        return bool(request.has_permission(self.resource.permission(verb)))

    def get_hidden(self, request) -> Hidden:
        """Return the view permissions that the user lacks, for rows and all that they nest."""
        return self.repository.get_hidden(request.identity)

    def add_ordering(self, params: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return the parameters of a list, with its own ordering unless they have one."""
        pairs = list(params)
        if self.options.ordering and "ordering" not in dict(pairs):
            pairs.append(("ordering", self.options.ordering))
        return pairs

    def parse(
        self, params: Pairs, hidden: Hidden = SHOW_ALL, *, with_limit: bool = False
    ) -> ListQuery:
        """Parse the parameters of a list's URL.

        :param hidden: view permissions that the user lacks
        :raises Forbidden: a parameter is about data that the user may not view
        :raises ValidationError: naming each invalid parameter
        """
        unsupported: dict[str, list[str]] = {
            name: [_("Unknown parameter.")]
            for name, _text in params
            if name in UNSUPPORTED_PARAMETERS
        }
        if unsupported:
            raise ValidationError(unsupported)
        pairs = self.add_ordering(params)
        if with_limit:
            pairs.append(("limit", str(PAGE_SIZE)))
        return self.parameters.parse(pairs, hidden)

    def get_row(self, request) -> StoredRow:
        """Return the URL's row, as the user may view it.

        :raises MissingRowRedirect: the row does not exist
        """
        id = _parse_id(request.matchdict["id"])
        hidden = self.get_hidden(request)
        row = None if id is None else self.repository.get(request.reader, id, hidden)
        if row is None:
            raise self.make_missing_row_redirect(request)
        return row

    def get_row_for_update(self, request) -> StoredRow:
        """Return the URL's row, locked until the request ends.

        :raises MissingRowRedirect: the row does not exist
        """
        id = _parse_id(request.matchdict["id"])
        row = None if id is None else self.repository.lock(request.db, id)
        if row is None:
            raise self.make_missing_row_redirect(request)
        return row

    def get_labels(self, request, ids: list[int]) -> dict[int, str]:
        """Return the labels of those rows with these ids that exist."""
        documents = self.repository.get_many(request.reader, ids, self.get_hidden(request))
        return {document["id"]: self.resource.label_of(document) for document in documents}

    def make_missing_row_redirect(self, request) -> MissingRowRedirect:
        """Return the redirect to the list, for a URL of a row that does not exist."""
        message = _(
            "There is no ${noun} “${id}”. Perhaps it was deleted.",
            noun=self.resource.noun(),
            id=request.matchdict["id"][:30],
        )
        request.messages.add(message, "warning")
        return MissingRowRedirect(self.get_list_path(request))

    def check_can_reassign(
        self, request, referring: Iterable[ReferringField] | None = None
    ) -> None:
        """Check that the user may change all possible referrers of rows of this kind.

        :raises Forbidden: naming the resources that the user may not change
        """
        for field in self.repository.referring_fields if referring is None else referring:
            if not request.has_permission(field.resource.permission("change")):
                plural = translate_for_request(request, field.resource.plural())
                raise Forbidden(_("You do not have permission to change ${rows}.", rows=plural))

    def get_duplicates_path(self, request, label: str) -> str | None:
        """Return the path of the list of rows that may be duplicates of one, by the first word of its label.

        :returns: ``None`` if nothing refers to such rows, or the user may not search and merge them
        """
        repository = self.repository
        others = [field.resource for field in repository.referring_fields]
        needed = [other.permission("change") for other in others]
        needed += [self.resource.permission("delete"), *repository.parameters.search_needs]
        words = label.split()
        if not others or not words or not all(map(request.has_permission, needed)):
            return None
        return f"{self.path(request)}?{urlencode({'search': words[0]})}"


def _parse_id(text: str) -> int | None:
    try:
        return parse_id(text)
    except InvalidValue:
        return None
