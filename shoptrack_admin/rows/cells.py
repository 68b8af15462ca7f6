"""Values in a list or a form."""

from typing import Any, NamedTuple

from shoptrack.resources import Document, Field, write_visible
from shoptrack_admin.rows.resource_admin import ResourceAdmin


class Cell(NamedTuple):
    """One value.

    :param kind: the field's ``cell``, which selects the display
    :param href: the URL of the link, if any
    :param text: the displayed text, if the resource defines it
    """

    field: Field
    kind: str
    value: Any
    href: str | None = None
    text: str | None = None


class CellMaker:
    """Makes the cells of a page's rows.

    A row's URL is its list's path with its id, and the path of each list is generated once. Calling the router for each
    cell took a third of a list's time.
    """

    def __init__(self, request, admin: ResourceAdmin):
        self.admin = admin
        self._request = request
        self._paths: dict[str, str | None] = {}

    def make_row(self, document: Document) -> list[Cell]:
        """Return the cells of a row for the list's columns; the first links to the row."""
        own = self._get_path(self.admin.resource, document["id"])
        return [
            self.make(field, document, None if number else own)
            for number, field in enumerate(self.admin.columns)
        ]

    def make(self, field: Field, document: Document, href: str | None = None) -> Cell:
        """Return the cell of one value of a document."""
        value = document[field.name]
        if value is None:
            return Cell(field, field.cell, None, href)
        if field.resource is not None:
            href = href or self._get_path(field.resource, value["id"])
        write = self.admin.options.texts.get(field.name)
        text = None if write is None else write_visible(document, write, None)
        return Cell(field, field.cell, field.to_cell(value), href, text)

    def _get_path(self, resource: Any, id: int) -> str | None:
        """Return the path of a row, ``None`` if the user may not view it."""
        name = resource.path
        if name not in self._paths:
            allowed = self._request.has_permission(resource.permission("view"))
            self._paths[name] = self._request.route_path(f"admin:{name}") if allowed else None
        path = self._paths[name]
        return path and f"{path}{id}/"
