"""The fields of a form: what stands in each, and what can be chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shoptrack.resources.fields import (
    Date,
    Decimal,
    Field,
    Integer,
    Reference,
    Refused,
    Text,
    parse_id,
)
from shoptrack.resources.serializers import Document
from shoptrack.resources.visibility import find_hidden
from shoptrack_admin.rows.choices import Found, find
from shoptrack_admin.rows.table import Table
from shoptrack_admin.translation import _

SEARCH, SEARCHED = "search-", "searched-"


@dataclass(frozen=True)
class Widget:
    """One field of a form.

    :param kind: ``text``, ``number``, ``date`` or ``choice``
    :param value: what stands in it, as text
    :param found: what can be chosen
    :param search: what was searched for among the choices
    :param choices_path: where a script finds more of them
    :param help: what stands above the field
    """

    field: Field
    kind: str
    value: str
    attributes: dict[str, Any]
    found: Found | None = None
    search: str = ""
    choices_path: str | None = None
    help: str = ""

    @property
    def name(self) -> str:
        """Return its name in the form."""
        return self.field.key


def values_of(table: Table, document: Document) -> dict[str, str]:
    """Return what a form shows of a document, by the names of its fields."""
    values = {}
    for field in table.resource.fields:
        value = document[field.name]
        if isinstance(field, Reference):
            value = value and value["id"]
        values[field.key] = "" if value is None else str(value)
    return values


def body_of(table: Table, form: Mapping[str, str]) -> dict[str, Any]:
    """Return what a form sends as the API's body would say it: an empty field that may be is null."""
    return {
        field.key: form[field.key] if field.required or form[field.key].strip() else None
        for field in table.resource.fields
        if field.key in form
    }


def is_searching(table: Table, form: Mapping[str, str]) -> bool:
    """Tell whether a form is sent to see other choices rather than to be saved."""
    return any(
        form.get(SEARCH + field.key, "") != form.get(SEARCHED + field.key, "")
        for field in table.resource.references()
    )


def widgets(request, table: Table, values: Mapping[str, str]) -> list[Widget]:
    """Return the fields of a form, by one statement for each that refers to other rows."""
    return [_widget(request, field, values) for field in table.resource.fields]


def _widget(request, field: Field, values: Mapping[str, str]) -> Widget:
    value = values.get(field.key, "")
    match field:
        case Reference():
            return reference(request, field, values)
        case Date():
            return Widget(field, "date", value, {"min": "0001-01-01", "max": "9999-12-31"})
        case Integer():
            return Widget(field, "text", value, {"inputmode": "numeric", "autocomplete": "off"})
        case Decimal():
            return Widget(field, "text", value, {"inputmode": "decimal", "autocomplete": "off"})
        case Text(max_length=int(most)):
            return Widget(field, "text", value, {"maxlength": most, "autocomplete": "off"})
    return Widget(field, "text", value, {"autocomplete": "off"})


def reference(request, field: Reference, values: Mapping[str, str]) -> Widget:
    """Return the field with which a row of another resource is chosen; of hidden ones the number is typed."""
    value, text = values.get(field.key, ""), values.get(SEARCH + field.key, "")
    try:
        chosen = parse_id(value) if value else None
    except Refused:
        chosen = None
    hidden = find_hidden(request, field.resource)
    if field.resource.permission("view") in hidden:
        attributes = {"inputmode": "numeric", "autocomplete": "off"}
        return Widget(
            field, "text", value, attributes, help=_("You may not view these. Type the number.")
        )
    found = find(request.reader, field.resource, hidden, text, chosen)
    path = None
    if request.has_permission(field.resource.permission("view")):
        path = request.route_path(f"admin:{field.resource.path}:choices")
    return Widget(field, "choice", value, {}, found, text, path)
