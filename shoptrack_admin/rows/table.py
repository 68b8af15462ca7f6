"""A resource as the administration shows it: its description, with what ``config.add_admin`` says about it."""

from collections.abc import Iterable
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import Forbidden, Invalid
from shoptrack.plugins.administration import AdminOptions
from shoptrack.resources import saving
from shoptrack.resources.fields import Date, Decimal, Field, Integer, Reference, Refused, parse_id
from shoptrack.resources.list_query import Parameters
from shoptrack.resources.referrers import Use, uses_of
from shoptrack.resources.resource import Resource
from shoptrack.resources.serializers import Documents
from shoptrack.resources.visibility import find_hidden
from shoptrack.settings import ConfigurationError
from shoptrack_admin.translation import _, say

MOST_ROWS = 500  # that are changed at once


class GoneAway(HTTPSeeOther):
    """A row is not there: back to the list, with a message."""


class Table:
    """One resource in one application.

    :raises ConfigurationError: the options name what the resource does not have
    """

    def __init__(self, resource: Resource, options: AdminOptions | None = None):
        self.resource = resource
        self.options = options = options or AdminOptions()
        self.documents = Documents(resource)
        self.parameters = Parameters(resource)
        self.columns = self._fields(options.columns, "columns", resource.fields)
        narrowing = (field for field in resource.fields if isinstance(field, Reference | Date))
        self.filters = self._fields(options.filters, "filters", narrowing)
        for field in self.filters:
            if not isinstance(field, Reference | Date | Integer | Decimal):
                why = "It is searched, not filtered by."
                raise self._wrong("filters", field.name, why)
        self._fields(options.texts, "texts", ())
        if options.ordering:
            try:
                self.parameters.parse([("ordering", options.ordering)])
            except Invalid as error:
                why = " ".join(error.errors["ordering"])
                raise self._wrong("ordering", options.ordering, why) from None

    def _fields(
        self, names: Iterable[str] | None, option: str, default: Iterable[Field]
    ) -> list[Field]:
        if names is None:
            return list(default)
        fields = {field.name: field for field in self.resource.fields}
        for name in names:
            if name not in fields:
                raise self._wrong(option, name, f"The fields are {', '.join(fields)}.")
        return [fields[name] for name in names]

    def _wrong(self, option: str, name: str, why: str) -> ConfigurationError:
        return ConfigurationError(
            f"add_admin({self.resource.path!r}, {option}=…) names {name!r}. {why}"
        )

    @property
    def name(self) -> str:
        """Return what the routes of its pages begin with."""
        return f"admin:{self.resource.path}"

    def path(self, request, page: str = "", **arguments: Any) -> str:
        """Return the address of one of its pages; of the list without a name."""
        return request.route_path(f"{self.name}:{page}" if page else self.name, **arguments)

    def may(self, request, verb: str) -> bool:
        """Tell whether the user may view, add, change or delete."""
        return bool(request.has_permission(self.resource.permission(verb)))

    def documents_for(self, request) -> Documents:
        """Return the documents as the user may view them."""
        return self.documents.hiding(find_hidden(request, self.resource))

    def locked(self, request) -> Any:
        """Return the row that the address names, locked until the request ends.

        :raises GoneAway: there is none
        """
        id = self._id(request)
        row = None if id is None else saving.find(request.db, self.resource, id)
        if row is None:
            raise self.gone(request)
        return row

    def read(self, request) -> Any:
        """Return the row that the address names, as documents are made of.

        :raises GoneAway: there is none
        """
        id = self._id(request)
        row = None if id is None else self.documents.row(request.reader, id)
        if row is None:
            raise self.gone(request)
        return row

    def gone(self, request) -> GoneAway:
        """Return the redirection to the list, for an address that names no row."""
        said = _(
            "There is no ${noun} “${id}”. Perhaps it was deleted.",
            noun=self.resource.noun(),
            id=request.matchdict["id"][:30],
        )
        request.messages.add(said, "warning")
        return GoneAway(self.path(request))

    def chosen(self, request, sent) -> list[int]:
        """Return the ids of the rows that were chosen from a list.

        :param sent: where they stand, as fields ``id``
        :raises HTTPSeeOther: none were, or too many
        """
        parsed = {_parsed(text) for text in sent.getall("id")}
        ids = sorted(id for id in parsed if id is not None)
        if not ids or len(ids) > MOST_ROWS:
            said = _("Choose at least one row.")
            if ids:
                said = _("Choose at most ${most} rows at a time.", most=MOST_ROWS)
            request.messages.add(said, "warning")
            raise GoneAway(self.path(request))
        return ids

    def check_moving(self, request, uses: Iterable[Use] | None = None) -> None:
        """Raise unless the user may change whatever refers to rows of this kind.

        :raises Forbidden: naming what may not be changed
        """
        for use in uses_of(self.resource, request.registry) if uses is None else uses:
            if not request.has_permission(use.resource.permission("change")):
                plural = say(request, use.resource.plural())
                raise Forbidden(_("You may not change ${rows}.", rows=plural))

    @staticmethod
    def _id(request) -> int | None:
        return _parsed(request.matchdict["id"])


def _parsed(text: str) -> int | None:
    try:
        return parse_id(text)
    except Refused:
        return None
