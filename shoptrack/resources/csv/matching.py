"""Finding the rows that a file refers to: by their ids, or by their names and what else the file says of them.

A name is compared exactly first, then without differences of width, case and kind of kana. Several rows that fit are a
fault, not a guess. A row that does not exist is added.
"""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, bindparam, select

from shoptrack.db.folding import fold, fold_and_truncate
from shoptrack.i18n.text_input import shorten
from shoptrack.i18n.translation import _
from shoptrack.resources.csv.faults import UnreadableFile
from shoptrack.resources.csv.layout import Cells, Leaf, ReferenceNode
from shoptrack.resources.fields import (
    REQUIRED,
    Field,
    InvalidValue,
    make_unknown_id_error,
    parse_id,
)
from shoptrack.resources.fields.cells import CellFormat
from shoptrack.resources.resource import AnyResource

MAX_KNOWN = 20_000  # texts whose rows a matcher remembers
MAX_NEW_ROWS = 20_000  # of one resource that a file may add by their names


class NewRow:
    """A row that the file names, and that does not exist.

    :ivar number: negative, so that it is no id; rows refer to it by it
    :ivar values: the values of its body; other new rows by their numbers
    :ivar needs: the new rows that it refers to
    :ivar line: the first line that needs it, ``None`` as long as none does
    """

    def __init__(
        self,
        number: int,
        resource: AnyResource,
        name: str,
        values: dict[str, Any],
        needs: "Sequence[NewRow]",
    ):
        self.number = number
        self.resource = resource
        self.name = name
        self.values = values
        self.needs = needs
        self.line: int | None = None

    def use(self, line: int) -> None:
        """Note that a line needs the row."""
        if self.line is None:
            for other in self.needs:
                other.use(line)
            self.line = line


class Problem(NamedTuple):
    """Why there is no row: a message about a column. Several rows may fit."""

    heading: str
    message: str
    fitting: frozenset[int] = frozenset()


Match = int | NewRow | Problem | None


class NewRows:
    """The rows that a file may add, by what tells them apart."""

    def __init__(self) -> None:
        self._rows: dict[Any, NewRow] = {}
        self._counts: dict[str, int] = {}

    def find(self, key: Any) -> NewRow | None:
        """Return the row with a key."""
        return self._rows.get(key)

    def add(
        self,
        key: Any,
        resource: AnyResource,
        name: str,
        values: dict[str, Any],
        needs: Sequence[NewRow],
    ) -> NewRow:
        """Add a row.

        :raises UnreadableFile: there are too many
        """
        count = self._counts[resource.path] = self._counts.get(resource.path, 0) + 1
        if count > MAX_NEW_ROWS:
            message = _(
                "The file would add more than ${limit} ${rows}. Is the right column named? Else import them first.",
                limit=MAX_NEW_ROWS,
                rows=resource.plural(),
            )
            raise UnreadableFile(message)
        row = self._rows[key] = NewRow(-len(self._rows) - 1, resource, name, values, needs)
        return row

    def used(self) -> list[NewRow]:
        """Return the rows that lines need, those that others refer to first."""
        return [row for row in self._rows.values() if row.line is not None]


class Wanted(NamedTuple):
    """What a file says of a row.

    :ivar id: ``None`` if it has none
    :ivar values: by the keys of bodies, as the database has them
    :ivar body: the same values as bodies have them
    :ivar inner: the rows that it refers to, by key
    :ivar problem: why nothing can be looked for
    """

    id: int | None
    name: str
    values: dict[str, Any]
    body: dict[str, Any]
    inner: dict[str, Match]
    problem: Problem | None = None


