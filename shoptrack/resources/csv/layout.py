"""Which column of a file has which value: the file's headings, compared with the columns of the resource."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from shoptrack.db.folding import fold
from shoptrack.errors import ValidationError
from shoptrack.i18n.text_input import shorten
from shoptrack.i18n.translation import _
from shoptrack.resources.csv.columns import CsvColumn, make_columns, make_headings
from shoptrack.resources.csv.encodings import resolve_references
from shoptrack.resources.csv.escaping import unescape_formula
from shoptrack.resources.csv.faults import UnreadableFile
from shoptrack.resources.csv.options import ImportOptions
from shoptrack.resources.csv.reading import FileFormat, Row
from shoptrack.resources.fields import Field
from shoptrack.resources.resource import AnyResource, Resource
from shoptrack.resources.visibility import SHOW_ALL, Hidden

Cells = Sequence[str]
MAX_COLUMNS = 1000
Translate = Callable[[str], str]


@dataclass(frozen=True)
class Source:
    """Where the text of a value comes from.

    :param heading: of the column in the file, or the key of a column that the file lacks
    :param places: the positions of its cells; the first that is not empty counts
    :param default: the text if all are empty
    :param has_references: whether the file has character references in place of characters that its encoding lacks
    """

    heading: str
    places: tuple[int, ...]
    default: str
    options: ImportOptions
    is_negated: bool = False
    has_references: bool = False

    def read(self, cells: Cells) -> str:
        """Return the text of a row's cell, which may be empty."""
        for place in self.places:
            text = cells[place].strip()
            if not self.options.is_foreign:
                if "'" in text:
                    text = unescape_formula(cells[place])
                if self.has_references and "&#" in text:
                    text = resolve_references(text)
            if text and not text.isspace() and text not in self.options.empty:
                return _negate(text) if self.is_negated else text
        return ""


@dataclass(frozen=True)
class Leaf:
    """A field with its source."""

    field: Field
    source: Source


@dataclass
class Node:
    """A row that a line of the file describes: the resource's own, or one that it refers to.

    :param is_in_file: whether the file itself has a column of it; else there are only defaults
    """

    resource: AnyResource
    id: Source | None = None
    leafs: list[Leaf] = field(default_factory=list)
    references: list["ReferenceNode"] = field(default_factory=list)
    is_in_file: bool = False


@dataclass
class ReferenceNode:
    """A reference with the columns of the row that it refers to. ``row.id`` has its ids."""

    field: Field
    row: Node


@dataclass(frozen=True)
class Layout:
    """The columns of a file.

    :param line: of the headings
    :param headings: of all columns
    :param columns: the keys of columns by their headings in the file
    :param currency: of the amounts' currency, which has to be the household's
    :param ignored: headings of columns that are not read
    :param only: texts that select lines, by position
    :param skip: texts that leave lines out, by position
    """

    root: Node
    line: int
    headings: list[str]
    columns: dict[str, str]
    currency: Source | None
    ignored: list[str]
    only: dict[int, frozenset[str]]
    skip: dict[int, frozenset[str]]

    def is_read(self, cells: Cells) -> bool:
        """Return whether a line is read."""
        return all(cells[place].strip() in texts for place, texts in self.only.items()) and not any(
            cells[place].strip() in texts for place, texts in self.skip.items()
        )


def make_layout(
    resource: Resource,
    header: Row,
    options: ImportOptions,
    format: FileFormat,
    languages: Sequence[Translate] = (str,),
    hidden: Hidden = SHOW_ALL,
) -> Layout:
    """Return the layout of a file.

    :param header: its first row
    :param languages: translate headings: a file may have those of any language
    :param hidden: view permissions that the caller lacks. By names of such rows, nothing is found.
    :raises ValidationError: an option names a column that does not exist
    :raises UnreadableFile: a column is missing, or several have one value
    """
    if len(header.cells) > MAX_COLUMNS:
        message = _("The file has more than ${limit} columns.", limit=MAX_COLUMNS)
        raise UnreadableFile(message, header.line)
    header = Row(header.line, [shorten(heading.strip()) for heading in header.cells])
    columns = {column.key: column for column in make_columns(resource, hidden)}
    _check_keys(options, columns)
    places = _find_places(header, options, columns, languages)
    sources = {
        key: Source(
            header.cells[found[0]] if (found := places.get(key)) else key,
            tuple(places.get(key, ())),
            options.defaults.get(key, ""),
            options,
            key in options.negate,
            not format.is_unicode,
        )
        for key in {**places, **options.defaults}
        if not (columns[key].is_id and options.ignore_ids)
    }
    root = _make_node(resource, (), columns, sources)
    _check_complete(root, header, columns)
    used = {place for source in sources.values() for place in source.places}
    headings = header.cells
    return Layout(
        root,
        header.line,
        headings,
        {headings[place]: key for key, found in places.items() for place in found if place in used},
        next((source for key, source in sources.items() if columns[key].is_currency), None),
        [heading for place, heading in enumerate(headings) if heading and place not in used],
        _find_texts(headings, "only", options.only),
        _find_texts(headings, "skip", options.skip),
    )


