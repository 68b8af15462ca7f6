"""Text: translation, formats of numbers and money, and checks of text input."""

from shoptrack.i18n.amounts import format_amount, from_smallest_unit, parse_amount
from shoptrack.i18n.currencies import Currency, find_currency
from shoptrack.i18n.number_format import NumberFormat
from shoptrack.i18n.numbers import InvalidNumber, format_number, parse_number
from shoptrack.i18n.text_input import InvalidText, check_text, clean_text, find_text_errors, shorten
from shoptrack.i18n.translation import Message, MessageFactory, translate

__all__ = [
    "Currency",
    "InvalidNumber",
    "InvalidText",
    "Message",
    "MessageFactory",
    "NumberFormat",
    "check_text",
    "clean_text",
    "find_currency",
    "find_text_errors",
    "format_amount",
    "format_number",
    "from_smallest_unit",
    "parse_amount",
    "parse_number",
    "shorten",
    "translate",
]
