"""The rows that belong to a row, on its page: the first of them, and a form to add one."""

from dataclasses import dataclass
from typing import Any

from shoptrack.plugins import AdminContributions
from shoptrack.resources import ReferringField, Repository
from shoptrack_admin.rows.cells import CellMaker
from shoptrack_admin.rows.columns import get_heading
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.rows.widgets import Widget, get_default_values, make_widget

FIRST_ROWS = 50
RETURN_TO = "return-to"  # a form field with the name of the reference to whose row a form returns


@dataclass(frozen=True)
class OwnedRows:
    """The rows of one resource that belong to a row.

    :param headings: of the columns
    :param rows: the cells of each row, as HTML
    :param total: the number of all rows
    :param can_add: whether the user may add rows
    :param widgets: the inputs of the form to add one, empty if one of them has the name of an input of the page
    :param key: the name of the owner's id in bodies
    :param reference: the name of the reference to the owner
    """

    admin: ResourceAdmin
    headings: list[str]
    rows: list[Any]
    total: int
    can_add: bool
    widgets: list[Widget]
    key: str
    reference: str


def find_owned_rows(request, owner: ResourceAdmin, id: int) -> list[OwnedRows]:
    """Return the rows that belong to a row, of each resource that the user may view, by two statements each."""
    return [
        _make_owned_rows(request, owner, referring, id)
        for referring in owner.repository.referring_fields
        if referring.is_owned and request.has_permission(referring.resource.permission("view"))
    ]


def _make_owned_rows(
    request, owner: ResourceAdmin, referring: ReferringField, id: int
) -> OwnedRows:
    repository = Repository.of(request.registry, referring.resource.path)
    admin = ResourceAdmin(repository, AdminContributions.of(request.registry))
    hidden = repository.get_hidden(request.identity)
    parameters = [(referring.field.key, str(id)), ("limit", str(FIRST_ROWS))]
    query = repository.parameters.parse(parameters, hidden)
    page = repository.page(request.reader, query, hidden)
    columns = [one for one in admin.get_columns(request) if one is not referring.field]
    fields = [one for one in admin.resource.fields if one is not referring.field]
    entered = [one for one in fields if not one.read_only]
    can_add = admin.is_allowed(request, "add")
    widgets, taken = [], {one.key for one in owner.resource.fields}
    if can_add and taken.isdisjoint(one.key for one in entered):
        values = get_default_values(request, admin)
        widgets = [make_widget(request, one, values) for one in entered]
    return OwnedRows(
        admin,
        [get_heading(request, column) for column in columns],
        CellMaker(request, admin).make_rows(page.documents, columns),
        page.total or 0,
        can_add,
        widgets,
        referring.field.key,
        referring.field.name,
    )
