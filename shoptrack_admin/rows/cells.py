"""Values in a list or a form, as HTML.

Python makes the HTML, since a list has 250 values: a macro call for each took half of a list's time.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from markupsafe import Markup, escape

from shoptrack.i18n import format_number
from shoptrack.resources import Document, Field, write_visible
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.templating import format_instant
from shoptrack_admin.translation import _, translate_for_request

NONE = _("none")
CLASSES = {"number": "number", "day": "whole"}  # of a list's cells; others may be long


class CellMaker:
    """Makes the HTML of values on one page.

    A row's URL is its list's path with its id, and the path of each list is generated once. Calling the router for each
    cell took a third of a list's time.
    """

    def __init__(self, request, admin: ResourceAdmin):
        self.admin = admin
        self._request = request
        self._paths: dict[str, str | None] = {}
        none = escape(translate_for_request(request, NONE))
        self._none = (
            '<span class="muted"><span aria-hidden="true">–</span>'
            f'<span class="visually-hidden">{none}</span></span>'
        )
        self._writers: dict[str, Callable[[Any], str]] = {
            "number": lambda value: escape(format_number(value)),
            "instant": lambda value: escape(format_instant(request, value)),
            "long-text": lambda value: f'<span class="lines">{escape(value)}</span>',
            "day": lambda value: f'<time datetime="{escape(value)}">{escape(value)}</time>',
        }

    def make_rows(self, documents: Sequence[Document], labels: Iterable[str]) -> list[Markup]:
        """Return the cells of each row for the list's columns; the first links to the row.

        :param labels: the headings of the columns
        """
        fields = self.admin.columns
        columns = []
        for number, (field, label) in enumerate(zip(fields, labels, strict=True)):
            if number == 0:
                start, end = '<th scope="row">', "</th>\n"
                resource = self.admin.resource
                hrefs = [self._get_path(resource, document["id"]) for document in documents]
            else:
                kind = CLASSES.get(field.cell, "long")
                start, end = f'<td data-label="{escape(label)}" class="{kind}">', "</td>\n"
                hrefs = [None for _document in documents]
            make = self._make_writer(field)
            cells = map(make, documents, hrefs)
            columns.append([f"{start}{html}{end}" for html in cells])
        return [Markup("".join(cells)) for cells in zip(*columns, strict=True)]

    def make(self, field: Field, document: Document) -> Markup:
        """Return one value of a document."""
        return Markup(self._make_writer(field)(document, None))

    def _make_writer(self, field: Field) -> Callable[[Document, str | None], str]:
        """Return the function that makes the HTML of a field's value, for a document and the URL of a link, if any."""
        name, reference, to_cell = field.name, field.resource, field.to_cell
        translate = partial(translate_for_request, self._request)
        write = self._writers.get(field.cell, lambda value: escape(translate(value)))
        write_text = self.admin.options.texts.get(name)

        def make(document: Document, href: str | None) -> str:
            value = document[name]
            if value is None:
                return self._none
            if reference is not None:
                href = href or self._get_path(reference, value["id"])
            text = None if write_text is None else write_visible(document, write_text, None)
            html = write(to_cell(value)) if text is None else escape(text)
            return f'<a href="{escape(href)}">{html}</a>' if href else html

        return make

    def _get_path(self, resource: Any, id: int) -> str | None:
        """Return the path of a row, ``None`` if the user may not view it."""
        name = resource.path
        if name not in self._paths:
            allowed = self._request.has_permission(resource.permission("view"))
            self._paths[name] = self._request.route_path(f"admin:{name}") if allowed else None
        path = self._paths[name]
        return path and f"{path}{id}/"
