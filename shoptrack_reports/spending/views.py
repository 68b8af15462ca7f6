"""The endpoint of the spending report, as JSON, CSV or SVG."""

from base64 import b64encode
from hashlib import sha256
from typing import Any

from shoptrack.i18n import NumberFormat
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.rest import (
    Service,
    check_accept,
    csv_export,
    describe_view,
    find_hidden,
    select_media_type,
)
from shoptrack.settings import Settings
from shoptrack_reports.drawing import STYLE, render_svg
from shoptrack_reports.permissions import ReportPermission
from shoptrack_reports.schemas import ABOUT
from shoptrack_reports.settings import ReportSettings
from shoptrack_reports.spending import charts, serializers
from shoptrack_reports.spending.query import FORMATS, PARAMETERS, UTF8_WITH_BOM, SpendingQuery
from shoptrack_reports.spending.report import Report, load_report
from shoptrack_reports.spending.schemas import RESPONSES

# An SVG file that is opened directly may use its own style, and nothing else.
DIGEST = b64encode(sha256(STYLE.encode()).digest()).decode()
CSP = f"default-src 'none'; style-src 'sha256-{DIGEST}'; frame-ancestors 'none'"


@describe_view(query=PARAMETERS.openapi_parameters, responses=RESPONSES)
def read_spending(request) -> Any:
    """Get the spending by one or two keys: periods, products, stores or other references of records.

    Totals are sums of `price`, the price of a whole line, over all filtered records. Each row has the URL of its
    records. Periods without purchases are included with 0, from the first to the last day of the filters or else of
    the records. Periods are in their order, other keys by total, highest first.
    """
    request.response.vary = ("Accept",)
    # An unacceptable format is reported before other errors, as everywhere.
    media_type = FORMATS.get(request.GET.get("format")) or select_media_type(
        request, tuple(FORMATS.values())
    )
    month_start = ReportSettings.of(request.registry).month_start
    hidden = find_hidden(request, ShoppingRecordResource)
    report_query = PARAMETERS.parse(request.GET.items(), hidden, month_start=month_start)
    report = load_report(request.reader, SpendingQuery.from_report_query(report_query))
    if media_type == FORMATS["csv"]:
        return respond_with_csv(request, report, with_bom=report_query["encoding"] == UTF8_WITH_BOM)
    if media_type == FORMATS["svg"]:
        return _respond_with_chart(request, report)
    return serializers.make_document(report, request.route_path(ShoppingRecordResource.path))


def respond_with_csv(request, report: Report, *, with_bom: bool = True) -> Any:
    """Respond with the report as a CSV file.

    :param with_bom: whether the file begins with a byte order mark
    """
    currency = Settings.of(request.registry).currency
    header, rows = serializers.make_csv_header(report), serializers.make_csv_rows(report, currency)
    return csv_export.response(request, "spending.csv", header, rows, with_bom=with_bom)


def _respond_with_chart(request, report: Report) -> Any:
    is_column_chart = charts.is_column_chart(report)
    # The file's texts are English, whoever asks.
    chart = charts.make_chart(report, NumberFormat("en", Settings.of(request.registry).currency))
    response = request.response
    response.content_type = FORMATS["svg"]
    response.charset = "utf-8"
    response.text = render_svg(chart, is_column_chart=is_column_chart)
    response.headers["Content-Security-Policy"] = CSP
    return response


def includeme(config):
    """Serve the endpoint."""
    service = Service("reports:spending", "/api/reports/spending/", description=ABOUT)
    service.add_view(
        "GET",
        read_spending,
        answers=tuple(FORMATS.values()),
        permission=ReportPermission.VIEW_REPORTS,
        exclude=check_accept,  # the parameter `format` wins over the header
    )
    config.add_service(service)
