"""Planning an import: which lines of a file are new, which are stored already, and which are faulty.

All of it is read outside of a transaction that writes. `shoptrack.resources.csv.writing` stores a plan.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any

from sqlalchemy import Connection

from shoptrack.db.database import Database
from shoptrack.i18n.text_input import shorten
from shoptrack.i18n.translation import _
from shoptrack.resources.csv.comparison import Comparison, Digest, Range
from shoptrack.resources.csv.faults import Fault, Faults, UnreadableFile
from shoptrack.resources.csv.layout import Layout, Translate, make_layout
from shoptrack.resources.csv.lines import LeafReader, Line
from shoptrack.resources.csv.matching import (
    Match,
    NewRow,
    NewRows,
    ReferenceMatcher,
    get_natural_key,
)
from shoptrack.resources.csv.options import ImportOptions
from shoptrack.resources.csv.reading import FileFormat, Row, read_rows, recognise
from shoptrack.resources.csv.spool import BATCH, AddedLine, ChangedLine, Spool
from shoptrack.resources.fields import (
    REQUIRED,
    Field,
    make_unknown_id_error,
)
from shoptrack.resources.list_version import ListVersion
from shoptrack.resources.repository import Repository
from shoptrack.resources.visibility import SHOW_ALL, Hidden

OnProgress = Callable[[int], None]


@dataclass
class ImportPlan:
    """What an import is going to do.

    :ivar format: ``None`` if the file is unreadable, as ``layout``
    :ivar counts: of lines that are ``new``, ``changed``, ``same``, ``faulty`` or ``skipped``
    :ivar new_rows: of other resources
    :ivar hidden: view permissions that the caller lacks
    :ivar has_ids: whether lines name rows by their ids
    :ivar version: of the rows with which the lines were compared
    """

    repository: Repository
    options: ImportOptions
    spool: Spool
    format: FileFormat | None = None
    layout: Layout | None = None
    faults: Faults = field(default_factory=Faults)
    counts: Counter[str] = field(default_factory=Counter)
    new_rows: list[NewRow] = field(default_factory=list)
    hidden: Hidden = SHOW_ALL
    has_ids: bool = False
    version: str | None = None
    compared: Comparison | None = None

    @property
    def needs(self) -> list[str]:
        """Return the permissions that the import needs."""
        resource = self.repository.resource
        needs = [
            resource.permission(verb)
            for verb, count in (("add", "new"), ("change", "changed"))
            if self.counts[count]
        ]
        if self.has_ids:  # the counts tell whether a row has the values of its line
            needs.append(resource.permission("view"))
        return [*needs, *dict.fromkeys(row.resource.permission("add") for row in self.new_rows)]


@contextmanager
def plan_import(
    registry: Any,
    path: str,
    file: IO[bytes],
    options: ImportOptions,
    *,
    languages: Sequence[Translate] = (str,),
    hidden: Hidden = SHOW_ALL,
    on_progress: OnProgress = lambda position: None,
) -> Iterator[ImportPlan]:
    """Return the plan of an import. It has a temporary file, which is gone at the end of the block.

    :param path: of the resource
    :param file: can be read several times
    :param languages: translate headings; the file may have those of any language
    :param hidden: view permissions that the caller lacks
    :param on_progress: called with the number of bytes that were read
    :raises ValidationError: an option is invalid
    """
    repository = Repository.of(registry, path)
    spool = Spool(has_equal_rows=repository.resource.has_equal_rows)
    plan = ImportPlan(repository, options, spool, hidden=hidden)
    try:
        try:
            _make_plan(plan, Database.of(registry), file, languages, on_progress)
        except UnreadableFile as error:
            plan.faults.add(error.fault)
        plan.counts["faulty"] = plan.faults.lines
        yield plan
    finally:
        spool.close()


def _make_plan(
    plan: ImportPlan,
    database: Database,
    file: IO[bytes],
    languages: Sequence[Translate],
    on_progress: OnProgress,
) -> None:
    options = plan.options
    plan.format = recognise(file, options.encoding, options.delimiter)
    rows = read_rows(file, plan.format)
    header = next(rows, None)
    if header is None:
        raise UnreadableFile(_("The file is empty."))
    if isinstance(header, Fault):
        raise UnreadableFile(header.message, header.line, header.column)
    plan.layout = make_layout(
        plan.repository.resource, header, options, plan.format, languages, plan.hidden
    )
    reader = _LineReader(plan)
    with database.snapshot(BATCH) as connection:
        plan.version = read_version(plan, connection)
        while batch := list(islice(rows, BATCH)):
            reader.read(connection, batch)
            on_progress(file.tell())
        plan.compared = Comparison(plan.repository.resource, reader.digest, reader.days, plan.spool)
        plan.compared.run(connection)
    for line, is_stored in plan.spool.contradictions():
        plan.faults.add(reader.explain_contradiction(line, is_stored=is_stored))
    new, changed, without_id = plan.spool.count()
    contradicting = plan.faults.lines - reader.faulty
    plan.counts |= Counter(
        new=new,
        changed=changed,
        same=reader.unchanged + without_id - new - contradicting,
        skipped=reader.skipped,
    )
    plan.new_rows = reader.rows.used()


def read_version(plan: ImportPlan, connection: Connection) -> str | None:
    """Return a text that changes with each row that the plan has read; ``None`` if the database counts no changes."""
    return ListVersion(plan.repository.resource).read(connection)[0]


class _LineReader:
    """Reads the lines of a file into the spool of a plan."""

    def __init__(self, plan: ImportPlan):
        assert plan.layout is not None
        self._plan = plan
        self._layout = layout = plan.layout
        self._resource = plan.repository.resource
        self._currency = plan.repository.currency
        self._format = plan.options.make_format(self._currency)
        self.rows = NewRows()
        self._matchers = [
            ReferenceMatcher(one, self.rows, self._format) for one in layout.root.references
        ]
        self._leafs = [LeafReader(leaf, self._format) for leaf in layout.root.leafs]
        given = {leaf.field for leaf in layout.root.leafs} | {one.field for one in self._matchers}
        self._missing = [
            one
            for one in self._resource.fields
            if not one.read_only and one.is_expected and one not in given
        ]
        self.digest = Digest(self._resource, layout)
        self.unchanged = self.skipped = self.faulty = 0
        self._found: dict[int, Sequence[Fault]] = {}  # by line, of some lines
        self.days = Range(self.digest.ordered)

    def read(self, connection: Connection, batch: Sequence[Row | Fault]) -> None:
        """Read some lines."""
        rows = []
        self._found.clear()
        for row in batch:
            if isinstance(row, Fault):
                self._fail(row.line, [self._name_column(row)])
            elif len(row.cells) != len(self._layout.headings):
                message = _(
                    "The line has ${number} cells, and the header ${width}.",
                    number=len(row.cells),
                    width=len(self._layout.headings),
                )
                self._fail(row.line, [Fault(row.line, None, message)])
            elif not any(map(str.strip, row.cells)):
                continue
            elif not self._layout.is_read(row.cells):
                self.skipped += 1
            else:
                rows.append(row)
        if rows:
            self._read_rows(connection, rows)
        for _line, faults in sorted(self._found.items()):
            self._plan.faults.add(*sorted(faults, key=self._find_place))

    def _read_rows(self, connection: Connection, rows: Sequence[Row]) -> None:
        cells = [row.cells for row in rows]
        matches = [matcher.match(connection, cells) for matcher in self._matchers]
        lines = [
            self._read_line(row, [found[number] for found in matches])
            for number, row in enumerate(rows)
        ]
        self._add([line for line in lines if line.id is None])
        self._change(connection, [line for line in lines if line.id is not None])

    def explain_contradiction(self, line: int, *, is_stored: bool) -> Fault:
        """Return the fault of a line that has the key of another row, and other values."""
        noun = self._resource.noun()
        if is_stored:
            message = _(
                "This ${noun} exists, with other values. Name it by its id to change it.", noun=noun
            )
        else:
            message = _("An earlier line has this ${noun}, with other values.", noun=noun)
        return Fault(line, self._heading_of(get_natural_key(self._resource)[0]), message)

    def _read_line(self, row: Row, matches: Sequence[Match]) -> Line:
        line = Line(row.line)
        if self._layout.root.id is not None and (
            text := self._layout.root.id.read(row.cells).strip()
        ):
            line.read_id(text, self._layout.root.id.heading, self._plan.spool)
            self._plan.has_ids = True
        is_new = line.id is None
        for leaf in self._leafs:
            leaf.read(line, row.cells, is_new=is_new)
        for matcher, match in zip(self._matchers, matches, strict=True):
            line.refer(matcher, match)
        self._check_currency(line, row)
        if is_new:
            for missing in self._missing:
                line.fail(missing.key, REQUIRED)
        return line

    def _check_currency(self, line: Line, row: Row) -> None:
        """Check that amounts are in the household's currency, since nothing is converted."""
        source = self._layout.currency
        code = source.read(row.cells).strip().upper() if source else ""
        if source and code and code != self._currency.code:
            message = _(
                "The household's currency is ${currency}. Amounts in ${code} are not converted.",
                currency=self._currency.code,
                code=shorten(code),
            )
            line.fail(source.heading, message)

    def _add(self, lines: Sequence[Line]) -> None:
        added = []
        for line in lines:
            if line.ambiguous and not line.faults:
                line.faults += [
                    Fault(line.number, *problem[:2]) for _key, problem in line.ambiguous
                ]
            if line.faults:
                self._fail(line.number, line.faults)
                continue
            for row in line.new_rows:
                row.use(line.number)
            self.days.include(line.values)
            key, rest = self.digest.make(line.values)
            added.append(AddedLine(line.number, key, rest, line.body))
        self._plan.spool.add(added)

    def _change(self, connection: Connection, lines: Sequence[Line]) -> None:
        ids = [line.id for line in lines if line.id is not None]
        stored = self._plan.repository.read_values(connection, ids) if ids else {}
        changed = []
        for line in lines:
            assert line.id is not None
            before = stored.get(line.id)
            heading = self._layout.root.id.heading if self._layout.root.id else "id"
            if before is None:
                line.fail(heading, make_unknown_id_error(line.id).args[0])
                line.fail(heading, _("Empty the cell to add the row, or send ignore_ids=true."))
            else:
                line.keep_references(before)
            line.faults += [Fault(line.number, *problem[:2]) for _key, problem in line.ambiguous]
            if line.faults:
                self._fail(line.number, line.faults)
            elif before is not None and all(
                before[key] == value for key, value in line.values.items()
            ):
                self.unchanged += 1
            else:
                for row in line.new_rows:
                    row.use(line.number)
                changed.append(ChangedLine(line.number, line.id, line.body))
        self._plan.spool.change(changed)

    def _fail(self, line: int, faults: Sequence[Fault]) -> None:
        self.faulty += 1
        self._found[line] = faults

    def _find_place(self, fault: Fault) -> int:
        """Return the position of a fault's column, by which the faults of a line are ordered."""
        headings = self._layout.headings
        return headings.index(fault.column) if fault.column in headings else len(headings)

    def _name_column(self, fault: Fault) -> Fault:
        """Return a fault of reading with the heading in place of the number of the column."""
        headings = self._layout.headings
        if fault.column is None or int(fault.column) > len(headings):
            return fault._replace(column=None)
        return fault._replace(column=headings[int(fault.column) - 1])

    def _heading_of(self, field: Field) -> str:
        for leaf in self._layout.root.leafs:
            if leaf.field is field:
                return leaf.source.heading
        return field.key
