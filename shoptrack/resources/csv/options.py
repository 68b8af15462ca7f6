"""How a file is read: the options of an import."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shoptrack.errors import ValidationError
from shoptrack.i18n.currencies import Currency
from shoptrack.i18n.numbers import find_locale
from shoptrack.i18n.text_input import find_text_errors, shorten
from shoptrack.i18n.translation import _
from shoptrack.resources.csv.encodings import DELIMITERS
from shoptrack.resources.csv.reading import READABLE_ENCODINGS
from shoptrack.resources.fields.cells import DATE_FORMATS, CellFormat

TABLE = _('Expected an object of texts, such as {"日付": "purchase_date"}.')


@dataclass(frozen=True)
class ImportOptions:
    """The options of an import.

    :param encoding: of the file, ``None`` to recognise it
    :param delimiter: ``None`` to recognise it
    :param date_format: of all days in the file
    :param language: whose separators numbers have
    :param columns: keys of columns by the file's headings. Of several headings with one key, the first cell that is
        not empty counts. An empty key ignores a column.
    :param defaults: texts for empty or missing cells, by the keys of columns
    :param ignore_ids: whether ids in the file are those of another installation
    :param only: lines that are read: those with one of these texts in the column with this heading
    :param skip: lines that are not read, likewise
    :param negate: keys of the columns whose numbers have the opposite sign
    :param empty: texts that mean an empty cell, such as ``-``
    :param is_foreign: whether the file is another program's, which escapes no formulas
    """

    encoding: str | None = None
    delimiter: str | None = None
    date_format: str = DATE_FORMATS[0]
    language: str = "en"
    columns: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    ignore_ids: bool = False
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)
    skip: Mapping[str, Sequence[str]] = field(default_factory=dict)
    negate: Sequence[str] = ()
    empty: Sequence[str] = ()
    is_foreign: bool = False

    def __post_init__(self) -> None:
        """Check the values.

        :raises ValidationError: naming each invalid option
        """
        errors: dict[str, list[str]] = {}
        choices = {
            "encoding": READABLE_ENCODINGS,
            "delimiter": DELIMITERS,
            "date_format": DATE_FORMATS,
        }
        for name, allowed in choices.items():
            value = getattr(self, name)
            if value is not None and value not in allowed:
                errors[name] = [_("Use one of: ${choices}.", choices=" ".join(allowed))]
        if find_locale(self.language).language != re.split("[-_]", self.language)[0]:
            errors["language"] = [_("There is no language ${name}.", name=shorten(self.language))]
        for name in ("columns", "defaults"):
            table = getattr(self, name)
            if not _is_table_of_texts(table):
                errors[name] = [TABLE]
            elif wrong := [
                one for pair in table.items() for one in map(find_text_errors, pair) if one
            ]:
                errors[name] = wrong[0]
        if errors:
            raise ValidationError(errors)

    def make_format(self, currency: Currency) -> CellFormat:
        """Return how the file writes days, numbers and amounts."""
        return CellFormat(self.date_format, self.language, currency)


def _is_table_of_texts(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(text, str) for pair in value.items() for text in pair
    )
