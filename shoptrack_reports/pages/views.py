"""The page: spending by two keys, and the prices of a product."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPSeeOther
from sqlalchemy import func, select

from shoptrack.db import get_today
from shoptrack.errors import ValidationError
from shoptrack.i18n import shorten, translate
from shoptrack.records.models import ShoppingRecord
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources import Hidden
from shoptrack.rest import find_hidden
from shoptrack_reports.granularities import GRANULARITIES, Months
from shoptrack_reports.pages.prices import make_price_section
from shoptrack_reports.pages.sections import make_section
from shoptrack_reports.pages.typed_numbers import read_typed_numbers
from shoptrack_reports.prices.views import NEEDS
from shoptrack_reports.settings import ReportSettings
from shoptrack_reports.spending.charts import NAMES
from shoptrack_reports.spending.dimensions import DIMENSIONS
from shoptrack_reports.spending.query import DATE_FIELD, PARAMETERS, SpendingQuery
from shoptrack_reports.spending.report import load_report
from shoptrack_reports.spending.serializers import DATE_PARAMETERS
from shoptrack_reports.spending.views import respond_with_csv

FIRST, LAST = f"{DATE_FIELD}__gte", f"{DATE_FIELD}__lte"
DEFAULT_KEYS = [("group_by", "month"), ("group_by", "category")]
DEFAULT_MONTHS = 12
BREAKDOWNS = ("category", "store")
FORM_PARAMETERS = {"group_by", "month_start", FIRST, LAST}
# Parameters of the page that do not restrict the spending.
PAGE_PARAMETERS = ("format", "product", "history", "per")

Pairs = list[tuple[str, str]]


def show(request) -> Any:
    """Show the report for the query string. Invalid parameters are removed with a warning."""
    params = [(name, text) for name, text in request.GET.items() if text.strip()]
    try:
        params = read_typed_numbers(params, request.number_format)
        filters = [(name, text) for name, text in params if name not in PAGE_PARAMETERS]
        query = _make_query(request, filters)
        report = load_report(request.reader, query)
        if ("format", "csv") in params:
            return respond_with_csv(request, report)
        main = make_section(request, report)
        shows_prices = NEEDS.isdisjoint(query.hidden)
        price_section = make_price_section(request, params, query) if shows_prices else None
    except ValidationError as invalid:
        return _redirect_without(request, params, invalid)
    groups = _get_dimensions(query.hidden)
    other_queries = [
        replace(query, keys=(DIMENSIONS[name],))
        for name in BREAKDOWNS
        if query.keys != (DIMENSIONS[name],) and name in groups
    ]
    return {
        "query": query,
        "report": report,
        "main": main,
        "prices": price_section,
        "breakdowns": [
            make_section(request, load_report(request.reader, other)) for other in other_queries
        ],
        "times": {name: NAMES[name] for name in GRANULARITIES},
        "things": {name: NAMES[name] for name in groups},
        "filters": filters,
        "hidden_params": [(name, text) for name, text in filters if name not in FORM_PARAMETERS],
        "query_string": urlencode(filters),
        "is_filtered": bool(filters),
    }


def _make_query(request, filters: Pairs) -> SpendingQuery:
    """Return the query of the page: by default spending by month and category in the last year.

    :raises Forbidden: a parameter is about data that the user may not view
    """
    hidden = find_hidden(request, ShoppingRecordResource)
    pairs = list(filters)
    names = {name for name, _text in filters}
    if "group_by" not in names:
        groups = _get_dimensions(hidden)
        pairs += [
            (key, name) for key, name in DEFAULT_KEYS if name in GRANULARITIES or name in groups
        ]
    month_start = ReportSettings.of(request.registry).month_start
    query = SpendingQuery.from_report_query(
        PARAMETERS.parse(pairs, hidden, month_start=month_start)
    )
    if not DATE_PARAMETERS.isdisjoint(names):
        return query
    newest = request.reader.scalar(
        _newest.where(ShoppingRecord.purchase_date <= get_today(request.registry))
    )
    if newest is None:
        return query
    months = Months(query.month_start)
    first, _last = months.get_date_range(months.get_number(newest) - DEFAULT_MONTHS + 1)
    pairs += [(FIRST, str(first)), (LAST, str(newest))]
    return SpendingQuery.from_report_query(PARAMETERS.parse(pairs, hidden, month_start=month_start))


def _get_dimensions(hidden: Hidden) -> list[str]:
    """Return the names of the dimensions that the user may group by."""
    return [name for name, group in DIMENSIONS.items() if group.needs.isdisjoint(hidden)]


# A future date is a typing error: it must not move the default period.
_newest = select(func.max(ShoppingRecord.purchase_date))


def _redirect_without(request, params: Pairs, invalid: ValidationError) -> HTTPSeeOther:
    """Redirect to the page without the invalid parameters.

    :raises ValidationError: there are no parameters to remove
    """
    if not params:
        raise invalid
    for name, messages in invalid.errors.items():
        message = " ".join(translate(request.localizer, text) for text in messages)
        request.messages.add(f"{name}: {message}", "warning")
    valid_params = [(name, text) for name, text in params if shorten(name) not in invalid.errors]
    # The invalid parameter may be a missing one.
    query = urlencode(valid_params) if len(valid_params) < len(params) else ""
    return HTTPSeeOther(f"{request.path}?{query}".rstrip("?"))
