"""Fields that are computed and not stored: from a row's columns, or by a statement for several rows."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Unpack

from sqlalchemy import Connection

from shoptrack.resources.fields.base import Batch, Field, FieldOptions
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
        compute = self.compute
        return lambda row: compute(*[column(row) for column in columns])

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


class BatchComputed(Computed):
    """A read-only field of an `Extension` whose values are read for all rows of a page at once.

    ::

        def count_purchases(connection, ids):
            column = ShoppingRecord.product_id
            counts = select(column, func.count()).where(column.in_(ids)).group_by(column)
            return dict(connection.execute(counts).all())

        BatchComputed("purchases", count_purchases, {"type": "integer"}, tables=["shopping_records"], missing=0)

    :param read: called with a connection and up to 1,000 ids of rows; returns the documents' values by id
    :param schema: the value's JSON Schema
    :param tables: the tables that ``read`` reads; the ETags of lists change with them
    :param missing: the value of rows that ``read`` does not return
    :param cell: how a page shows the value
    """

    def __init__(
        self,
        name: str,
        read: Callable[[Connection, Sequence[int]], Mapping[int, Any]],
        schema: JSONSchema,
        *,
        tables: Collection[str],
        missing: Any = None,
        cell: str = "text",
        **options: Unpack[FieldOptions],
    ):
        super().__init__(name, (), lambda: missing, schema, cell=cell, **options)
        self.batch = Batch(read, tuple(tables), missing)
