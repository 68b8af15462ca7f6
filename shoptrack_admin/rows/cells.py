"""What a list or a form shows of a value."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from shoptrack.resources.fields import Date, Field, Integer, Reference
from shoptrack.resources.fields import Decimal as DecimalField
from shoptrack.resources.serializers import Document
from shoptrack.resources.visibility import write_visible
from shoptrack_admin.rows.table import Table


class Cell(NamedTuple):
    """One value.

    :param kind: ``text``, ``number``, ``day`` or ``row``, which says how it is shown
    :param href: where it leads, if anywhere
    :param text: how it reads, where the resource says so
    """

    field: Field
    kind: str
    value: Any
    href: str | None = None
    text: str | None = None


def cells(request, table: Table, document: Document) -> list[Cell]:
    """Return the values of a row that the list's columns show; the first leads to the row."""
    own = table.path(request, "row", id=document["id"])
    return [
        cell(request, table, field, document, None if number else own)
        for number, field in enumerate(table.columns)
    ]


def cell(request, table: Table, field: Field, document: Document, href: str | None = None) -> Cell:
    """Return what is shown of one member of a document."""
    value = document[field.name]
    shown = _cell(request, field, value, href)
    write = table.options.texts.get(field.name)
    if write is None or value is None:
        return shown
    return shown._replace(text=write_visible(document, write, None))


def _cell(request, field: Field, value: Any, href: str | None) -> Cell:
    if value is None:
        return Cell(field, "text", None, href)
    match field:
        case Reference():
            return Cell(
                field, "row", field.resource.label_of(value), href or _row(request, field, value)
            )
        case DecimalField():
            return Cell(field, "number", Decimal(value), href)
        case Integer():
            return Cell(field, "number", value, href)
        case Date():
            return Cell(field, "day", value if isinstance(value, date) else str(value), href)
    return Cell(field, "text", value, href)


def _row(request, field: Reference, document: Document) -> str | None:
    """Return the address of the row that is referred to, for who may see it."""
    resource = field.resource
    if not request.has_permission(resource.permission("view")):
        return None
    return request.route_path(f"admin:{resource.path}:row", id=document["id"])
