"""A list as a file for spreadsheets: all that its filters leave."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from shoptrack.resources.fields import Reference
from shoptrack.resources.list_statements import Listing
from shoptrack.resources.serializers import Document
from shoptrack.resources.visibility import find_hidden
from shoptrack.rest import csv_export
from shoptrack_admin.rows.listing import FIRST_LINK, List, asked_for, without
from shoptrack_admin.rows.table import Table
from shoptrack_admin.translation import say


class Export:
    """Answers the file."""

    def __init__(self, table: Table):
        self.table = table
        self._list = List(table)

    def __call__(self, request) -> Any:
        """Answer every row, in the list's order.

        :raises Invalid: the address asks for what it cannot
        :raises Forbidden: it asks about what the user may not view
        """
        hidden = find_hidden(request, self.table.resource)
        query = self._list.query(without(asked_for(request), FIRST_LINK), hidden)
        statement = Listing(self.table.documents, query.form).whole
        header = ["id", *(say(request, field.verbose_name) for field in self.table.resource.fields)]
        make = self.table.documents.hiding(hidden).maker()

        def rows(connection: Connection) -> Iterator[list[Any]]:
            for row in connection.execute(statement, query.values):
                yield self._row(make(row))

        return csv_export.response(request, f"{self.table.resource.path}.csv", header, rows)

    def _row(self, document: Document) -> list[Any]:
        cells = [document["id"]]
        for field in self.table.resource.fields:
            value = document[field.name]
            if isinstance(field, Reference):
                value = value and field.resource.label_of(value)
            cells.append(value)
        return cells
