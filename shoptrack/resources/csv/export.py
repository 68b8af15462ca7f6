"""The export of a resource: all rows of a list as a CSV file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection

from shoptrack.i18n.translation import LANGUAGES
from shoptrack.resources.csv.columns import (
    CsvColumn,
    format_cell,
    make_columns,
    make_headings,
)
from shoptrack.resources.csv.encodings import ENCODINGS, CsvFormat, parse_delimiter
from shoptrack.resources.csv.writer import make_cell_writer, write_chunks
from shoptrack.resources.list_query import ListParameters, ListQuery
from shoptrack.resources.query_string import one_of
from shoptrack.resources.repository import Repository
from shoptrack.resources.row_statements import Document
from shoptrack.resources.visibility import SHOW_ALL, Hidden

FORMATS = ("csv",)
KEYS = "keys"  # in place of a language: the headings are the columns' keys
HEADINGS = (KEYS, *LANGUAGES)
OPTIONS: dict[str, Callable[[str], Any]] = {
    "format": one_of(*FORMATS),
    "encoding": one_of(*ENCODINGS),
    "delimiter": parse_delimiter,
    "headings": one_of(*HEADINGS),
}
BATCH_ROWS = 500  # whose computed columns are computed together
MAX_NESTED_ROWS = 20_000  # whose cells are kept, of each reference

CellWriter = Callable[[Any], Any]


@dataclass(frozen=True)
class ComputedColumn:
    """A column that is no field's: computed for a batch of documents.

    :param compute: returns the values in the order of the documents
    """

    key: str
    heading: str
    compute: Callable[[Sequence[Document]], Sequence[Any]]


class CsvExport:
    """The exports of one resource in one application.

    :ivar parameters: of the list without its pages, and of the file: ``format``, ``encoding``, ``delimiter``,
        ``headings``
    """

    def __init__(self, repository: Repository):
        self.repository = repository
        self.resource = repository.resource
        self.parameters = ListParameters(self.resource, options=OPTIONS, with_pages=False)

    def write(
        self,
        connection: Connection,
        query: ListQuery,
        hidden: Hidden = SHOW_ALL,
        *,
        translate: Callable[[str], str] | None = str,
        computed: Sequence[ComputedColumn] = (),
    ) -> Iterator[bytes]:
        """Yield the file in chunks, with few rows in memory at a time.

        :param query: parsed by ``parameters``
        :param hidden: view permissions that the caller lacks
        :param translate: translates the headings; ``None`` for the keys of the columns
        :param computed: further columns, at the end
        """
        format = get_format(query)
        columns = self.get_columns(query, hidden)
        header = self._make_header(columns, computed, translate)
        documents = self.repository.iterate(connection, query, hidden)
        rows = _make_rows(documents, columns, computed, format)
        return write_chunks(header, rows, format, is_safe=True)

    def get_columns(self, query: ListQuery, hidden: Hidden = SHOW_ALL) -> list[CsvColumn]:
        """Return the columns of the query's fields that the caller may view."""
        columns = make_columns(self.resource, hidden)
        fields = query.shape.fields
        return [column for column in columns if fields is None or column.member in fields]

    def make_example(self) -> str:
        """Return a file with one row, which is the resource's example."""
        columns = make_columns(self.resource)
        format = CsvFormat("utf-8")
        header = self._make_header(columns, (), str)
        rows = _make_rows([self.resource.example()], columns, (), format)
        return b"".join(write_chunks(header, rows, format, is_safe=True)).decode()

    def _make_header(
        self,
        columns: Sequence[CsvColumn],
        computed: Sequence[ComputedColumn],
        translate: Callable[[str], str] | None,
    ) -> list[str]:
        if translate is None:
            return [*(column.key for column in columns), *(column.key for column in computed)]
        headings = make_headings(make_columns(self.resource), translate)
        return [
            *(headings[column.key] for column in columns),
            *(translate(column.heading) for column in computed),
        ]


def get_format(query: ListQuery) -> CsvFormat:
    """Return the format of a query's file."""
    return CsvFormat(
        query.options.get("encoding", ENCODINGS[0]),
        query.options.get("delimiter", ","),
    )


def _make_rows(
    documents: Iterable[Document],
    columns: Sequence[CsvColumn],
    computed: Sequence[ComputedColumn],
    format: CsvFormat,
) -> Iterator[Sequence[Any]]:
    """Return the safe cells of each row.

    Rows are made one after the other: with batches of them, the garbage collector took a quarter of the time.
    """
    write_cell = make_cell_writer(format)
    write_row = make_row_writer(columns, write_cell)
    if not computed:
        return map(write_row, documents)

    def make_rows() -> Iterator[Sequence[Any]]:
        iterator = iter(documents)
        while batch := list(islice(iterator, BATCH_ROWS)):
            # A column that fails breaks the file off, which must not look complete.
            values = [map(format_cell, column.compute(batch)) for column in computed]
            for document, *cells in zip(batch, *values, strict=True):
                yield [*write_row(document), *map(write_cell, cells)]

    return make_rows()


def make_row_writer(
    columns: Sequence[CsvColumn], write_cell: CellWriter
) -> Callable[[Document], list[Any]]:
    """Return a function that makes the cells of a document."""
    members = [
        (member, _make_member_writer(member, list(group), write_cell))
        for member, group in groupby(columns, attrgetter("member"))
    ]

    def write_row(document: Document) -> list[Any]:
        row: list[Any] = []
        for member, write in members:
            row += write(document[member])
        return row

    return write_row


def _make_member_writer(
    member: str, columns: Sequence[CsvColumn], write_cell: CellWriter
) -> Callable[[Any], Sequence[Any]]:
    """Return a function that makes the cells of a document's member. Those of a nested row are made once."""
    first = columns[0]
    if first.field is None:
        return lambda id: (id,)
    if first.field.resource is None:
        format = first.format

        def write_own(value: Any) -> Sequence[Any]:
            cell = format(value)
            return (write_cell(cell) if isinstance(cell, str) else cell,)

        return write_own
    known: dict[Any, Sequence[Any]] = {}

    def write(row: Document | None) -> Sequence[Any]:
        id = None if row is None else row["id"]
        cells = known.get(id)
        if cells is None:
            if len(known) >= MAX_NESTED_ROWS:
                known.clear()
            document = {member: row}
            cells = known[id] = [write_cell(column.get_cell(document)) for column in columns]
        return cells

    return write
