"""Values in a list or a form, as HTML.

Python makes the HTML, since a list has 250 values: a macro call for each took half of a list's time.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from markupsafe import Markup, escape

from shoptrack.plugins import AdminColumn
from shoptrack.resources import Document, Field, write_visible
from shoptrack_admin.plugin_failures import run_part
from shoptrack_admin.rows.columns import Column, compute_values, get_heading
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.templating import format_instant
from shoptrack_admin.translation import _, translate_for_request

NONE, FAILED = _("none"), _("failed")
CLASSES = {
    "number": "number",
    "money": "number",
    "day": "whole",
}  # of a list's cells; others may be long


class CellMaker:
    """Makes the HTML of values on one page.

    A row's URL is its list's path with its id, and the path of each list is generated once. Calling the router for each
    cell took a third of a list's time.

    :param back: the query with which the pages of these rows lead back to their list
    :ivar failed: the headings of columns whose plugin's function has failed
    """

    def __init__(self, request, admin: ResourceAdmin, back: str = ""):
        self.admin = admin
        self.back = back
        self.failed: list[str] = []
        self._request = request
        self._paths: dict[str, str | None] = {}
        none = escape(translate_for_request(request, NONE))
        self._none = (
            '<span class="muted"><span aria-hidden="true">–</span>'
            f'<span class="visually-hidden">{none}</span></span>'
        )
        numbers = request.number_format
        self._writers: dict[str, Callable[[Any], str]] = {
            "number": lambda value: escape(numbers.format_number(value)),
            "money": lambda value: escape(numbers.format_amount(value)),
            "instant": lambda value: escape(format_instant(request, value)),
            "long-text": lambda value: f'<span class="lines">{escape(value)}</span>',
            "day": lambda value: f'<time datetime="{escape(value)}">{escape(value)}</time>',
        }

    def make_rows(self, documents: Sequence[Document], columns: Iterable[Column]) -> list[Markup]:
        """Return the cells of each row; the first links to the row."""
        made = []
        for number, column in enumerate(columns):
            if number == 0:
                start, end = '<th scope="row">', "</th>\n"
                own = self.admin.resource
                paths = (self._get_path(own, document["id"]) for document in documents)
                hrefs = [path and path + self.back for path in paths]
            else:
                label = escape(get_heading(self._request, column))
                kind = CLASSES.get(column.cell, "long")
                start, end = f'<td data-label="{label}" class="{kind}">', "</td>\n"
                hrefs = [self._get_reference_path(column, document) for document in documents]
            values = zip(self._write(column, documents), hrefs, strict=True)
            made.append([f"{start}{self._link(html, href)}{end}" for html, href in values])
        return [Markup("".join(cells)) for cells in zip(*made, strict=True)]

    def make(self, field: Field, document: Document) -> Markup:
        """Return one value of a document."""
        (html,) = self._write(field, [document])
        return Markup(self._link(html, self._get_reference_path(field, document)))

    def _write(self, column: Column, documents: Sequence[Document]) -> list[str]:
        """Return the HTML of a column's values, without links."""
        if isinstance(column, AdminColumn):
            return self._compute(column, documents)
        name, to_cell, write = column.name, column.to_cell, self._get_writer(column.cell)
        values = [document[name] for document in documents]
        plain = [self._none if value is None else write(to_cell(value)) for value in values]
        write_text = self.admin.options.texts.get(name)
        if write_text is None:
            return plain

        def write_texts() -> list[str]:
            texts = (
                None if html is self._none else write_visible(document, write_text, None)
                for html, document in zip(plain, documents, strict=True)
            )
            both = zip(texts, plain, strict=True)
            return [html if text is None else escape(text) for text, html in both]

        return self._run(column, write_texts) or plain

    def _compute(self, column: AdminColumn, documents: Sequence[Document]) -> list[str]:
        write, text = self._get_writer(column.cell), column.text
        if text is not None:
            write = lambda value: escape(text(value))  # noqa: E731

        def compute() -> list[str]:
            values = compute_values(self._request, column, documents)
            return [self._none if value is None else write(value) for value in values]

        failed = escape(translate_for_request(self._request, FAILED))
        html = f'<span class="muted">{failed}</span>'
        return self._run(column, compute) or [html] * len(documents)

    def _run(self, column: Column, write: Callable[[], list[str]]) -> list[str] | None:
        """Return the result of a plugin's function, ``None`` if it fails."""
        about = f"The column {column.name!r} of {self.admin.resource.path!r}"
        htmls = run_part(self._request, about, write, None)
        if htmls is None:
            self.failed.append(get_heading(self._request, column))
        return htmls

    def _get_writer(self, kind: str) -> Callable[[Any], str]:
        return self._writers.get(
            kind, lambda value: escape(translate_for_request(self._request, value))
        )

    def _link(self, html: str, href: str | None) -> str:
        return f'<a href="{escape(href)}">{html}</a>' if href and html is not self._none else html

    def _get_reference_path(self, column: Column, document: Document) -> str | None:
        """Return the path of the row that a reference refers to."""
        if isinstance(column, AdminColumn) or column.resource is None:
            return None
        value = document[column.name]
        return None if value is None else self._get_path(column.resource, value["id"])

    def _get_path(self, resource: Any, id: int) -> str | None:
        """Return the path of a row, ``None`` if the user may not view it."""
        name = resource.path
        if name not in self._paths:
            allowed = self._request.has_permission(resource.permission("view"))
            self._paths[name] = self._request.route_path(f"admin:{name}") if allowed else None
        path = self._paths[name]
        return path and f"{path}{id}/"
