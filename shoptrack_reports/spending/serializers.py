"""The spending report as JSON and as CSV."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlencode

from shoptrack.i18n import Currency, from_smallest_unit
from shoptrack_reports.granularities import Granularity, Weekdays
from shoptrack_reports.spending.dimensions import Dimension
from shoptrack_reports.spending.query import DATE_FIELD, SpendingQuery
from shoptrack_reports.spending.report import Report, RowKey

DATE_PARAMETERS = {DATE_FIELD, *(f"{DATE_FIELD}__{end}" for end in ("gt", "gte", "lt", "lte"))}


def make_document(report: Report, path: str) -> dict[str, Any]:
    """Return the report as a JSON object.

    :param path: of the list of records, the base of each row's URL
    """
    query, whole = report.query, report.grand_total
    links = Links(query, path)
    return {
        "group_by": [key.name for key in query.keys],
        "month_start": query.month_start,
        "from": report.first and report.first.isoformat(),
        "to": report.last and report.last.isoformat(),
        "total": whole.total,
        "count": whole.records,
        "rows": [
            {
                **{
                    key.name: report.format_key(key, number)
                    for key, number in zip(query.keys, row_key, strict=True)
                },
                "total": total.total,
                "count": total.records,
                "records": links.get_url(row_key),
            }
            for row_key, total in report.totals.items()
        ],
    }


class Links:
    """The URLs of the records of each row."""

    def __init__(self, query: SpendingQuery, path: str):
        self._keys = query.keys
        self._days = query.earliest or date.min, query.latest or date.max
        # Many rows share a period.
        self._get_date_range = cache(lambda key, period: key.get_date_range(period))
        own = set()
        for key in query.keys:
            match key:
                case Weekdays():
                    own.add(f"{DATE_FIELD}__weekday")
                case Granularity():
                    own |= DATE_PARAMETERS
                case Dimension(key=name):
                    own |= {name, f"{name}__isnull"}
        params = urlencode([(name, text) for name, text in query.filters if name not in own])
        self._begin = f"{path}?{params}&" if params else f"{path}?"

    def get_url(self, row_key: RowKey) -> str:
        """Return the URL of a row's records."""
        first, last = self._days
        params: dict[str, Any] = {}
        for key, number in zip(self._keys, row_key, strict=True):
            match key, number:
                case Dimension(key=name), None:
                    params[f"{name}__isnull"] = "true"
                case Dimension(key=name), id:
                    params[name] = id
                case Weekdays(), day:
                    params[f"{DATE_FIELD}__weekday"] = day
                case Granularity(), int(period) if date_range := self._get_date_range(key, period):
                    first, last = max(first, date_range[0]), min(last, date_range[1])
                    params |= {f"{DATE_FIELD}__gte": first, f"{DATE_FIELD}__lte": last}
        return self._begin + "&".join(f"{name}={value}" for name, value in params.items())


def make_csv_header(report: Report) -> list[str]:
    """Return the names of the columns."""
    names: list[str] = []
    for key in report.query.keys:
        if isinstance(key, Dimension):
            first, *others = key.texts
            names += [key.key, key.name, *(f"{key.name}_{text}" for text in others)]
        else:
            names.append(key.name)
    return [*names, "total", "count", "currency"]


def make_csv_rows(report: Report, currency: Currency) -> Iterator[list[Any]]:
    """Yield the rows of the CSV file, whose totals are amounts in the currency, as in 12.80."""
    for row_key, total in report.totals.items():
        cells: list[Any] = []
        for key, number in zip(report.query.keys, row_key, strict=True):
            value = report.format_key(key, number)
            if isinstance(key, Dimension):
                cells += [(value or {}).get(name) for name in ("id", *key.texts)]
            else:
                cells.append(value)
        amount = from_smallest_unit(total.total, currency)
        yield [*cells, amount, total.records, currency.code]
