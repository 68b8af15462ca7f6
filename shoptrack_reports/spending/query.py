"""The query of the spending report: its parameters, keys, filters and date range."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from shoptrack.i18n import shorten
from shoptrack.resources import (
    Condition,
    Hidden,
    InvalidValue,
    check_parameters,
    integer_between,
    one_of,
)
from shoptrack_reports.granularities import (
    GRANULARITIES,
    MAX_MONTH_START,
    Granularity,
    get_granularity,
)
from shoptrack_reports.parameters import ReportParameter, ReportParameters, ReportQuery
from shoptrack_reports.spending.dimensions import DIMENSIONS, Dimension

MAX_KEYS = 2
NAMES = (*GRANULARITIES, *DIMENSIONS)
POSSIBLE = f"Available: {', '.join(NAMES)}."
FORMATS = {"json": "application/json", "csv": "text/csv", "svg": "image/svg+xml"}
UTF8_WITH_BOM, UTF8 = "utf-8-sig", "utf-8"


def _parse_keys(text: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in text.split(","))
    for name in names:
        if name not in NAMES:
            raise InvalidValue(f"Cannot group by {shorten(name)!r}. {POSSIBLE}")
        if names.count(name) > 1:
            raise InvalidValue(f"{name!r} is listed twice.")
    if len(names) > MAX_KEYS:
        raise InvalidValue(f"Choose at most {MAX_KEYS}.")
    return names


PARAMETERS = ReportParameters(
    (
        ReportParameter(
            "group_by",
            _parse_keys,
            {
                "type": "array",
                "items": {"type": "string", "enum": list(NAMES)},
                "minItems": 1,
                "maxItems": MAX_KEYS,
                "uniqueItems": True,
                "collectionFormat": "csv",
            },
            "One or two keys, separated by commas.",
            required_message=f"This field is required. {POSSIBLE}",
            is_repeatable=True,
        ),
        ReportParameter(
            "month_start",
            integer_between(1, MAX_MONTH_START),
            {"type": "integer", "minimum": 1, "maximum": MAX_MONTH_START},
            "The first day of months, for example pay-day. A month is named after the calendar month of "
            "its first day. The default is the setting `SHOPTRACK_MONTH_START`.",
        ),
        ReportParameter(
            "format",
            one_of(*FORMATS),
            {"type": "string", "enum": list(FORMATS)},
            "The format. It overrides the header `Accept`.",
        ),
        ReportParameter(
            "encoding",
            one_of(UTF8_WITH_BOM, UTF8),
            {"type": "string", "enum": [UTF8_WITH_BOM, UTF8], "default": UTF8_WITH_BOM},
            f"The encoding of a CSV file. Excel recognises UTF-8 by the byte order mark of `{UTF8_WITH_BOM}`.",
            default=UTF8_WITH_BOM,
        ),
    )
)


DATE_FIELD = "purchase_date"


@dataclass(frozen=True)
class SpendingQuery:
    """The parsed query of a spending report.

    :param keys: the keys to group by
    :param clauses: conditions on records, with placeholders for ``values``
    :param filters: as sent
    :param hidden: view permissions that the caller lacks
    """

    keys: tuple[Granularity | Dimension, ...]
    month_start: int
    clauses: tuple[Condition, ...]
    values: dict[str, Any]
    filters: Sequence[tuple[str, str]]
    hidden: Hidden

    @classmethod
    def from_report_query(cls, report_query: ReportQuery) -> Self:
        """Make the query of parsed parameters.

        :raises Forbidden: a key requires a permission that the caller lacks
        """
        start, weekday = (
            report_query["month_start"],
            report_query.values.get(f"{DATE_FIELD}__weekday"),
        )
        keys = tuple(
            DIMENSIONS.get(name) or get_granularity(name, start, weekday)
            for name in report_query["group_by"]
        )
        groups = [key for key in keys if isinstance(key, Dimension)]
        check_parameters(
            [(f"group_by={key.name}", key.needs) for key in groups], report_query.hidden
        )
        return cls(
            keys,
            start,
            report_query.shape.conditions,
            report_query.values,
            report_query.filters,
            report_query.hidden,
        )

    @property
    def labelled_keys(self) -> list[tuple[Granularity | Dimension, str]]:
        """Return the keys with the labels of their columns."""
        return [(key, f"key_{place}") for place, key in enumerate(self.keys)]

    @property
    def granularities(self) -> list[Granularity]:
        """Return the keys that are periods."""
        return [key for key in self.keys if isinstance(key, Granularity)]

    @property
    def earliest(self) -> date | None:
        """Return the first day that the filters allow, ``None`` without a limit."""
        return max(self._get_bounds("gte", "gt", timedelta(days=1), date.max), default=None)

    @property
    def latest(self) -> date | None:
        """Return the last day that the filters allow, ``None`` without a limit."""
        return min(self._get_bounds("lte", "lt", timedelta(days=-1), date.min), default=None)

    def _get_bounds(self, closed: str, opened: str, step: timedelta, edge: date) -> list[date]:
        ends = [
            self.values[name]
            for name in (DATE_FIELD, f"{DATE_FIELD}__{closed}")
            if name in self.values
        ]
        beyond = self.values.get(f"{DATE_FIELD}__{opened}", edge)
        return ends if beyond == edge else [*ends, beyond + step]
