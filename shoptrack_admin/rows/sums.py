"""The sums and averages of the rows that a list's filters leave, on a page of their own.

A script loads them into the list, which need not wait for them. Without scripts, the list has a link.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from shoptrack.errors import ValidationError
from shoptrack.resources import Document, Field, FieldSum, read_sums
from shoptrack_admin.rows.cells import CellMaker
from shoptrack_admin.rows.columns import get_heading
from shoptrack_admin.rows.list_view import PAGE_PARAMETERS, drop_parameters, get_parameters
from shoptrack_admin.rows.resource_admin import MissingRowRedirect, ResourceAdmin
from shoptrack_admin.translation import _

DECIMALS = 3  # of an average that is no amount of money


class ShownSum(NamedTuple):
    """A sum or an average, with its label.

    :param text: may be HTML
    """

    label: str
    text: str


class SumsView:
    """The page of a list's sums."""

    def __init__(self, admin: ResourceAdmin):
        self.admin = admin

    def show(self, request) -> Any:
        """Show the sums of the rows that match the URL's filters."""
        admin, hidden = self.admin, self.admin.get_hidden(request)
        params = drop_parameters(get_parameters(request), PAGE_PARAMETERS | {"ordering", "back"})
        try:
            query = admin.parse(params, hidden)
        except ValidationError:
            # The list names the invalid parameters.
            raise MissingRowRedirect(admin.get_list_path(request)) from None
        sums = read_sums(request.reader, admin.resource, query)
        shown = [one for each in sums if each.field.is_summable for one in _show(request, each)]
        for quantity in sums:
            if quantity.field.measured_by:
                only = admin.parameters.parse([*params, ("limit", "1"), ("count", "false")], hidden)
                documents = admin.repository.page(request.reader, only, hidden).documents
                shown += self._show_quantity(request, quantity, sums, documents)
        return {"admin": admin, "sums": shown}

    def _show_quantity(
        self,
        request,
        quantity: FieldSum,
        sums: Sequence[FieldSum],
        documents: Sequence[Document],
    ) -> Iterator[ShownSum]:
        """Yield a quantity of one thing, and what one unit of it cost.

        :param documents: one of the rows, for the text of the unit
        """
        field, cells = quantity.field, CellMaker(request, self.admin)
        for document in documents:
            total = cells.make(field, {**document, field.name: field.dump(quantity.total)})
            yield ShownSum(_("${field}: sum", field=get_heading(request, field)), total)
            one = cells.make(field, {**document, field.name: field.dump(Decimal(1))})
            for amount in sums:
                if amount.field.is_summable and quantity.total > 0:
                    label = _(
                        "${field}: average for ${one}",
                        field=get_heading(request, amount.field),
                        one=one.striptags(),
                    )
                    yield ShownSum(
                        label, _write(request, amount.field, amount.total / quantity.total)
                    )


def _show(request, amount: FieldSum) -> Iterator[ShownSum]:
    heading = get_heading(request, amount.field)
    total, average = amount.total, Decimal(amount.total) / amount.rows
    yield ShownSum(_("${field}: sum", field=heading), _write(request, amount.field, total))
    yield ShownSum(
        _("${field}: average of a row", field=heading), _write(request, amount.field, average)
    )


def _write(request, field: Field, value: int | Decimal) -> str:
    numbers = request.number_format
    if field.has_currency:
        return numbers.format_amount(value)
    return numbers.format_number(round(Decimal(value), DECIMALS))
