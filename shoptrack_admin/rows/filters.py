"""The filters of a list, and their inputs: a choice, the ends of a range, or a part of a text."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from shoptrack.resources import Field, Hidden, ListParameters, Resource
from shoptrack_admin.rows.columns import get_heading
from shoptrack_admin.rows.range_filters import make_range_widget
from shoptrack_admin.rows.widgets import Widget, make_reference_widget
from shoptrack_admin.translation import _, translate_for_request


class ListFilter(NamedTuple):
    """A field by which a list is filtered.

    :param names: of the query parameters
    :param owner: the reference to the row that has the field, ``None`` for the listed row
    """

    field: Field
    names: Sequence[str]
    owner: Field | None = None

    def get_label(self, request) -> str:
        """Return the label of the input, which names the other row of a text."""
        heading = get_heading(request, self.field)
        if self.owner is None or self.field.resource is not None:
            return heading
        label = _("${row}: ${field}", row=get_heading(request, self.owner), field=heading)
        return translate_for_request(request, label)


class FilterInput(NamedTuple):
    """The input of a filter, with its label in the reader's language."""

    label: str
    widget: Widget


def find_filters(resource: Resource, names: Sequence[str] | None) -> list[ListFilter]:
    """Return the filters of a resource's list.

    :param names: of fields, also of those of other rows, as ``product__category``; ``None`` for the default
    """
    if names is None:
        usual = (f for f in resource.fields if f.cell in ("row", "day", "choice", "boolean"))
        return [ListFilter(field, field.get_filter_names()) for field in usual]
    found = []
    for name in names:
        *owners, field = resource.find_fields(name)
        owner = owners[-1] if owners else None
        prefix = f"{owner.name}_" if owner else ""
        found.append(ListFilter(field, field.get_filter_names(prefix), owner))
    return found


def make_filter_inputs(
    request,
    filters: Sequence[ListFilter],
    parameters: ListParameters,
    params: Mapping[str, str],
    hidden: Hidden,
) -> list[FilterInput]:
    """Return the inputs of the filters whose rows the user may view, by one statement for each reference.

    :param params: of the list's URL
    """
    found = [
        FilterInput(one.get_label(request), _make_widget(request, one, parameters, params))
        for one in filters
        if all(parameters.needs(name).isdisjoint(hidden) for name in one.names)
    ]
    # A long choice takes any text, too.
    texts = {one.widget.attributes.get("name") for one in found if one.widget.kind == "reference"}
    return [
        one
        for one in found
        if one.widget.kind != "text" or one.widget.attributes.get("name") not in texts
    ]


def _make_widget(
    request, one: ListFilter, parameters: ListParameters, params: Mapping[str, str]
) -> Widget:
    field = one.field
    if field.filter_input == "range":
        return make_range_widget(request, field, params)
    if field.filter_input == "text":
        (name,) = one.names
        return Widget(field, "text", params.get(name, ""), {"name": name})
    if field.resource is None:
        choices = tuple(field.get_input().choices)
        return Widget(field, "choice", params.get(field.name, ""), {}, choices=choices)
    widget = make_reference_widget(request, field, params)
    text = f"{field.name}_name__icontains"
    if widget.choice_list is None:
        return replace(widget, attributes={"name": field.key})
    if not widget.choice_list.is_complete and text in parameters.filters:
        # All rows are too many to choose from without scripts. So the filter finds any text, too.
        return replace(widget, attributes={"name": text}, search=params.get(text, ""))
    return widget
