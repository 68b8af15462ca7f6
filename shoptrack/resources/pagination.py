"""A page of a list, and the links to its neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection

from shoptrack.resources.list_query import ListQuery
from shoptrack.resources.list_statements import ListStatements
from shoptrack.resources.ordering import Cursor
from shoptrack.resources.row_statements import Document, Row
from shoptrack.resources.serializers import ResourceSerializer
from shoptrack.resources.visibility import Hidden

LinkParameters = dict[str, Any]  # of the link to a page


@dataclass(frozen=True)
class Page:
    """Some documents of a list.

    :param total: the number of rows in the whole list, if it was counted
    :param links: the parameters of the previous and the next page, by ``prev`` and ``next``
    """

    documents: list[Document]
    total: int | None
    links: dict[str, LinkParameters]


def read_page(
    connection: Connection, statements: ListStatements, query: ListQuery, hidden: Hidden
) -> Page:
    """Read the page of a query by one statement.

    :param hidden: view permissions that the caller lacks
    """
    assert query.limit is not None
    is_backwards = query.cursor is not None and query.cursor.is_backwards
    # One more row shows whether another page follows.
    values = query.values | {"limit": query.limit + 1, "offset": query.offset}
    if query.cursor is not None:
        values |= query.cursor.get_bind_values(query.shape.order)
    statement = statements.counted_page if query.with_count else statements.page
    rows: Sequence[Row] = connection.execute(statement, values).all()
    total = _get_total(connection, statements, query, rows) if query.with_count else None
    has_more = len(rows) > query.limit
    rows = rows[: query.limit]
    if is_backwards:
        rows = rows[::-1]
    rows = statements.serializer.complete(connection, rows)
    make_document = statements.serializer.hiding(hidden).make_row_serializer()
    links = (
        _make_offset_links(query, has_more)
        if query.offset is not None
        else _make_cursor_links(statements.serializer, query, rows, has_more, is_backwards)
    )
    return Page([make_document(row) for row in rows], total, links)


def _get_total(
    connection: Connection, statements: ListStatements, query: ListQuery, rows: Sequence[Row]
) -> int:
    """Return the number of rows in the whole list. Only a page beyond its end needs another statement."""
    if rows:
        return rows[0][-1]
    if query.cursor is None and not query.offset:
        return 0
    return connection.scalar(statements.count, query.values) or 0


def _make_offset_links(query: ListQuery, has_more: bool) -> dict[str, LinkParameters]:
    assert query.limit is not None
    assert query.offset is not None
    links = {}
    if has_more:
        links["next"] = {"offset": query.offset + query.limit}
    if query.offset:
        links["prev"] = {"offset": max(0, query.offset - query.limit)}
    return links


def _make_cursor_links(
    serializer: ResourceSerializer,
    query: ListQuery,
    rows: Sequence[Row],
    has_more: bool,
    is_backwards: bool,
) -> dict[str, LinkParameters]:
    """Return the links. A page that was requested by a cursor always has a neighbour on that side."""
    if not rows:
        return {}

    def make_link(row: Row, is_backwards: bool) -> LinkParameters:
        values = serializer.get_sort_values(row, len(query.shape.order))
        return {"cursor": Cursor(query.fingerprint, values, is_backwards).encode(query.shape.order)}

    links = {}
    if has_more or is_backwards:
        links["next"] = make_link(rows[-1], False)
    if query.cursor is not None and (has_more or not is_backwards):
        links["prev"] = make_link(rows[0], True)
    return links


def make_link_header(
    url: str, pairs: Sequence[tuple[str, str]], links: dict[str, LinkParameters]
) -> str:
    """Return the ``Link`` header: the request's own parameters with those of each page (RFC 8288)."""
    params = [(name, text) for name, text in pairs if name not in ("cursor", "offset")]
    return ", ".join(
        f'<{url}?{urlencode([*params, *link.items()])}>; rel="{relation}"'
        for relation, link in links.items()
    )
