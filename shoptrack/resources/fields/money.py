"""The field for amounts of money."""

from typing import Any

from shoptrack.i18n.amounts import from_smallest_unit
from shoptrack.i18n.currencies import Currency
from shoptrack.i18n.number_format import NumberFormat
from shoptrack.i18n.numbers import InvalidNumber
from shoptrack.resources.fields.base import FormInput
from shoptrack.resources.fields.numbers import Integer
from shoptrack.resources.fields.values import InvalidValue


class Money(Integer):
    """An amount in the household's currency: a whole number of its smallest unit, by default of 32 bits.

    People read and type it in the currency, as in ¥1,280 and €12.80. Bodies, documents and filters have the number.
    """

    cell = "money"
    has_currency = True
    is_summable = True

    def get_input(self) -> FormInput:
        """Return a text input with a keyboard of digits and a decimal point."""
        return FormInput("text", {"inputmode": "decimal", "autocomplete": "off"})

    def to_form(self, value: Any, number_format: NumberFormat) -> str:
        """Return the amount without the currency's sign."""
        return "" if value is None else number_format.write_amount(value)

    def from_form(self, text: str, number_format: NumberFormat) -> Any:
        """Return the number of smallest units, of what people type."""
        if not text.strip():
            return super().from_form(text, number_format)
        try:
            amount = number_format.parse_amount(text)
        except InvalidNumber as error:
            raise InvalidValue(*error.args) from None
        self.check_bounds(amount, number_format.format_amount)
        return amount

    def to_text(self, value: Any, number_format: NumberFormat) -> Any:
        """Return the amount with the currency's sign."""
        return number_format.format_amount(value) if isinstance(value, int) else value

    def to_csv(self, value: Any, currency: Currency) -> Any:
        """Return the amount in the currency: 12.80 for 1280 cents."""
        if not isinstance(value, int) or not currency.digits:
            return (
                value  # whole numbers, nothing, or what another kind of field left in the history
            )
        return str(from_smallest_unit(value, currency))
