"""The fields that a resource is described by, and the sentences with which each refuses a value.

The sentences are those that clients of the backend know.
"""

from shoptrack.resources.fields.base import (
    MAX_NUMBER_LENGTH,
    NOT_NULL,
    REQUIRED,
    Field,
    FieldType,
    JSONSchema,
    Refused,
)
from shoptrack.resources.fields.dates import Date
from shoptrack.resources.fields.numbers import Decimal, Integer
from shoptrack.resources.fields.references import ID, Reference, is_id, or_id, parse_id, unknown_id
from shoptrack.resources.fields.text import Text

__all__ = [
    "ID",
    "MAX_NUMBER_LENGTH",
    "NOT_NULL",
    "REQUIRED",
    "Date",
    "Decimal",
    "Field",
    "FieldType",
    "Integer",
    "JSONSchema",
    "Reference",
    "Refused",
    "Text",
    "is_id",
    "or_id",
    "parse_id",
    "unknown_id",
]
