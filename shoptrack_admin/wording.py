"""What pages say in place of the API's sentences that people do not know."""

from collections.abc import Mapping

from shoptrack.i18n import Message, MessageFactory

_ = MessageFactory("shoptrack_admin")

VALUE, NUMBER = _("Enter a value."), _("Enter a number.")
NO_ROW = _("This row does not exist. Choose another.")
WORDS: Mapping[str, Message] = {
    "This field is required.": VALUE,
    "This field may not be null.": VALUE,
    "This field may not be blank.": VALUE,
    'Invalid pk "${id}" - object does not exist.': NO_ROW,
    "Incorrect type. Expected pk value, received ${kind}.": NO_ROW,
    "A valid integer is required.": NUMBER,
    "A valid number is required.": NUMBER,
    "String value too large.": _("This number is too long."),
    "Must be a valid boolean.": _("Choose yes or no."),
    "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.": _(
        "Enter a date such as 2025-04-30."
    ),
}


def find_words(message: Message) -> Message:
    """Return the message for people; the same one if it is already."""
    return WORDS.get(message.original, message)
