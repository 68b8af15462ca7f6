"""The address of the report: a document, a file or a chart, as the client asks."""

from base64 import b64encode
from hashlib import sha256
from typing import Any

from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.rest import csv_export
from shoptrack.rest.description import describe_view
from shoptrack.rest.negotiation import check_accept, select_media_type
from shoptrack.rest.service import Service
from shoptrack.rest.visibility import find_hidden
from shoptrack_reports.documents import ABOUT
from shoptrack_reports.drawing import STYLE, picture
from shoptrack_reports.permissions import ReportPermission
from shoptrack_reports.settings import ReportSettings
from shoptrack_reports.spending import charts, documents
from shoptrack_reports.spending.description import ANSWERS
from shoptrack_reports.spending.parameters import FORMATS, MARKED, PARAMETERS
from shoptrack_reports.spending.question import Question
from shoptrack_reports.spending.report import Report, read

# A picture that is opened by itself may have its own style, and nothing else.
DIGEST = b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{DIGEST}'; frame-ancestors 'none'"


@describe_view(query=PARAMETERS.described, responses=ANSWERS)
def read_spending(request) -> Any:
    """Sum up what was spent, by one or two of time, product, store and whatever else records refer to.

    Totals are sums of `price`, which is what a whole line cost, and count all records that the filters leave. Each
    row has the address of the records that it sums up. Periods in which nothing was bought are there with 0, from
    the first day that was asked for, or on which something was bought, to the last. Times come in their order,
    everything else by what was spent on it.
    """
    request.response.vary = ("Accept",)
    # Who takes nothing of what there is hears that first, as everywhere.
    media_type = FORMATS.get(request.GET.get("format")) or select_media_type(
        request, tuple(FORMATS.values())
    )
    month_start = ReportSettings.of(request.registry).month_start
    hidden = find_hidden(request, ShoppingRecordResource)
    asked = PARAMETERS.parse(request.GET.items(), hidden, month_start=month_start)
    report = read(request.reader, Question.of(asked))
    if media_type == FORMATS["csv"]:
        return file(request, report, marked=asked["encoding"] == MARKED)
    if media_type == FORMATS["svg"]:
        return _picture(request, report)
    return documents.document(report, request.route_path(ShoppingRecordResource.path))


def file(request, report: Report, *, marked: bool = True) -> Any:
    """Answer a report as a file.

    :param marked: whether it begins with a byte order mark
    """
    header, lines = documents.header(report), documents.lines(report)
    return csv_export.response(request, "spending.csv", header, lines, marked=marked)


def _picture(request, report: Report) -> Any:
    upright = charts.is_upright(report)
    response = request.response
    response.content_type = FORMATS["svg"]
    response.charset = "utf-8"
    response.text = picture(charts.chart(report), upright=upright)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def includeme(config):
    """Serve the report to whoever may see reports."""
    service = Service("reports:spending", "/api/reports/spending/", description=ABOUT)
    service.add_view(
        "GET", read_spending, permission=ReportPermission.VIEW_REPORTS, exclude=check_accept
    )
    config.add_service(service)
