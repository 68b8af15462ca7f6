"""Values as people write them in the cells of a CSV file."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from shoptrack.i18n.currencies import JPY, Currency
from shoptrack.i18n.number_format import NumberFormat
from shoptrack.i18n.text_input import shorten
from shoptrack.i18n.translation import _
from shoptrack.resources.fields.values import InvalidValue

DATE_FORMATS = (
    "YYYY-MM-DD",
    "YYYY/MM/DD",
    "YYYY.MM.DD",
    "YYYY年MM月DD日",
    "DD.MM.YYYY",
    "DD/MM/YYYY",
    "DD-MM-YYYY",
    "MM/DD/YYYY",
)
_PARTS = {"YYYY": r"(?P<year>\d{4})", "MM": r"(?P<month>\d{1,2})", "DD": r"(?P<day>\d{1,2})"}


@dataclass(frozen=True)
class CellFormat:
    """How a file writes days and numbers. Nothing of it is guessed.

    :param date_format: one of ``DATE_FORMATS``
    :param language: whose separators numbers have, such as ``en`` or ``de``
    :param currency: the household's, of amounts
    """

    date_format: str = DATE_FORMATS[0]
    language: str = "en"
    currency: Currency = JPY

    def parse_date(self, text: str) -> str:
        """Return a day as bodies have it.

        :raises InvalidValue: the text has another format, or the calendar has no such day
        """
        folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
        match = self._date.fullmatch(folded.strip())
        if match is None:
            raise InvalidValue(
                _(
                    "“${text}” is no date in the format ${format}. The option date_format names another format.",
                    text=shorten(text),
                    format=self.date_format,
                )
            )
        try:
            return date(
                **{part: int(digits) for part, digits in match.groupdict().items()}
            ).isoformat()
        except ValueError:
            raise InvalidValue(_("There is no day “${text}”.", text=shorten(text))) from None

    @cached_property
    def number_format(self) -> NumberFormat:
        """Return how the file writes numbers and amounts."""
        return NumberFormat(self.language, self.currency)

    @cached_property
    def _date(self) -> re.Pattern[str]:
        pattern = re.escape(self.date_format)
        for part, digits in _PARTS.items():
            pattern = pattern.replace(part, digits)
        return re.compile(pattern)
