"""Fields for days and for instants."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Integer, bindparam

from shoptrack.db.calendar_days import MONDAY, SUNDAY, weekday
from shoptrack.i18n.translation import _
from shoptrack.resources.fields.base import Field, FormInput
from shoptrack.resources.fields.cells import CellFormat
from shoptrack.resources.fields.lists import COMPARISONS, Filter, FilterScope
from shoptrack.resources.fields.values import InvalidValue, JSONSchema

WEEKDAY: JSONSchema = {"type": "integer", "minimum": MONDAY, "maximum": SUNDAY}
MIN_LIKELY_YEAR = 2000
WEEKDAYS = {str(day) for day in range(MONDAY, SUNDAY + 1)}


class Date(Field):
    """A calendar day. It has no time zone, so it never shifts."""

    lookups = tuple(COMPARISONS)
    cell = "day"
    filter_input = "range"

    def make_example(self) -> str:
        """Return a day."""
        return "2025-01-01"

    def get_response_schema(self) -> JSONSchema:
        """Return a day's text."""
        return {"type": "string", "format": "date"}

    def parse(self, value: Any) -> date:
        """Accept ``YYYY-MM-DD``."""
        try:
            if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise InvalidValue(
            _("Date has wrong format. Use one of these formats instead: YYYY-MM-DD.")
        )

    def make_filters(self, scope: FilterScope) -> Iterator[Filter]:
        """Yield the filters by the day and by the day of the week."""
        yield from super().make_filters(scope)
        if not scope.is_nested:
            name = f"{self.name}__weekday"
            same = weekday(getattr(scope.model, self.key)) == bindparam(name, type_=Integer)
            description = "Rows with this day of the week: 1 for Mondays to 7 for Sundays."
            yield scope.make_filter(name, _parse_weekday, same, WEEKDAY, description)

    def find_model_problems(self, model: Any) -> Iterator[str]:
        """Yield an error if the column is missing or stores instants."""
        yield from super().find_model_problems(model)
        yield from _find_other_type(self, model, date)

    def make_question(self, value: date, today: date) -> str | None:
        """Return the question about a year below 2000, and about one after the next year."""
        if MIN_LIKELY_YEAR <= value.year <= today.year + 1:
            return None
        return _("Is the year ${year} right? Save again to store it.", year=f"{value.year:04}")

    def get_input(self) -> FormInput:
        """Return the browser's own calendar."""
        return FormInput("date", {"min": "0001-01-01", "max": "9999-12-31"})

    def to_cell(self, value: Any) -> Any:
        """Return the day."""
        return value if isinstance(value, date) else str(value)

    def from_csv(self, text: str, format: CellFormat) -> str:
        """Return the day in ISO 8601."""
        return format.parse_date(text)

    def to_history(self, value: Any) -> str:
        """Return the day as text."""
        return str(value)


class DateTime(Field):
    """An instant, in ISO 8601 with its offset. Pages show it in the household's time zone.

    The model's column is an ``Instant`` of `shoptrack.db`.
    """

    lookups = tuple(COMPARISONS)
    cell = "instant"
    filter_input = "range"

    @staticmethod
    def render(value: datetime) -> str:
        """Return the instant in UTC."""
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")

    def make_example(self) -> str:
        """Return an instant."""
        return "2025-01-01T12:00:00Z"

    def get_response_schema(self) -> JSONSchema:
        """Return an instant's text."""
        return {"type": "string", "format": "date-time"}

    def parse(self, value: Any) -> datetime:
        """Accept ``YYYY-MM-DDThh:mm[:ss[.uuuuuu]]`` with ``Z`` or an offset."""
        try:
            if isinstance(value, str) and re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]", value):
                instant = datetime.fromisoformat(value.strip())
                if instant.tzinfo is not None:
                    return instant.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise InvalidValue(
            _(
                "Datetime has wrong format. Use one of these formats instead: "
                "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."
            )
        )

    def find_model_problems(self, model: Any) -> Iterator[str]:
        """Yield an error if the column is missing or stores days."""
        yield from super().find_model_problems(model)
        yield from _find_other_type(self, model, datetime)

    def get_input(self) -> FormInput:
        """Return a text input, as the browsers' date inputs have no offset."""
        return FormInput("text", {"autocomplete": "off", "placeholder": "2025-01-01T12:00:00Z"})

    def to_cell(self, value: Any) -> datetime:
        """Return the instant."""
        return self.parse(value) if isinstance(value, str) else value

    def to_history(self, value: Any) -> str:
        """Return the instant as in documents."""
        return value if isinstance(value, str) else self.render(value)


def _find_other_type(field: Field, model: Any, kind: type) -> Iterator[str]:
    """Yield an error if a column's Python type is not the field's: a day is not an instant."""
    column = getattr(model, field.key, None)
    if column is None:
        return
    try:
        stored = getattr(column.type, "impl_instance", column.type).python_type
    except NotImplementedError:  # a type that declares no Python type
        return
    if stored is not kind and stored in (date, datetime):
        what = {date: "days", datetime: "instants"}
        use = {date: "Date", datetime: "DateTime"}
        yield (
            f"the field {field.name!r} is a {type(field).__name__}, and the column {field.key} of "
            f"{model.__name__} keeps {what[stored]}. Use {use[stored]}, or another column."
        )


def _parse_weekday(text: str) -> int:
    if text not in WEEKDAYS:
        raise InvalidValue(_("Must be a number from 1 (Monday) to 7 (Sunday)."))
    return int(text)
