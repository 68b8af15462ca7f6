"""A list as a file for spreadsheets: all rows that match its filters."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from shoptrack.resources import Document
from shoptrack.rest import csv_export
from shoptrack_admin.rows.list_view import (
    PAGE_PARAMETERS,
    ListView,
    drop_parameters,
    get_parameters,
)
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.translation import translate_for_request


class ExportView:
    """Responds with the file."""

    def __init__(self, admin: ResourceAdmin):
        self.admin = admin
        self._list = ListView(admin)

    def __call__(self, request) -> Any:
        """Respond with every row, in the list's order.

        :raises ValidationError: a parameter of the URL is invalid
        :raises Forbidden: a parameter is about data that the user may not view
        """
        hidden = self.admin.get_hidden(request)
        params = drop_parameters(get_parameters(request), PAGE_PARAMETERS)
        query = self._list.parse(params, hidden)
        fields = self.admin.resource.fields
        header = ["id", *(translate_for_request(request, field.verbose_name) for field in fields)]

        def make_rows(connection: Connection) -> Iterator[list[Any]]:
            for document in self.admin.repository.iterate(connection, query, hidden):
                yield self._make_row(document)

        filename = f"{self.admin.resource.path}.csv"
        return csv_export.response(request, filename, header, make_rows)

    def _make_row(self, document: Document) -> list[Any]:
        fields = self.admin.resource.fields
        return [document["id"], *(field.to_csv(document[field.name]) for field in fields)]
