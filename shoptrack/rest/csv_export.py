"""Tables as CSV, sent row by row. Spreadsheets show the text and do not run it as a formula."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from pyramid.response import Response
from sqlalchemy import Connection

from shoptrack.i18n.translation import make_translator
from shoptrack.resources.csv import (
    KEYS,
    ComputedColumn,
    CsvExport,
    CsvFormat,
    get_format,
    write_table,
)
from shoptrack.resources.list_query import ListQuery
from shoptrack.resources.visibility import SHOW_ALL, Hidden
from shoptrack.web.streams import Chunks, stream

__all__ = ["ComputedColumn", "CsvExport", "respond_with_rows", "response"]

Row = Sequence[Any]


def response(
    request,
    filename: str,
    header: Row,
    rows: Iterable[Row] | Callable[[Connection], Iterable[Row]],
    *,
    with_bom: bool = True,
) -> Response:
    """Return the response that sends a file, as `shoptrack.web.streams.stream` does.

    :param rows: the rows, or a function that gets a connection and yields them
    :param with_bom: whether the file begins with a byte order mark, without which Excel expects an older encoding
    :raises ServiceUnavailable: the file is long, and all slots for streams are taken
    """
    format = CsvFormat("utf-8-sig" if with_bom else "utf-8")

    if not callable(rows):  # rows in memory need no connection
        return _send(request, filename, write_table(header, rows, format), format)
    read = rows

    def chunks(connection: Connection) -> Iterator[bytes]:
        return write_table(header, read(connection), format)

    return _send(request, filename, chunks, format)


def respond_with_rows(
    request,
    export: CsvExport,
    query: ListQuery,
    hidden: Hidden = SHOW_ALL,
    *,
    language: str,
    computed: Sequence[ComputedColumn] = (),
    is_short: bool = False,
) -> Response:
    """Return the response that sends a resource's rows.

    :param query: parsed by the export's ``parameters``
    :param hidden: view permissions that the caller lacks
    :param language: of the headings, unless the query names another
    :param computed: further columns, at the end
    :param is_short: whether the list is short, as in `shoptrack.web.streams.stream`
    :raises ServiceUnavailable: the file is long, and all slots for streams are taken
    """
    language = query.options.get("headings", language)
    translate = None if language == KEYS else make_translator(request.registry, language)

    def chunks(connection: Connection) -> Iterator[bytes]:
        return export.write(connection, query, hidden, translate=translate, computed=computed)

    filename = f"{export.resource.path}.csv"
    return _send(request, filename, chunks, get_format(query), is_short=is_short)


def _send(
    request, filename: str, chunks: Chunks, format: CsvFormat, *, is_short: bool = False
) -> Response:
    sent = stream(request, chunks, content_type="text/csv", filename=filename, is_short=is_short)
    sent.charset = format.charset
    return sent
