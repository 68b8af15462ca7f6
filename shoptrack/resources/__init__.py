"""Resources, described by fields, and the repositories that read and write their rows.

This package is independent of HTTP: the API, the administration, reports, commands and plugins all read and write
through the same `Repository`.
"""

from shoptrack.resources.changes import ConcurrentUpdate
from shoptrack.resources.conditions import Condition, dialect_condition
from shoptrack.resources.extensions import Extension
from shoptrack.resources.fields import (
    ID,
    MAX_NUMBER_LENGTH,
    NOT_NULL,
    REQUIRED,
    ROW_ID,
    Batch,
    BatchComputed,
    Boolean,
    CellFormat,
    Choice,
    Computed,
    Date,
    DateTime,
    Decimal,
    Field,
    FieldOptions,
    Filter,
    FilterScope,
    FormInput,
    Integer,
    InvalidValue,
    JSONSchema,
    LongText,
    Money,
    Reference,
    SortKey,
    Text,
    is_bigint,
    make_unknown_id_error,
    or_id,
    parse_boolean,
    parse_id,
)
from shoptrack.resources.list_query import ListParameters, ListQuery
from shoptrack.resources.list_statements import MAX_CACHED_SHAPES, QueryShape
from shoptrack.resources.list_totals import FieldSum, find_ids, read_sums
from shoptrack.resources.pagination import Page
from shoptrack.resources.query_string import QueryString, integer_between, one_of
from shoptrack.resources.reassignment import ReassignmentConflict
from shoptrack.resources.referrers import Referrers, ReferringField
from shoptrack.resources.repository import Repository
from shoptrack.resources.resource import Resource, ServedResources
from shoptrack.resources.row_statements import Document
from shoptrack.resources.row_warnings import CheckedRow, CheckedRows, RowWarning
from shoptrack.resources.schema import Errors, Schema, Values
from shoptrack.resources.serializers import StoredRow
from shoptrack.resources.text_search import parse_search
from shoptrack.resources.visibility import (
    SHOW_ALL,
    Hidden,
    HiddenRow,
    check_parameters,
    is_partial,
    write_visible,
)

__all__ = [
    "ID",
    "MAX_CACHED_SHAPES",
    "MAX_NUMBER_LENGTH",
    "NOT_NULL",
    "REQUIRED",
    "ROW_ID",
    "SHOW_ALL",
    "Batch",
    "BatchComputed",
    "Boolean",
    "CellFormat",
    "CheckedRow",
    "CheckedRows",
    "Choice",
    "Computed",
    "ConcurrentUpdate",
    "Condition",
    "Date",
    "DateTime",
    "Decimal",
    "Document",
    "Errors",
    "Extension",
    "Field",
    "FieldOptions",
    "FieldSum",
    "Filter",
    "FilterScope",
    "FormInput",
    "Hidden",
    "HiddenRow",
    "Integer",
    "InvalidValue",
    "JSONSchema",
    "ListParameters",
    "ListQuery",
    "LongText",
    "Money",
    "Page",
    "QueryShape",
    "QueryString",
    "ReassignmentConflict",
    "Reference",
    "Referrers",
    "ReferringField",
    "Repository",
    "Resource",
    "RowWarning",
    "Schema",
    "ServedResources",
    "SortKey",
    "StoredRow",
    "Text",
    "Values",
    "check_parameters",
    "dialect_condition",
    "find_ids",
    "integer_between",
    "is_bigint",
    "is_partial",
    "make_unknown_id_error",
    "one_of",
    "or_id",
    "parse_boolean",
    "parse_id",
    "parse_search",
    "read_sums",
    "write_visible",
]
