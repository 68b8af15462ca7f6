"""A page of a list, and how to get to the ones beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection

from shoptrack.resources.list_query import Query
from shoptrack.resources.list_statements import Listing
from shoptrack.resources.ordering import Cursor
from shoptrack.resources.serializers import Document, Documents, Row
from shoptrack.resources.visibility import SHOW_ALL, Hidden

Link = dict[str, Any]  # the parameters that lead there


@dataclass(frozen=True)
class Page:
    """Some documents of a list.

    :param total: how many the whole list has, where it was counted
    :param links: the parameters of the pages beside it, by ``next`` and ``prev``
    """

    documents: list[Document]
    total: int | None
    links: dict[str, Link]


def read_page(
    connection: Connection, listing: Listing, query: Query, hidden: Hidden = SHOW_ALL
) -> Page:
    """Return the page that a query asks for, by one statement.

    :param hidden: the permissions to view that the caller lacks
    """
    assert query.limit is not None
    backwards = query.cursor is not None and query.cursor.backwards
    # One row more tells whether another page follows.
    values = query.values | {"limit": query.limit + 1, "offset": query.offset}
    if query.cursor is not None:
        values |= query.cursor.placed(query.form.order)
    rows = connection.execute(listing.counted_page if query.count else listing.page, values).all()
    total = _total(connection, listing, query, rows) if query.count else None
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    if backwards:
        rows = rows[::-1]
    make = listing.documents.hiding(hidden).maker()
    links = (
        _by_offset(query, more)
        if query.offset is not None
        else _by_cursor(listing.documents, query, rows, more, backwards)
    )
    return Page([make(row) for row in rows], total, links)


def _total(connection: Connection, listing: Listing, query: Query, rows: Sequence[Row]) -> int:
    """Return how many rows the whole list has, which only a page behind its end has to ask for."""
    if rows:
        return rows[0][-1]
    if query.cursor is None and not query.offset:
        return 0
    return connection.scalar(listing.count, query.values) or 0


def _by_offset(query: Query, more: bool) -> dict[str, Link]:
    assert query.limit is not None
    assert query.offset is not None
    links = {}
    if more:
        links["next"] = {"offset": query.offset + query.limit}
    if query.offset:
        links["prev"] = {"offset": max(0, query.offset - query.limit)}
    return links


def _by_cursor(
    documents: Documents, query: Query, rows: Sequence[Row], more: bool, backwards: bool
) -> dict[str, Link]:
    """Return the links; a client that came over a cursor came from the page on its other side."""
    if not rows:
        return {}

    def cursor(row: Row, backwards: bool) -> Link:
        return {
            "cursor": Cursor(
                query.fingerprint, documents.place(row, len(query.form.order)), backwards
            ).dump()
        }

    links = {}
    if more or backwards:
        links["next"] = cursor(rows[-1], False)
    if query.cursor is not None and (more or not backwards):
        links["prev"] = cursor(rows[0], True)
    return links


def link_header(address: str, sent: Sequence[tuple[str, str]], links: dict[str, Link]) -> str:
    """Return the ``Link`` header: the request's own parameters with those of each page (RFC 8288)."""
    kept = [(name, text) for name, text in sent if name not in ("cursor", "offset")]
    return ", ".join(
        f'<{address}?{urlencode([*kept, *link.items()])}>; rel="{relation}"'
        for relation, link in links.items()
    )
