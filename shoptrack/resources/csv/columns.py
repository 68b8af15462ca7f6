"""The columns of a resource's CSV file: its own fields, and those of the rows that it refers to.

Exports write them and imports read them. A column has a key, which is stable, and a heading for people. Scripts use
keys, people see headings in their language.

==========================  ===========================================================================
``id``                      the row's id
``purchase_date``           an own field
``store_id``                a reference: the id of the other row
``store_name``              a field of that row
``product_category_id``     a reference of that row
``product_category_name``   a field of the row at its end
``currency``                the household's, beside the first amount of money
==========================  ===========================================================================
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import orjson

from shoptrack.i18n.currencies import JPY, Currency
from shoptrack.i18n.translation import _
from shoptrack.resources.fields import Field
from shoptrack.resources.resource import AnyResource
from shoptrack.resources.row_statements import Document
from shoptrack.resources.visibility import SHOW_ALL, Hidden

CURRENCY = "currency"  # the key of its column
PLAIN_TYPES = (str, int, date)  # of cells that stay as they are; the most frequent ones


@dataclass(frozen=True)
class CsvColumn:
    """A column of a resource's CSV file.

    :ivar key: unique in the file and stable, such as ``purchase_date``, ``store_id`` or ``product_category_name``. Own
        columns have the keys of bodies.
    :ivar heading: the name for people: English, and a message that can be translated
    :ivar resource: the resource that has the field: the file's, or that of a nested row
    :ivar field: the field whose values these are, ``None`` for the row's ``id``. A `Reference` is its id.
    :ivar path: the names of the references that lead from the file's row to the one with the field; empty for the
        row's own columns
    :ivar currency: of amounts
    :ivar is_currency: whether the cells are the currency's code, beside an amount
    """

    key: str
    heading: str
    resource: AnyResource
    field: Field | None
    path: tuple[str, ...] = ()
    currency: Currency = JPY
    is_currency: bool = False

    @property
    def is_id(self) -> bool:
        """Return whether the values are ids of rows."""
        return self.field is None or self.field.resource is not None

    @property
    def member(self) -> str:
        """Return the name of the document's member from which the value is made."""
        return self.path[0] if self.path else self.own_member

    @property
    def own_member(self) -> str:
        """Return the name of the member in the document that has the field."""
        return "id" if self.field is None else self.field.name

    def get_value(self, document: Document) -> Any:
        """Return the document's value, ``None`` where a row on the way is missing.

        :param document: of the file's resource
        """
        row: Any = document
        for name in self.path:
            row = row[name]
            if row is None:
                return None
        return self.get_own_value(row)

    def get_own_value(self, row: Document) -> Any:
        """Return the value of the document that has the field: of the row at the end of ``path``."""
        value = row[self.own_member]
        if self.field is None or self.field.resource is None:
            return value
        return None if value is None else value["id"]

    def get_cell(self, document: Document) -> Any:
        """Return what the file has for a document: text, a number, or ``None`` for an empty cell.

        Formulas in it are not escaped yet.

        :param document: of the file's resource
        """
        return self.format(self.get_value(document))

    @cached_property
    def format(self) -> Callable[[Any], Any]:
        """Return a function that makes the cell of a value. Fields decide (``Field.to_csv``)."""
        if self.field is None or self.field.resource is not None:
            return lambda id: id
        if self.is_currency:
            return lambda amount: None if amount is None else self.currency.code
        to_csv, currency = self.field.to_csv, self.currency

        def format(value: Any) -> Any:
            cell = value if value is None else to_csv(value, currency)
            return cell if type(cell) in PLAIN_TYPES else format_cell(cell)

        return format


def format_cell(value: Any) -> Any:
    """Return the cell of any value: booleans are ``true`` and ``false``, lists and objects JSON."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple | dict):
        return orjson.dumps(value).decode()
    return value


def make_columns(
    resource: AnyResource, hidden: Hidden = SHOW_ALL, currency: Currency = JPY
) -> list[CsvColumn]:
    """Return the columns of a resource's file: the id, then those of each field in the documents' order.

    :param hidden: view permissions that the caller lacks; only the ids of such rows have a column
    :param currency: the household's
    """
    own = {"id", *(field.key for field in resource.fields)}
    columns = {"id": CsvColumn("id", ID_HEADING, resource, None)}
    for column in _make_field_columns(resource, (), None, hidden):
        key = column.key
        if column.path and (key in own or key in columns):
            # As where a row has both a `store` and a field `store_name`: the store's name is `store__name` then.
            key = "__".join((*column.path, key.removeprefix("_".join(column.path) + "_")))
        columns[key] = replace(column, key=key, currency=currency)
        if (
            column.field is not None
            and column.field.has_currency
            and CURRENCY not in (*own, *columns)
        ):
            columns[CURRENCY] = replace(
                columns[key], key=CURRENCY, heading=_("currency"), is_currency=True
            )
    return list(columns.values())


def make_headings(
    columns: Iterable[CsvColumn], translate: Callable[[str], str] = str
) -> dict[str, str]:
    """Return the headings of all columns of a file, by their keys. No two are equal in one language.

    :param columns: all of a resource, since a heading that several have gets the key
    :param translate: translates a message
    """
    headings: dict[str, str] = {}
    for column in columns:
        heading = translate(column.heading)
        if heading in headings.values():
            heading = f"{heading} ({column.key})"
        headings[column.key] = heading
    return headings


# Not "ID": Excel takes a file that begins so for one in the format SYLK.
ID_HEADING = _("id")


def _make_field_columns(
    resource: AnyResource, path: tuple[str, ...], parent: str | None, hidden: Hidden
) -> Iterator[CsvColumn]:
    """Yield the columns of a row's fields.

    :param parent: the heading of the reference that leads to the row
    """
    names = [field for field in resource.fields if field.is_label and not field.is_secret]
    for field in resource.fields:
        if field.is_secret:
            continue
        heading = field.verbose_name
        if parent is not None:
            # A row is known by its name: the column of the store's name is "store".
            is_name = field is next(iter(names), None)
            heading = parent if is_name else _("${row} ${field}", row=parent, field=heading)
        key = "_".join((*path, field.key))
        shown = heading if field.resource is None else _("${row} ID", row=heading)
        yield CsvColumn(key, shown, resource, field, path)
        if field.resource is not None and field.resource.permission("view") not in hidden:
            yield from _make_field_columns(field.resource, (*path, field.name), heading, hidden)
