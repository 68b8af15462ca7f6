"""A list as a file for spreadsheets: all rows that match its filters."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from shoptrack.i18n import Currency, from_smallest_unit
from shoptrack.plugins import AdminColumn
from shoptrack.resources import Document
from shoptrack.rest import csv_export
from shoptrack.settings import Settings
from shoptrack_admin.rows.columns import Column, can_view, compute_values, get_label
from shoptrack_admin.rows.list_view import (
    PAGE_PARAMETERS,
    ListView,
    drop_parameters,
    get_parameters,
)
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.translation import _, translate_for_request

CURRENCY = _("currency")
BATCH_ROWS = 500  # whose computed columns are computed together


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
        currency = Settings.of(request.registry).currency
        fields = self.admin.resource.fields
        computed = [c for c in self.admin.computed_columns if can_view(request, c)]
        columns: list[Column] = [*fields, *computed]
        header = ["id", *(get_label(request, column) for column in columns)]
        currencies = []
        if any(field.has_currency for field in fields) or any(c.cell == "money" for c in computed):
            header.append(translate_for_request(request, CURRENCY))
            currencies = [currency.code]

        def make_rows(connection: Connection) -> Iterator[list[Any]]:
            documents = self.admin.repository.iterate(connection, query, hidden)
            while batch := list(islice(documents, BATCH_ROWS)):
                # A column that fails breaks the file off, which must not look complete.
                computed_values = [
                    _convert(column, compute_values(request, column, batch), currency)
                    for column in computed
                ]
                for document, *values in zip(batch, *computed_values, strict=True):
                    yield [*self._make_row(document, currency), *values, *currencies]

        filename = f"{self.admin.resource.path}.csv"
        return csv_export.response(request, filename, header, make_rows)

    def _make_row(self, document: Document, currency: Currency) -> list[Any]:
        fields = self.admin.resource.fields
        return [document["id"], *(field.to_csv(document[field.name], currency) for field in fields)]


def _convert(column: AdminColumn, values: list[Any], currency: Currency) -> list[Any]:
    """Return a computed column's values, amounts of money as in 12.80."""
    if column.cell != "money":
        return values
    return [value and from_smallest_unit(value, currency) for value in values]
