"""The columns of a list: fields, and columns that plugins compute."""

from collections.abc import Sequence
from typing import Any

from shoptrack.permissions import SIGNED_IN
from shoptrack.plugins import AdminColumn
from shoptrack.resources import Document, Field, write_visible
from shoptrack_admin.access import has_access
from shoptrack_admin.templating import capfirst
from shoptrack_admin.translation import translate_for_request

NUMBER_CELLS = ("number", "money")  # right-aligned

Column = Field | AdminColumn


def get_label(request, column: Column) -> str:
    """Return the name of a column in the reader's language."""
    label = column.label if isinstance(column, AdminColumn) else column.verbose_name
    return translate_for_request(request, label)


def get_heading(request, column: Column) -> str:
    """Return the heading of a column in the reader's language."""
    return capfirst(get_label(request, column))


def can_view(request, column: AdminColumn) -> bool:
    """Return whether the user may view a computed column."""
    return has_access(request, column.permission or SIGNED_IN, staff_only=column.staff_only)


def compute_values(request, column: AdminColumn, documents: Sequence[Document]) -> list[Any]:
    """Return the values of a computed column, in the order of the documents.

    :raises ValueError: the plugin's function returned another number of values
    """
    if column.values is None:
        compute = column.value
        assert compute is not None, "checked at startup"
        return [write_visible(document, compute, None) for document in documents]
    values = list(column.values(request, documents))
    if len(values) != len(documents):
        raise ValueError(
            f"The column {column.name!r} has {len(values)} values for {len(documents)} rows."
        )
    return values
