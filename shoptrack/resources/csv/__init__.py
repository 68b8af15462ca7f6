"""A resource's rows as a CSV file: its columns, and the texts of its cells. Exports and imports share both.

An import is planned (`planning`) and then stored (`writing`). In between, its lines are in a temporary file (`spool`).
"""

from shoptrack.resources.csv.columns import CsvColumn, make_columns, make_headings
from shoptrack.resources.csv.encodings import (
    DELIMITERS,
    ENCODINGS,
    CsvFormat,
    add_references,
    parse_delimiter,
    resolve_references,
)
from shoptrack.resources.csv.escaping import escape_formula, unescape_formula
from shoptrack.resources.csv.export import HEADINGS, KEYS, ComputedColumn, CsvExport, get_format
from shoptrack.resources.csv.writer import CsvWriter, write_table

__all__ = [
    "DELIMITERS",
    "ENCODINGS",
    "HEADINGS",
    "KEYS",
    "ComputedColumn",
    "CsvColumn",
    "CsvExport",
    "CsvFormat",
    "CsvWriter",
    "add_references",
    "escape_formula",
    "get_format",
    "make_columns",
    "make_headings",
    "parse_delimiter",
    "resolve_references",
    "unescape_formula",
    "write_table",
]
