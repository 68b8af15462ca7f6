"""A price history, made of the rows of its statement."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from shoptrack.catalog.resources import StoreResource
from shoptrack.resources.visibility import Hidden, HiddenRow
from shoptrack_reports.cuts import Months
from shoptrack_reports.exact import rounded
from shoptrack_reports.price_parts import last, last_date, lowest, median
from shoptrack_reports.prices.statement import STORE


def prices(
    group: str, units: Fraction, rows: Sequence[Any], hidden: Hidden
) -> list[dict[str, Any]]:
    """Return the prices of stores, the cheapest first, or of months in their order.

    :param units: how many of the product's unit the prices are for
    :param rows: of ``price_history``, each with a store or a month
    :param hidden: the permissions to view that the caller lacks
    """
    medians = {row.part: median(row) for row in rows}
    cheapest = min(medians.values(), default=None)
    order = {part: (medians[part], part) if group == STORE else part for part in medians}
    return [
        {
            group: _store(row, hidden) if group == STORE else Months().shown(row.part),
            "n": row.n,
            "min": rounded(lowest(row) * units),
            "median": rounded(medians[row.part] * units),
            "last": rounded(last(row) * units),
            "last_date": last_date(row),
            "cheapest": medians[row.part] == cheapest,
        }
        for row in sorted(rows, key=lambda row: order[row.part])
    ]


def _store(row: Any, hidden: Hidden) -> dict[str, Any]:
    if StoreResource.permission("view") in hidden:
        return HiddenRow(id=row.part)
    return {"id": row.part, "name": row.store, "location": row.location}
