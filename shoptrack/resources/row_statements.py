"""The statement that reads documents: one row for each, joined to all rows that the document nests."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import aliased

from shoptrack.resources.fields import Batch, Field
from shoptrack.resources.resource import AnyResource
from shoptrack.resources.visibility import Hidden, HiddenRow

MAX_NESTED_ROWS = 20_000  # whose documents are kept while a list is sent, of each reference

Document = dict[str, Any]
Row = Sequence[Any]
RowSerializer = Callable[[Row], Document]
NestedSerializer = Callable[[Document], Any]  # makes the value of a nested document
Reader = Callable[[Row], Any]
Member = tuple[
    str, Callable[[NestedSerializer, Hidden], Reader]
]  # a name, and a factory of readers


class RowStatement:
    """A statement to which the columns of documents are added. Rows are read by position.

    :param statement: selects from the rows of the documents
    :ivar needs: the permissions to view each column
    :ivar batches: what is read for several rows at once; these values follow the statement's columns
    """

    def __init__(self, statement: Select):
        self.statement = statement
        self.needs: list[frozenset[str]] = []
        self.batches: list[Batch] = []

    def add_resource(
        self,
        resource: AnyResource,
        row: Any,
        positions: dict[str, int],
        *,
        names: Sequence[str] | None = None,
        is_optional: bool = False,
        path: frozenset[str] = frozenset(),
    ) -> list[Member]:
        """Add the columns of a resource and of the resources that it nests, by one join each.

        :param row: the model, or an alias of it
        :param positions: takes the positions of own columns, by the model's attributes and the keys of extensions
        :param names: of the documents' fields, ``None`` for all
        :param is_optional: whether the row itself may be missing, and with it all that it nests
        :param path: the permissions to view the row that refers to this one, and so to see its id
        """
        own = path | {resource.permission("view")}
        members: list[Member] = []

        def add_fields(fields: Sequence[Field], columns: Any, positions: dict[str, int]) -> None:
            for field in fields:
                if names is None or field.name in names:
                    make = self._add_field(field, columns, positions, own, is_optional)
                    members.append((field.name, make))

        id = self._add_column(row.id, "id", positions, path)
        if names is None or "id" in names:
            members.append(("id", lambda nest, hidden: id))
        add_fields(resource.own_fields(), row, positions)
        for extension in resource.extensions:
            if names is not None and not any(field.name in names for field in extension.fields):
                continue
            columns = row
            if extension.model is not None:
                table = aliased(extension.model)
                self.statement, columns = extension.join(self.statement, row, table)
            known = {name: at for name, at in positions.items() if name not in extension.attributes}
            add_fields(extension.fields, columns, known)
            keys = [field.key for field in extension.stored_fields]
            positions |= {key: known[key] for key in keys if key in known}
        return members

    def _add_field(
        self,
        field: Field,
        columns: Any,
        positions: dict[str, int],
        own: frozenset[str],
        is_optional: bool,
    ) -> Callable[[NestedSerializer, Hidden], Reader]:
        if field.resource is not None:
            target = aliased(field.resource.model)
            is_outer = is_optional or not field.required
            condition = getattr(columns, field.key) == target.id
            self.statement = self.statement.join(target, condition, isouter=is_outer)
            positions[field.key] = len(self.needs)  # the id of the referenced row
            key = itemgetter(len(self.needs))
            nested = self.add_resource(field.resource, target, {}, is_optional=is_outer, path=own)
            return _make_nested_reader(field.resource, key, nested)
        if field.batch is not None:
            number = len(self.batches)
            self.batches.append(field.batch)
            # The statement has all its columns when rows are read.
            return lambda nest, hidden: itemgetter(len(self.needs) + number)
        readers = [
            self._add_column(getattr(columns, name), name, positions, own)
            for name in field.attributes
        ]
        reader = field.make_reader(readers)
        return lambda nest, hidden: reader

    def _add_column(
        self, column: Any, name: str, positions: dict[str, int], need: frozenset[str]
    ) -> Reader:
        if name not in positions:
            positions[name] = len(self.needs)
            self.needs.append(need)
            self.statement = self.statement.add_columns(column)
        return itemgetter(positions[name])


def combine(members: list[Member], nest: NestedSerializer, hidden: Hidden) -> RowSerializer:
    """Return a function that makes a document of its members from a row.

    :param nest: converts each nested document
    """
    readers = [(name, factory(nest, hidden)) for name, factory in members]
    return lambda row: {name: read(row) for name, read in readers}


def _make_nested_reader(
    resource: AnyResource, key: Reader, members: list[Member]
) -> Callable[[NestedSerializer, Hidden], Reader]:
    """Return the factory of a reader that makes each nested document once, as long as there are few."""
    permission = resource.permission("view")

    def factory(nest: NestedSerializer, hidden: Hidden) -> Reader:
        make: RowSerializer = (
            (lambda row: HiddenRow(id=key(row)))
            if permission in hidden
            else combine(members, nest, hidden)
        )
        known: dict[Any, Any] = {None: None}

        def read(row: Row) -> Any:
            id = key(row)
            if id not in known:
                if len(known) > MAX_NESTED_ROWS:
                    known.clear()
                    known[None] = None
                known[id] = nest(make(row))
            return known[id]

        return read

    return factory
