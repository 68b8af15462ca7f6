"""Fields that are computed from a row's columns and not stored."""

from collections.abc import Callable, Sequence
from typing import Any, Unpack

from shoptrack.resources.fields.base import Field, FieldOptions
from shoptrack.resources.fields.values import JSONSchema


class Computed(Field):
    """A read-only field that is computed from other columns of the row.

    ::

        Computed("unit_price", ("price", "quantity"), lambda price, quantity: str(price / quantity),
                 {"type": "string"})

    :param attributes: the model's attributes whose values ``compute`` gets
    :param compute: returns the document's value
    :param schema: the value's JSON Schema
    :param cell: how a page shows the value
    """

    is_stored = False
    is_ordered = False

    def __init__(
        self,
        name: str,
        attributes: Sequence[str],
        compute: Callable[..., Any],
        schema: JSONSchema,
        *,
        cell: str = "text",
        **options: Unpack[FieldOptions],
    ):
        self._attributes = tuple(attributes)
        self.compute = compute
        self.schema = schema
        self.cell = cell
        options["read_only"] = True
        super().__init__(name, **options)

    @property
    def attributes(self) -> Sequence[str]:
        """Return the attributes that the value is computed from."""
        return self._attributes

    def make_reader(self, columns: Sequence[Callable[[Any], Any]]) -> Callable[[Any], Any]:
        """Return a function that computes the value of a row."""
        return lambda row: self.compute(*(column(row) for column in columns))

    def get_response_schema(self) -> JSONSchema:
        """Return the schema."""
        return self.schema

    def parse(self, value: Any) -> Any:
        """Reject the value: the field is read-only."""
        raise NotImplementedError(f"{self.name} is computed.")

    def find_model_problems(self, model: Any):
        """Yield the attributes that the model lacks."""
        for name in self._attributes:
            if not hasattr(model, name):
                yield f"{self.name!r} is computed from {name!r}, which the model {model.__name__} lacks."

    def make_filters(self, scope):
        """Yield no filters: no column has the value."""
        yield from ()
