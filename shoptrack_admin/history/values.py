"""Stored values of the history as people read them."""

from typing import Any, NamedTuple

from shoptrack.resources import Field
from shoptrack_admin.templating import format_instant
from shoptrack_admin.translation import _, translate_for_request

YES, NO = _("yes"), _("no")


class FieldChange(NamedTuple):
    """A field of a document: its name, and its values before and after, ``None`` for an empty one."""

    name: str
    before: str | None
    after: str | None


def make_change(request, name: str, field: Field | None, pair: list[Any]) -> FieldChange:
    """Return a change of a field.

    :param field: ``None`` if the field is unknown, as of a plugin that is not enabled
    """
    before, after = (_format_of_field(request, field, value) for value in pair)
    if before is not None and before == after and _is_row(pair[0]) and _is_row(pair[1]):
        # Two rows of the same name.
        before, after = (
            f"{text} ({row['id']})" for text, row in zip((before, after), pair, strict=True)
        )
    return FieldChange(name, before, after)


def _format_of_field(request, field: Field | None, value: Any) -> str | None:
    """Return a value as text. The field may have been one of another kind when the value was stored."""
    if field is None or isinstance(value, bool) or value is None or _is_row(value):
        return format_value(request, value)
    try:
        if field.cell == "instant":
            value = format_instant(request, field.to_cell(value))
        elif field.cell == "choice":
            value = field.to_cell(value)
        else:
            value = field.to_text(value, request.number_format)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        pass
    return format_value(request, value)


def format_value(request, value: Any) -> str | None:
    """Return a stored value as text, ``None`` for an empty one; of another row, its label at that time."""
    match value:
        case None:
            return None
        case bool():
            return translate_for_request(request, YES if value else NO)
        case {"label": label}:
            return str(label)
        case dict():
            texts = ((name, format_value(request, one)) for name, one in value.items())
            return ", ".join(f"{name}: {text}" for name, text in texts if text) or None
        case list():
            texts_ = (format_value(request, part) for part in value)
            return ", ".join(text for text in texts_ if text) or None
    return str(translate_for_request(request, value)) or None


def _is_row(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"id", "label"}