class ReferenceMatcher:
    """Finds the rows that one reference of the lines means."""

    def __init__(self, reference: ReferenceNode, rows: NewRows, format: CellFormat):
        self.field = reference.field
        self._node = reference.row
        self._resource = reference.row.resource
        self._rows = rows
        self._format = format
        self._inner = [ReferenceMatcher(one, rows, format) for one in self._node.references]
        self._known: dict[Any, Match] = {}
        self._name = next((leaf for leaf in self._node.leafs if self._is_name(leaf.field)), None)
        leafs = [leaf for leaf in self._node.leafs if leaf.source.places]
        self._sources = [leaf.source for leaf in leafs]
        if self._name is not None and not self._name.source.places:
            self._sources.insert(0, self._name.source)
        self._leafs = leafs
        if self._node.id is not None:
            self._sources.append(self._node.id)
        given = self._given_fields()
        self._key = [field for field in get_natural_key(self._resource) if field in given]
        self._others = [field for field in given if field not in self._key]
        self._places = {place for source in self._sources for place in source.places}
        self._places.update(*(matcher._places for matcher in self._inner))
        # Equal cells mean the same row.
        self._get_key = itemgetter(*self._places) if self._places else lambda cells: None
        self.heading = next(
            (source.heading for source in self._sources if source.places), self.field.key
        )

    def match(self, connection: Connection, lines: Sequence[Cells]) -> list[Match]:
        """Return the row that each line refers to: an id, a new row, ``None``, or why there is none."""
        known = self._known
        if len(known) > MAX_KNOWN:
            known.clear()
        keys = [self._get_key(line) for line in lines]
        if new := {key: line for key, line in zip(keys, lines, strict=True) if key not in known}:
            self._find(connection, new)
        return [known[key] for key in keys]

    # What the file says

    def _read(self, cells: Cells, inner: Sequence[Match]) -> Wanted:
        problem, id = None, None
        if self._node.id is not None and (text := self._node.id.read(cells).strip()):
            try:
                id = parse_id(text)
            except InvalidValue as error:
                problem = Problem(self._node.id.heading, error.args[0])
        values: dict[str, Any] = {}
        body: dict[str, Any] = {}
        for leaf in self._leafs:
            key = leaf.field.key
            if text := leaf.source.read(cells):
                try:
                    body[key], values[key] = parse_cell(leaf, text, self._format)
                except InvalidValue as error:
                    problem = problem or Problem(leaf.source.heading, error.args[0])
            elif not leaf.field.required:
                values[key] = None
        by_key = {
            matcher.field.key: match for matcher, match in zip(self._inner, inner, strict=True)
        }
        name = ""
        if self._name is not None:
            name = values.get(self._name.field.key) or ""
            if not name and (default := self._name.source.default):
                try:
                    _body, name = parse_cell(self._name, default, self._format)
                except InvalidValue as error:
                    problem = problem or Problem(self._name.source.heading, error.args[0])
            values[self._name.field.key] = body[self._name.field.key] = name
        return Wanted(id, name, values, body, by_key, problem)

    def _is_name(self, field: Field) -> bool:
        return field.is_label and field.get_search_column(self._resource.model) is not None

    def _given_fields(self) -> list[Field]:
        """Return the fields that the file itself has of the row."""
        inner = [one.field for one in self._node.references if one.row.is_in_file]
        named = [] if self._name is None else [self._name.field]
        return list(dict.fromkeys([*named, *(leaf.field for leaf in self._leafs), *inner]))

    # What the database has

    def _find(self, connection: Connection, cells: dict[Any, Cells]) -> None:
        """Find the rows that some lines refer to, which are given by what tells them apart."""
        lines = list(cells.values())
        inner = [matcher.match(connection, lines) for matcher in self._inner]
        wanted = {
            key: self._read(line, matches)
            for key, line, *matches in zip(cells, lines, *inner, strict=True)
        }
        by_id = self._read_rows(connection, "id", {one.id for one in wanted.values() if one.id})
        names = {
            fold_and_truncate(one.name) for one in wanted.values() if one.id is None and one.name
        }
        by_name: dict[str, list[Any]] = {}
        if self._name is not None and names:
            column = self._name.field.get_search_column(self._resource.model).key
            for row in self._read_rows(connection, column, names).values():
                name = fold_and_truncate(row[self._name.field.key])
                by_name.setdefault(name, []).append(row)
        for key, one in wanted.items():
            if one.problem is not None:
                self._known[key] = one.problem
            elif one.id is not None:
                self._known[key] = self._check_id(one, by_id.get(one.id))
            elif not one.name:
                is_empty = not any(source.read(cells[key]) for source in self._sources)
                self._known[key] = None if is_empty else Problem(self.heading, REQUIRED)
            else:
                rows = by_name.get(fold_and_truncate(one.name), [])
                self._known[key] = self._choose(one, rows)

    def _read_rows(
        self, connection: Connection, attribute: str, values: Iterable[Any]
    ) -> dict[int, dict[str, Any]]:
        """Return rows by their ids, with their values by the keys of bodies."""
        values = list(values)
        if not values:
            return {}
        model = self._resource.model
        keys = [field.key for field in self._given_fields()]
        column = getattr(model, attribute)
        type = BigInteger() if attribute == "id" else column.type
        parameter = bindparam("wanted", type_=type, expanding=True)
        statement = select(model.id, *(getattr(model, key) for key in keys)).where(
            column.in_(parameter)
        )
        rows = connection.execute(statement.order_by(model.id), {"wanted": values})
        return {row[0]: {"id": row[0], **dict(zip(keys, row[1:], strict=True))} for row in rows}

    def _check_id(self, wanted: Wanted, row: dict[str, Any] | None) -> Match:
        """Return the id, if the row has the name that the file says."""
        assert self._node.id is not None
        assert wanted.id is not None
        if row is None:
            return Problem(self._node.id.heading, make_unknown_id_error(wanted.id).args[0])
        if self._name is not None and wanted.name:
            stored = row[self._name.field.key]
            if fold(stored) != fold(wanted.name):
                message = _(
                    "The ${noun} ${id} is “${stored}”, not “${name}”. Empty one of the two cells.",
                    noun=self._resource.noun(),
                    id=wanted.id,
                    stored=shorten(stored),
                    name=shorten(wanted.name),
                )
                return Problem(self._node.id.heading, message)
        return wanted.id

    def _choose(self, wanted: Wanted, rows: Sequence[dict[str, Any]]) -> Match:
        for field in self._key:
            match = wanted.inner.get(field.key)
            if isinstance(match, Problem):
                return match
        fitting = [row for row in rows if self._fits(wanted, row, self._key, is_exact=True)] or [
            row for row in rows if self._fits(wanted, row, self._key, is_exact=False)
        ]
        if len(fitting) > 1:
            narrowed = [
                row for row in fitting if self._fits(wanted, row, self._others, is_exact=False)
            ]
            fitting = narrowed or fitting
        if len(fitting) == 1:
            return fitting[0]["id"]
        if fitting:
            message = _(
                "${count} ${rows} fit “${name}”. Merge them, or name one by its id in the column ${key}.",
                count=len(fitting),
                rows=self._resource.plural(),
                name=shorten(wanted.name),
                key=self.field.key,
            )
            return Problem(self.heading, message, frozenset(row["id"] for row in fitting))
        return self._make_new_row(wanted)

    def _fits(
        self, wanted: Wanted, row: dict[str, Any], fields: Sequence[Field], *, is_exact: bool
    ) -> bool:
        for field in fields:
            value, stored = wanted.values.get(field.key), row[field.key]
            if field.resource is not None:
                value = wanted.inner.get(field.key)
                if value is None and field.required:
                    continue
            elif field.key not in wanted.values:
                continue
            if value == stored:
                continue
            if is_exact or not isinstance(value, str) or not isinstance(stored, str):
                return False
            if fold(value) != fold(stored):
                return False
        return True

    # New rows

    def _make_new_row(self, wanted: Wanted) -> Match:
        told = tuple(
            _fold_value(wanted.values.get(field.key, wanted.inner.get(field.key)))
            for field in self._key
        )
        key = (self._resource.path, tuple(field.key for field in self._key), told)
        row = self._rows.find(key)
        if row is not None:
            return row
        values: dict[str, Any] = {}
        needs = []
        leafs = {leaf.field: leaf for leaf in self._node.leafs}
        for field in self._resource.fields:
            if field.read_only:
                continue
            if field.resource is not None:
                match = wanted.inner.get(field.key)
                if isinstance(match, Problem):
                    return match
                if match is None and field.required:
                    return self._lack(wanted, field)
                if isinstance(match, NewRow):
                    needs.append(match)
                    match = match.number
                if match is not None:
                    values[field.key] = match
                continue
            value = wanted.body.get(field.key)
            leaf = leafs.get(field)
            if value is None and leaf is not None and leaf.source.default:
                try:
                    value, _value = parse_cell(leaf, leaf.source.default, self._format)
                except InvalidValue as error:
                    return Problem(leaf.source.heading, error.args[0])
            if value is None and field.is_expected:
                return self._lack(wanted, field)
            if value is not None:
                values[field.key] = value
        return self._rows.add(key, self._resource, wanted.name, values, needs)

    def _lack(self, wanted: Wanted, field: Field) -> Problem:
        message = _(
            "There is no ${noun} “${name}”. To add it, the file needs a ${field}: a column, or a default.",
            noun=self._resource.noun(),
            name=shorten(wanted.name),
            field=field.verbose_name,
        )
        return Problem(self.heading, message)


def parse_cell(leaf: Leaf, text: str, format: CellFormat) -> tuple[Any, Any]:
    """Return the value of a cell as bodies have it, and as the database has it.

    :raises InvalidValue: the text is invalid for the field
    """
    value = leaf.field.from_csv(text, format)
    return value, leaf.field.load(value)


def get_natural_key(resource: AnyResource) -> list[Field]:
    """Return the fields by which people tell the rows of a resource apart."""
    own = [field for field in resource.own_fields() if not field.read_only]
    unique = next((one for one in own if one.unique), None)
    together = next(iter(resource.unique_together), ())
    names = resource.natural_key or ((unique.name,) if unique else together)
    return [field for field in own if field.name in names] or own


def _fold_value(value: Any) -> Any:
    return fold(value) if isinstance(value, str) else value
