"""A line of a file: the values of its cells, the rows that it refers to, and what is wrong with it."""

from collections.abc import Sequence
from typing import Any

from shoptrack.i18n.translation import _
from shoptrack.resources.csv.faults import Fault
from shoptrack.resources.csv.layout import Leaf
from shoptrack.resources.csv.matching import Match, NewRow, Problem, ReferenceMatcher, parse_cell
from shoptrack.resources.csv.spool import Spool
from shoptrack.resources.fields import REQUIRED, InvalidValue, parse_id
from shoptrack.resources.fields.cells import CellFormat

MAX_KNOWN = 20_000  # texts whose values a column remembers


class Line:
    """A line that is read.

    :ivar values: by the keys of bodies, as the database has them; new rows by their numbers
    :ivar body: the same as bodies have them
    :ivar ambiguous: references that several rows fit, by key
    """

    def __init__(self, number: int):
        self.number = number
        self.id: int | None = None
        self.values: dict[str, Any] = {}
        self.body: dict[str, Any] = {}
        self.new_rows: list[NewRow] = []
        self.ambiguous: list[tuple[str, Problem]] = []
        self.faults: list[Fault] = []

    def fail(self, heading: str, *messages: str) -> None:
        """Add a fault of a cell."""
        self.faults += [Fault(self.number, heading, message) for message in messages]

    def read_id(self, text: str, heading: str, spool: Spool) -> None:
        """Read the id of the row that the line means."""
        try:
            self.id = parse_id(text)
        except InvalidValue as error:
            self.fail(heading, *error.args)
            return
        if not spool.claim(self.id):
            self.fail(heading, _("An earlier line has this id."))

    def set(self, key: str, body: Any, value: Any) -> None:
        """Set a value."""
        self.body[key], self.values[key] = body, value

    def refer(self, matcher: ReferenceMatcher, match: Match) -> None:
        """Set a reference."""
        key = matcher.field.key
        if isinstance(match, Problem):
            if match.fitting:
                self.ambiguous.append((key, match))
            else:
                self.fail(match.heading, match.message)
        elif match is None and matcher.field.required:
            self.fail(matcher.heading, REQUIRED)
        elif isinstance(match, NewRow):
            self.new_rows.append(match)
            self.set(key, match.number, match.number)
        else:
            self.set(key, match, match)

    def keep_references(self, stored: dict[str, Any]) -> None:
        """Keep the references of the stored row that fit, where others fit as well."""
        unclear = []
        for key, problem in self.ambiguous:
            if stored[key] in problem.fitting:
                self.set(key, stored[key], stored[key])
            else:
                unclear.append((key, problem))
        self.ambiguous = unclear


class LeafReader:
    """Reads the cells of one column, and remembers their values."""

    def __init__(self, leaf: Leaf, format: CellFormat):
        self._leaf = leaf
        self._field = leaf.field
        self._source = leaf.source
        self._format = format
        self._known: dict[str, tuple[Any, Any] | InvalidValue] = {}

    def read(self, line: Line, cells: Sequence[str], *, is_new: bool) -> None:
        """Read the cell of a line."""
        text = self._source.read(cells) or (self._source.default if is_new else "")
        field = self._field
        if not text:
            if field.required and (field.is_expected or not is_new):
                line.fail(self._source.heading, REQUIRED)
            elif not field.required and (field.default is None or not is_new):
                line.set(field.key, None, None)
            return
        found = self._known.get(text) or self._parse(text)
        if isinstance(found, InvalidValue):
            line.fail(self._source.heading, *found.args)
        else:
            line.set(field.key, *found)

    def _parse(self, text: str) -> tuple[Any, Any] | InvalidValue:
        if len(self._known) > MAX_KNOWN:
            self._known.clear()
        try:
            found: tuple[Any, Any] | InvalidValue = parse_cell(self._leaf, text, self._format)
        except InvalidValue as error:
            found = error.with_traceback(None)
        self._known[text] = found
        return found
