"""Text: translation, formats of numbers and money, and checks of text input."""

from shoptrack.i18n.formatting import format_money, format_number
from shoptrack.i18n.text_input import InvalidText, check_text, clean_text, find_text_errors, shorten
from shoptrack.i18n.translation import Message, MessageFactory, translate

__all__ = [
    "InvalidText",
    "Message",
    "MessageFactory",
    "check_text",
    "clean_text",
    "find_text_errors",
    "format_money",
    "format_number",
    "shorten",
    "translate",
]
