"""A resource's rows as a CSV file: its columns, and the texts of its cells. Exports and imports share both."""

from shoptrack.resources.csv.columns import CsvColumn, make_columns, make_headings
from shoptrack.resources.csv.escaping import escape_formula, unescape_formula

__all__ = [
    "CsvColumn",
    "escape_formula",
    "make_columns",
    "make_headings",
    "unescape_formula",
]
