"""Sentences and names that a page can say in its reader's language. Everywhere else they are English text.

::

    _ = Messages("shoptrack_wishlist")

    verbose_name = _("wish")
    InvalidValue(_("Ensure this field has no more than ${limit} characters.", limit=50))

Catalogues are GNU gettext's, found by ``config.add_translation_dirs("shoptrack_wishlist:locale")``.
"""

from typing import Any

from pyramid.i18n import TranslationString


class Message(str):
    """A text in English that knows what it was made of.

    ``original`` is that: Pyramid's translation string, which a localizer says in another language.
    """

    original: TranslationString

    def __new__(cls, original: TranslationString):
        """Make the English text of a translation string."""
        message = super().__new__(cls, original.interpolate())
        message.original = original
        return message


class MessageFactory:
    """Marks the texts of one catalogue. By convention it is called ``_``, by which Babel finds them.

    :param domain: the catalogue's name, which is the package's
    """

    def __init__(self, domain: str):
        self.domain = domain

    def __call__(self, text: str, **values: Any) -> Message:
        """Return a message; ``${name}`` in its text stands for one of the values."""
        return Message(TranslationString(text, domain=self.domain, mapping=values or None))


def translate(localizer, text: str, *domains: str) -> str:
    """Return a text in a localizer's language; one that no catalogue has comes back in English.

    :param domains: the catalogues to look in for a text that does not name its own
    """
    if isinstance(text, Message):
        original = text.original
        values = {
            name: translate(localizer, value, *domains) if isinstance(value, str) else value
            for name, value in (original.mapping or {}).items()
        }
        return localizer.translate(
            TranslationString(original, domain=original.domain, mapping=values)
        )
    for domain in domains:
        translated = localizer.translate(str(text), domain)
        if translated != text:
            return translated
    return str(text)


_ = MessageFactory("shoptrack")