def _check_keys(options: ImportOptions, columns: Mapping[str, CsvColumn]) -> None:
    errors = {}
    for name, keys in (("columns", options.columns.values()), ("defaults", options.defaults)):
        unknown = sorted({key for key in keys if key and key not in columns})
        if unknown:
            errors[name] = [
                _(
                    "There is no column ${key}. There are: ${known}.",
                    key=key,
                    known=" ".join(columns),
                )
                for key in unknown
            ]
    if errors:
        raise ValidationError(errors)


def _find_places(
    header: Row,
    options: ImportOptions,
    columns: Mapping[str, CsvColumn],
    languages: Sequence[Translate],
) -> dict[str, list[int]]:
    """Return the positions of columns in the file, by their keys."""
    known = {fold(key): key for key in columns}
    for translate in languages:
        for key, heading in make_headings(columns.values(), translate).items():
            known.setdefault(fold(heading), key)
    own = {fold(heading.strip()): key for heading, key in options.columns.items()}
    headings = [fold(heading) for heading in header.cells]
    _check_headings("columns", header, options.columns)
    places: dict[str, list[int]] = {}
    for heading in sorted(own, key=list(own).index):  # in the order of the mapping
        if own[heading]:
            found = [place for place, one in enumerate(headings) if one == heading]
            places.setdefault(own[heading], []).extend(found)
    for place, heading in enumerate(headings):
        if heading not in known or heading in own or options.is_foreign:
            continue
        key = known[heading]
        if key in places:
            message = _(
                "The columns “${other}” and “${this}” are both ${key}.",
                other=header.cells[places[key][0]],
                this=header.cells[place],
                key=key,
            )
            raise UnreadableFile(message, header.line, header.cells[place])
        places[key] = [place]
    return places


def _check_headings(name: str, header: Row, headings: Collection[str]) -> None:
    """Check that the file has the columns that an option names."""
    known = header.cells
    folded = {fold(heading) for heading in known}
    missing = [heading for heading in headings if fold(heading.strip()) not in folded]
    if missing:
        message = _(
            "The file has no column “${heading}”. It has: ${known}.",
            heading=missing[0],
            known=", ".join(known[:50]),
        )
        raise UnreadableFile(message, header.line, missing[0])


def _find_texts(
    headings: Sequence[str], name: str, wanted: Mapping[str, Sequence[str]]
) -> dict[int, frozenset[str]]:
    _check_headings(name, Row(1, [*headings]), wanted)
    folded = [fold(heading) for heading in headings]
    return {folded.index(fold(heading)): frozenset(texts) for heading, texts in wanted.items()}


def _make_node(
    resource: AnyResource,
    path: tuple[str, ...],
    columns: Mapping[str, CsvColumn],
    sources: Mapping[str, Source],
) -> Node:
    node = Node(resource)
    own = {
        column.field: key
        for key, column in columns.items()
        if column.path == path and not column.is_currency
    }
    node.id = sources.get(own.get(None, ""))
    for one in resource.fields:
        source = sources.get(own.get(one, ""))
        if one.read_only or one not in own:
            continue
        if one.resource is None:
            if source is not None:
                node.leafs.append(Leaf(one, source))
            continue
        row = _make_node(one.resource, (*path, one.name), columns, sources)
        row.id = source
        if source is not None or row.leafs or row.references:
            row.is_in_file |= source is not None and bool(source.places)
            node.references.append(ReferenceNode(one, row))
    node.is_in_file = any(leaf.source.places for leaf in node.leafs) or any(
        reference.row.is_in_file for reference in node.references
    )
    return node


def _check_complete(root: Node, header: Row, columns: Mapping[str, CsvColumn]) -> None:
    """Check that the file has every value that a new row needs."""
    if not root.is_in_file:
        known = ", ".join(header.cells[:50])
        raise UnreadableFile(
            _("No column is known. The file begins with: ${known}.", known=known), header.line
        )
    if root.id is not None:  # the lines with an id need not have all values
        return
    given = {leaf.field for leaf in root.leafs} | {one.field for one in root.references}
    missing = [
        one
        for one in root.resource.fields
        if not one.read_only and one.is_expected and one not in given
    ]
    if missing:
        names = ", ".join(f"{one.verbose_name} ({one.key})" for one in missing)
        known = ", ".join(header.cells[:50])
        message = _(
            "The file has no column for: ${names}. It has: ${known}.", names=names, known=known
        )
        raise UnreadableFile(message, header.line, missing[0].key)


def _negate(text: str) -> str:
    text = text.strip()
    return text[1:] if text[:1] in "-−－▲△" else f"-{text}"


__all__ = ["Layout", "Leaf", "Node", "ReferenceNode", "Source", "make_layout"]
