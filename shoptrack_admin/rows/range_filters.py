"""Filters by both ends of a range, typed as people type numbers."""

from collections.abc import Mapping, Sequence

from shoptrack.resources import Field, InvalidValue
from shoptrack_admin.rows.widgets import RangeEnd, Widget, read_text

TYPED = "typed-"  # begins the names of parameters as people type them, in place of the API's


def make_range_widget(request, field: Field, params: Mapping[str, str]) -> Widget:
    """Return the inputs of a filter by both ends of a range."""
    entry = field.get_input()
    # A date input sends the API's text in every language.
    prefix, kind = ("", "date") if entry.kind == "date" else (TYPED, "text")
    ends = tuple(
        RangeEnd(
            end,
            f"{prefix}{field.name}__{end}",
            kind,
            _write_parameter(request, field, params.get(f"{field.name}__{end}", "")),
            entry.attributes,
        )
        for end in ("gte", "lte")
    )
    return Widget(field, "range", "", {}, ends=ends)


def _write_parameter(request, field: Field, text: str) -> str:
    """Return the text of an input for the API's text of a value."""
    try:
        return field.to_form(field.dump(field.parse(text)), request.number_format) if text else ""
    except InvalidValue:
        return text


def read_typed_parameters(
    request, fields: Sequence[Field], params: Sequence[tuple[str, str]]
) -> tuple[list[tuple[str, str]], list[tuple[Field, InvalidValue]]]:
    """Return parameters of which the typed ones are the API's, and the errors of those that cannot be read."""
    typed = {
        end.name: field for field in fields for end in make_range_widget(request, field, {}).ends
    }
    read, errors = [], []
    for name, text in params:
        if not name.startswith(TYPED) or name not in typed:
            read.append((name, text))
            continue
        value = read_text(request, typed[name], text)
        if isinstance(value, InvalidValue):
            errors.append((typed[name], value))
        else:
            read.append((name.removeprefix(TYPED), str(value)))
    return read, errors
