"""The export of a resource: all rows of a list as a CSV file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice, starmap
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection

from shoptrack.i18n.translation import LANGUAGES
from shoptrack.resources import row_statements
from shoptrack.resources.csv.columns import (
    CsvColumn,
    format_cell,
    make_columns,
    make_headings,
)
from shoptrack.resources.csv.encodings import ENCODINGS, CsvFormat, parse_delimiter
from shoptrack.resources.csv.writer import CsvWriter
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
BARE_TYPES = (int, date)  # of cells that need no quotes, and are no formulas


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

    :param with_references: whether the file can be ordered by the rows that it refers to
    :ivar parameters: of the list without its pages, and of the file: ``format``, ``encoding``, ``delimiter``,
        ``headings``
    """

    def __init__(self, repository: Repository, *, with_references: bool = False):
        self.repository = repository
        self.resource = repository.resource
        self.currency = repository.currency
        self.parameters = ListParameters(
            self.resource,
            options=OPTIONS,
            with_pages=False,
            with_references=with_references,
            filters=repository.parameters.filters,
        )

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
        columns = self.get_columns(query, hidden)
        header = self._make_header(columns, computed, translate)
        documents = self.repository.iterate(connection, query, hidden)
        writer = CsvWriter(get_format(query))
        return writer.encode(header, _make_lines(documents, columns, computed, writer))

    def get_columns(self, query: ListQuery, hidden: Hidden = SHOW_ALL) -> list[CsvColumn]:
        """Return the columns of the query's fields that the caller may view."""
        columns = make_columns(self.resource, hidden, self.currency)
        fields = query.shape.fields
        return [column for column in columns if fields is None or column.member in fields]

    def make_example(self) -> str:
        """Return a file with one row, which is the resource's example."""
        columns = make_columns(self.resource, currency=self.currency)
        writer = CsvWriter(CsvFormat("utf-8"))
        lines = _make_lines([self.resource.example()], columns, (), writer)
        return b"".join(writer.encode(self._make_header(columns, (), str), lines)).decode()

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


def _make_lines(
    documents: Iterable[Document],
    columns: Sequence[CsvColumn],
    computed: Sequence[ComputedColumn],
    writer: CsvWriter,
) -> Iterator[str]:
    """Return the line of each document.

    Lines are made one after the other: with batches of them, the garbage collector took a quarter of the time.
    """
    writers = [
        (member, _make_member_writer(member, list(group), writer))
        for member, group in groupby(columns, attrgetter("member"))
    ]

    def write_line(document: Document, *further: Any) -> str:
        texts = [write(document[member]) for member, write in writers]
        if further:
            texts.append(writer.join([writer.make_safe(format_cell(value)) for value in further]))
        return writer.make_line_of_texts(texts)

    if not computed:
        return map(write_line, documents)

    def write_batches() -> Iterator[str]:
        iterator = iter(documents)
        while batch := list(islice(iterator, BATCH_ROWS)):
            # A column that fails breaks the file off, which must not look complete.
            values = [column.compute(batch) for column in computed]
            yield from starmap(write_line, zip(batch, *values, strict=True))

    return write_batches()


def _make_member_writer(
    member: str, columns: Sequence[CsvColumn], writer: CsvWriter
) -> Callable[[Any], str]:
    """Return a function that makes the text of a document's member. That of a nested row is made once."""
    first = columns[0]
    if first.field is None or first.field.resource is None:
        writers = [_make_own_writer(column, writer) for column in columns]
        if len(writers) == 1:
            return writers[0]
        delimiter = writer.format.delimiter
        return lambda value: delimiter.join([write(value) for write in writers])
    known: dict[Any, str] = {}

    def write(row: Document | None) -> str:
        id = None if row is None else row["id"]
        text = known.get(id)
        if text is None:
            if len(known) >= row_statements.MAX_NESTED_ROWS:
                known.clear()
            document = {member: row}
            cells = [writer.make_safe(column.get_cell(document)) for column in columns]
            text = known[id] = writer.join(cells)
        return text

    return write


def _make_own_writer(column: CsvColumn, writer: CsvWriter) -> Callable[[Any], str]:
    """Return a function that makes the text of an own column's cell from the document's value."""
    format, make_safe, join = column.format, writer.make_safe, writer.join

    def write(value: Any) -> str:
        cell = format(value)
        if type(cell) in BARE_TYPES:
            return str(cell)
        return join((make_safe(cell),))

    return write
