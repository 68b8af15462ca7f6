"""How one reader types and reads numbers."""

from dataclasses import dataclass
from decimal import Decimal

from shoptrack.i18n import amounts, numbers
from shoptrack.i18n.currencies import Currency


@dataclass(frozen=True)
class NumberFormat:
    """Reads and writes numbers in a language, and amounts of the household's currency.

    :param locale: the name of the language, such as ``ja``
    """

    locale: str
    currency: Currency

    def parse_number(self, text: str) -> Decimal:
        """Return the number that somebody typed.

        :raises InvalidNumber: it is no number, or its separators stand in wrong places
        """
        return numbers.parse_number(text, self.locale)

    def format_number(self, value: int | Decimal) -> str:
        """Return a number with separators, and without zeros at the end of its decimals."""
        return numbers.format_number(value, self.locale)

    def parse_amount(self, text: str) -> int:
        """Return the amount that somebody typed, in the currency's smallest unit.

        :raises InvalidNumber: it is no amount in this currency, or has more decimals than the currency
        """
        return amounts.parse_amount(text, self.currency, self.locale)

    def format_amount(self, amount: int | Decimal, *, is_short: bool = False) -> str:
        """Return an amount that is given in the currency's smallest unit, as in ¥1,280.

        :param is_short: whether to leave out decimals that are all zero, as on the axis of a chart
        """
        return amounts.format_amount(amount, self.currency, self.locale, is_short=is_short)

    def write_number(self, value: int | Decimal) -> str:
        """Return a number for an input: by the language's marks, without separators of thousands."""
        return f"{Decimal(value):f}".replace(".", numbers.get_marks(self.locale).decimal)

    def write_amount(self, amount: int) -> str:
        """Return an amount for an input, without the currency's sign."""
        return self.write_number(amounts.from_smallest_unit(amount, self.currency))
