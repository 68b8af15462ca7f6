"""The base class of all fields.

A field defines everything about one kind of value: how bodies and documents represent it, its schema, how it is stored,
filtered and ordered, and how pages show and edit it. No other code checks the kind of a field. So a plugin's own kind
of field works everywhere, like those of the core.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypedDict

from sqlalchemy import Connection

from shoptrack.i18n.currencies import Currency
from shoptrack.i18n.number_format import NumberFormat
from shoptrack.resources.fields.cells import CellFormat
from shoptrack.resources.fields.lists import Filter, FilterScope, SortKey
from shoptrack.resources.fields.values import (
    NOT_IN_HISTORY,
    NOT_NULL,
    InvalidValue,
    JSONSchema,
)


class FieldOptions(TypedDict, total=False):
    """The arguments of every field."""

    required: bool
    read_only: bool
    default: Any
    verbose_name: str
    description: str
    example: Any


@dataclass(frozen=True)
class FormInput:
    """The input with which people enter a value.

    :param kind: ``text``, ``date``, ``datetime-local``, ``textarea``, ``checkbox``, ``choice`` of some values, or
        ``reference`` to a row
    :param attributes: of the HTML element
    :param choices: values and their labels, of a ``choice``
    """

    kind: str = "text"
    attributes: dict[str, Any] = field(default_factory=lambda: {"autocomplete": "off"})
    choices: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Batch:
    """How to read a field's values of several rows at once.

    :param read: called with a connection and up to 1,000 ids; returns the documents' values by id
    :param tables: that ``read`` reads
    :param missing: the value of rows that ``read`` does not return
    """

    read: Callable[[Connection, Sequence[int]], Mapping[int, Any]]
    tables: Sequence[str]
    missing: Any


class Field:
    """A field of a resource's documents.

    :param name: its name in documents
    :param required: whether the field may not be null, and bodies must have it unless it has a default
    :param default: the value of a new row whose body leaves the field out; converted like a body's value
    :param read_only: whether only documents have the field, not bodies
    :param verbose_name: the name for people, as in "purchase date"; by default made from ``name``
    :param description: for the OpenAPI document
    :param example: a value as in documents, for the OpenAPI document
    """

    resource: Any = None  # the resource that a reference refers to
    is_owner: bool = False  # whether rows belong to the row that a reference refers to
    unique: bool = False
    measured_by: str = ""  # the reference whose row determines what the value counts, as its unit
    is_stored: bool = True  # whether the model has a column for it
    batch: Batch | None = (
        None  # how to read the values of several rows, if their statement lacks them
    )
    is_secret: bool = False  # whether the value is never shown, as a password
    has_currency: bool = False  # whether files have the currency of its values beside them
    is_label: bool = False  # whether the value is the label of a row without a label of its own
    lookups: tuple[str, ...] = ("",)  # the ``COMPARISONS`` that lists can be filtered by
    is_ordered: bool = True  # whether lists can be ordered by it
    cell: str = "text"  # how a page shows it: text, number, money, day, instant, boolean, choice, long-text or row
    filter_input: str | None = (
        None  # how a page filters by it: a ``range``, a ``choice`` or a ``text``
    )
    is_summable: bool = False  # whether the sum of its values in several rows means something
    render: Callable[[Any], Any] | None = None  # converts the column's value to the document's

    def __init__(
        self,
        name: str,
        *,
        required: bool = True,
        read_only: bool = False,
        default: Any = None,
        verbose_name: str = "",
        description: str = "",
        example: Any = None,
    ):
        self.name = name
        self.required = required
        self.read_only = read_only
        self.verbose_name = verbose_name or name.replace("_", " ")
        self.description = description
        self.default = None if default is None else self.parse(default)
        self.example = self.make_example() if example is None else example

    @property
    def key(self) -> str:
        """Return the field's name in bodies, which is also the name of the model's attribute."""
        return self.name

    @property
    def is_expected(self) -> bool:
        """Return whether a body of a new row must have the field."""
        return self.required and self.default is None

    # Bodies and documents

    def load(self, value: Any) -> Any:
        """Return the Python value of a body's value.

        :param value: of a body; in place of a typed text that cannot be read, its error
        :raises InvalidValue: the value is invalid for this field
        """
        if isinstance(value, InvalidValue):
            raise value
        if value is None:
            if self.required:
                raise InvalidValue(NOT_NULL)
            return None
        return self.parse(value)

    def parse(self, value: Any) -> Any:
        """Return the Python value of a body's value, which is not null.

        :raises InvalidValue: the value is invalid for this field
        """
        raise NotImplementedError

    def dump(self, value: Any) -> Any:
        """Return the document's value for the column's value."""
        return value if value is None or self.render is None else self.render(value)

    @property
    def attributes(self) -> Sequence[str]:
        """Return the model's attributes from which the document's value is made."""
        return (self.key,)

    def make_reader(self, columns: Sequence[Callable[[Any], Any]]) -> Callable[[Any], Any]:
        """Return a function that makes the document's value from a row.

        :param columns: readers of the values of ``attributes``
        """
        (column,), render = columns, self.render
        if render is None:
            return column
        if self.required:
            return lambda row: render(column(row))
        return lambda row: None if (value := column(row)) is None else render(value)

    def find_misplaced(self, body: dict[str, Any]) -> list[str]:
        """Return messages about values that a body has for this field under another name."""
        return []

    # Schemas

    def make_example(self) -> Any:
        """Return an example for a field that was declared without one."""
        return None

    def get_request_example(self) -> Any:
        """Return an example of a value in a body."""
        return self.example

    def get_request_schema(self) -> JSONSchema:
        """Return the JSON Schema of values in bodies. Null is added where the field is not required."""
        return self.get_response_schema()

    def get_response_schema(self) -> JSONSchema:
        """Return the JSON Schema of values in documents. Null is added where the field is not required."""
        raise NotImplementedError(
            f"{type(self).__name__}.get_response_schema must return the schema of the field's values."
        )

    # Rows

    def store(self, model: Any, value: Any) -> dict[str, Any]:
        """Return the values of all columns that store a value, by the model's attributes."""
        return {self.key: value}

    @property
    def unique_attribute(self) -> str:
        """Return the model's attribute that no two rows share, if the field is unique. ``store`` gives its values."""
        return self.key

    def get_bind_type(self, column: Any) -> Any:
        """Return the type of a bind parameter that is compared with the column."""
        return column.type

    def find_model_problems(self, model: Any) -> Iterator[str]:
        """Yield problems of a model that cannot store this field, as messages for its author."""
        if not hasattr(model, self.key):
            yield (
                f"the model {model.__name__} has no {self.key!r}, which its field {self.name!r} "
                "needs."
            )

    # Lists

    def make_filters(self, scope: FilterScope) -> Iterator[Filter]:
        """Yield the filters by this field; none for a secret, or if other rows' lists nest this field."""
        if scope.is_nested or self.is_secret:
            return
        column = getattr(scope.model, self.key)
        yield from scope.compare(
            self.name, column, self.parse, self.get_request_schema(), self.lookups
        )
        if not self.required:
            yield scope.find_missing(self.name, column)

    def get_filter_names(self, prefix: str = "") -> Sequence[str]:
        """Return the names of the query parameters by which a page filters lists.

        :param prefix: of the parameters, if other rows' lists nest this field
        """
        if self.filter_input == "range":
            return (f"{prefix}{self.name}__gte", f"{prefix}{self.name}__lte")
        if self.filter_input == "text":
            return (f"{prefix}{self.name}__icontains",)
        return (f"{prefix}{self.name}",) if self.filter_input else ()

    def make_sort_key(self, model: Any) -> SortKey | None:
        """Return the key that orders lists, ``None`` if they cannot be ordered by this field."""
        if not self.is_ordered or not self.required or self.is_secret:
            return None
        return SortKey(self.name, getattr(model, self.key), self.parse, self.dump)

    def get_search_column(self, model: Any) -> Any:
        """Return the column of folded text that a search reads, ``None`` if the field is not searched."""
        return None

    # Pages

    def make_question(self, value: Any, today: date) -> str | None:
        """Return the question that a form asks before an unlikely value is stored, ``None`` for a likely one."""
        return None

    def get_input(self) -> FormInput:
        """Return the input with which people enter a value."""
        return FormInput()

    def to_form(self, value: Any, number_format: NumberFormat) -> str:
        """Return the text of a document's value that people edit. ``from_form`` reads it."""
        return "" if value is None else str(value)

    def from_form(self, text: str, number_format: NumberFormat) -> Any:
        """Return the body's value for a text that people typed: null for an empty field that may be null.

        The text is of a form, of a filter, or of a cell of a CSV file.

        :raises InvalidValue: the text cannot be read
        """
        return text if self.required or text.strip() else None

    def to_cell(self, value: Any) -> Any:
        """Return the displayed value for a document's value, which is not null."""
        return value

    def to_text(self, value: Any, number_format: NumberFormat) -> Any:
        """Return what people read for a document's or the history's value, which is not null."""
        return value

    def to_csv(self, value: Any, currency: Currency) -> Any:
        """Return the cell of a spreadsheet for a document's value. ``from_form`` reads it.

        :param currency: the household's
        """
        return value

    def from_csv(self, text: str, format: CellFormat) -> Any:
        """Return the body's value for a cell that is not empty.

        :raises InvalidValue: the text has another format than the file should have
        """
        return self.from_form(text, format.number_format)

    def to_history(self, value: Any) -> Any:
        """Return the history's JSON value for a document's value, which is not null."""
        return value

    def from_history(self, stored: Any) -> Any:
        """Return the body's value for a JSON value of the history, which is not null.

        :raises InvalidValue: the history does not have the whole value
        """
        if self.is_secret or self.to_history(self.dump(self.parse(stored))) != stored:
            raise InvalidValue(NOT_IN_HISTORY)
        return stored
