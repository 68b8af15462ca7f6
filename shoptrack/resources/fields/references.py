"""References to rows of other resources."""

from collections.abc import Iterator
from typing import Any, Protocol, Unpack

from sqlalchemy import BigInteger

from shoptrack.i18n.number_format import NumberFormat
from shoptrack.resources.fields.base import Field, FieldOptions, FormInput
from shoptrack.resources.fields.lists import Filter, FilterScope
from shoptrack.resources.fields.values import ID, JSONSchema, parse_id

ROW_ID: JSONSchema = {"$ref": "#/components/schemas/RowId"}  # of a hidden row


class Referred(Protocol):
    """The resource that a reference refers to: a class of `shoptrack.resources.Resource`."""

    model: Any
    path: str

    def noun(self) -> str:
        """Return the name of one row in a sentence."""

    def example(self) -> dict[str, Any]:
        """Return a document as an example."""

    def component(self) -> str:
        """Return the name of the schema of its documents."""

    def label(self, document: dict[str, Any]) -> str:
        """Return a row's label."""

    def label_of(self, document: dict[str, Any]) -> str:
        """Return a row's label, of a document of which parts may be hidden."""


class Reference(Field):
    """A row of another resource: documents have its document, bodies its id.

    :param resource: the other resource, a class
    :param unique: whether at most one row may refer to the same one
    :param is_owner: whether rows belong to the row that they refer to, and are deleted with it
    """

    is_ordered = False
    cell = "row"
    filter_input = "choice"
    resource: Any

    def __init__(
        self,
        name: str,
        resource: Any,
        *,
        unique: bool = False,
        is_owner: bool = False,
        **options: Unpack[FieldOptions],
    ):
        self.resource: Referred = resource
        self.unique = unique
        self.is_owner = is_owner
        options.setdefault("verbose_name", resource.noun())
        super().__init__(name, **options)

    @property
    def key(self) -> str:
        """Return its name in bodies."""
        return f"{self.name}_id"

    def load(self, value: Any) -> int | None:
        """Return the id; empty text means null, as in forms."""
        return super().load(None if value == "" else value)

    def parse(self, value: Any) -> int:
        """Accept a number, or text of digits."""
        return parse_id(value)

    def find_misplaced(self, body: dict[str, Any]) -> list[str]:
        """Return an error if a body has the document in place of the id, which would be ignored silently."""
        return [f"Send the id as {self.key}."] if _is_number(body.get(self.name)) else []

    def make_example(self) -> dict[str, Any]:
        """Return an example of the other resource."""
        return self.resource.example()

    def get_request_example(self) -> int:
        """Return the id of the example."""
        return self.example["id"]

    def get_request_schema(self) -> JSONSchema:
        """Return the other row's id."""
        return {**ID, "description": f"The {self.resource.noun()}'s id."}

    def get_response_schema(self) -> JSONSchema:
        """Return the other resource's document."""
        return or_id({"$ref": f"#/components/schemas/{self.resource.component()}"})

    def get_bind_type(self, column: Any) -> BigInteger:
        """Return the type of 64-bit numbers: an id in a request may exceed the type of its column."""
        return BigInteger()

    def find_model_problems(self, model: Any) -> Iterator[str]:
        """Yield an error if the column is missing, or has no foreign key that is checked at each change."""
        yield from super().find_model_problems(model)
        if not hasattr(model, self.key):
            return
        (column,) = model.__mapper__.get_property(self.key).columns
        id = self.resource.model.__table__.c.id
        keys = [key for key in column.foreign_keys if key.column is id]
        if self.is_owner and not any((key.ondelete or "").upper() == "CASCADE" for key in keys):
            yield (
                f"rows belong to {self.name!r}, and the foreign key of the column {self.key} of {model.__name__} lacks "
                'ondelete="CASCADE", without which the other row cannot be deleted while the plugin is disabled.'
            )
        if not any(not key.deferrable for key in keys):
            yield (
                f"the field {self.name!r} refers to {self.resource.path}, and the column {self.key} "
                f"of {model.__name__} has no foreign key to {self.resource.model.__tablename__}.id, "
                "without which a row could refer to nothing."
            )

    def make_filters(self, scope: FilterScope) -> Iterator[Filter]:
        """Yield the filters by ids. The other resource makes the filters by its own fields."""
        column = getattr(scope.model, self.key)
        yield from scope.find_ids(self.key, column)
        if not self.required:
            yield scope.find_missing(self.key, column)

    def get_filter_names(self, prefix: str = "") -> tuple[str]:
        """Return the name of the filter by an id, which is the same in every list."""
        return (self.key,)

    def get_input(self) -> FormInput:
        """Return a choice of rows."""
        return FormInput("reference", {})

    def to_form(self, value: Any, number_format: NumberFormat) -> str:
        """Return the id."""
        return str(value["id"]) if value else ""

    def to_cell(self, value: Any) -> str:
        """Return the row's label."""
        return self.resource.label_of(value)

    def to_history(self, value: Any) -> dict[str, Any]:
        """Return the id, and the row's present label."""
        return {"id": value["id"], "label": str(self.resource.label(value))}

    def from_history(self, stored: Any) -> int:
        """Return the id."""
        return stored["id"]


def or_id(schema: JSONSchema) -> JSONSchema:
    """Return the schema of a row's document, or of its id for callers who may not view the row.

    If no rows are ever hidden, the OpenAPI document leaves the id out.
    """
    return {"anyOf": [schema, ROW_ID]}


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return value.isdecimal()
    return isinstance(value, int | float) and not isinstance(value, bool)
