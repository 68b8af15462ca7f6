"""The fields that describe a resource, and their messages about invalid values.

The messages are those of the Django backend, which clients know.
"""

from shoptrack.resources.fields.base import Batch, Field, FieldOptions, FormInput
from shoptrack.resources.fields.cells import CellFormat
from shoptrack.resources.fields.choices import Boolean, Choice
from shoptrack.resources.fields.computed import BatchComputed, Computed
from shoptrack.resources.fields.days import Date, DateTime
from shoptrack.resources.fields.lists import Filter, FilterScope, SortKey, parse_boolean
from shoptrack.resources.fields.money import Money
from shoptrack.resources.fields.numbers import Decimal, Integer
from shoptrack.resources.fields.references import ROW_ID, Reference, or_id
from shoptrack.resources.fields.text import LongText, Text
from shoptrack.resources.fields.values import (
    ID,
    INVALID_CURSOR,
    MAX_NUMBER_LENGTH,
    NOT_NULL,
    REQUIRED,
    InvalidValue,
    JSONSchema,
    is_bigint,
    make_unknown_id_error,
    parse_id,
)

__all__ = [
    "ID",
    "INVALID_CURSOR",
    "MAX_NUMBER_LENGTH",
    "NOT_NULL",
    "REQUIRED",
    "ROW_ID",
    "Batch",
    "BatchComputed",
    "Boolean",
    "CellFormat",
    "Choice",
    "Computed",
    "Date",
    "DateTime",
    "Decimal",
    "Field",
    "FieldOptions",
    "Filter",
    "FilterScope",
    "FormInput",
    "Integer",
    "InvalidValue",
    "JSONSchema",
    "LongText",
    "Money",
    "Reference",
    "SortKey",
    "Text",
    "is_bigint",
    "make_unknown_id_error",
    "or_id",
    "parse_boolean",
    "parse_id",
]
