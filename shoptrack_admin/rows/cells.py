"""What a list or a form shows of a value."""

from typing import Any, NamedTuple

from shoptrack.resources import Document, Field, write_visible
from shoptrack_admin.rows.resource_admin import ResourceAdmin


class Cell(NamedTuple):
    """One value.

    :param kind: the field's ``cell``, which says how it is shown
    :param href: where it leads, if anywhere
    :param text: how it reads, where the resource says so
    """

    field: Field
    kind: str
    value: Any
    href: str | None = None
    text: str | None = None


def make_cells(request, admin: ResourceAdmin, document: Document) -> list[Cell]:
    """Return the values of a row that the list's columns show; the first leads to the row."""
    own = admin.path(request, "row", id=document["id"])
    return [
        make_cell(request, admin, field, document, None if number else own)
        for number, field in enumerate(admin.columns)
    ]


def make_cell(
    request, admin: ResourceAdmin, field: Field, document: Document, href: str | None = None
) -> Cell:
    """Return what is shown of one value of a document."""
    value = document[field.name]
    if value is None:
        return Cell(field, field.cell, None, href)
    if field.resource is not None:
        href = href or _get_row_path(request, field.resource, value["id"])
    write = admin.options.texts.get(field.name)
    text = None if write is None else write_visible(document, write, None)
    return Cell(field, field.cell, field.to_cell(value), href, text)


def _get_row_path(request, resource: Any, id: int) -> str | None:
    """Return the path of the row that is referred to, for users who may see it."""
    if not request.has_permission(resource.permission("view")):
        return None
    return request.route_path(f"admin:{resource.path}:row", id=id)
