"""A list as a file for spreadsheets: the export of the API, with the columns that plugins compute for lists."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from shoptrack.i18n import from_smallest_unit
from shoptrack.plugins import AdminColumn
from shoptrack.resources import Document
from shoptrack.rest import csv_export
from shoptrack.settings import Settings
from shoptrack_admin.rows.columns import can_view, compute_values
from shoptrack_admin.rows.list_view import PAGE_PARAMETERS, drop_parameters, get_parameters
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.translation import _


class ExportView:
    """Responds with the file."""

    def __init__(self, admin: ResourceAdmin):
        self.admin = admin
        self._export = csv_export.CsvExport(admin.repository, with_references=True)

    def __call__(self, request) -> Any:
        """Respond with every row, in the list's order.

        :raises ValidationError: a parameter of the URL is invalid
        :raises Forbidden: a parameter is about data that the user may not view
        """
        hidden = self.admin.get_hidden(request)
        params = drop_parameters(get_parameters(request), PAGE_PARAMETERS)
        query = self._export.parameters.parse(self.admin.add_ordering(params), hidden)
        return csv_export.respond_with_rows(
            request,
            self._export,
            query,
            hidden,
            language=request.locale_name,
            computed=self._get_computed_columns(request),
        )

    def _get_computed_columns(self, request) -> Sequence[csv_export.ComputedColumn]:
        """Return the computed columns that the user may view, and the currency of amounts among them."""
        columns = [column for column in self.admin.computed_columns if can_view(request, column)]
        computed = [
            csv_export.ComputedColumn(
                column.name, column.label, partial(_compute_cells, request, column)
            )
            for column in columns
        ]
        has_amounts = any(column.cell == "money" for column in columns)
        if has_amounts and not any(field.has_currency for field in self.admin.resource.fields):
            code = Settings.of(request.registry).currency.code
            computed.append(
                csv_export.ComputedColumn(
                    "currency", _("currency"), lambda rows: [code] * len(rows)
                )
            )
        return computed


def _compute_cells(request, column: AdminColumn, documents: Sequence[Document]) -> Sequence[Any]:
    """Return a computed column's values, amounts of money as in 12.80."""
    values = compute_values(request, column, documents)
    if column.cell != "money":
        return values
    currency = Settings.of(request.registry).currency
    return [value and from_smallest_unit(value, currency) for value in values]
