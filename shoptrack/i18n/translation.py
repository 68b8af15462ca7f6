"""Messages and names that pages translate into the user's language. Everywhere else they are English text.

::

    _ = Messages("shoptrack_wishlist")

    verbose_name = _("wish")
    InvalidValue(_("Ensure this field has no more than ${limit} characters.", limit=50))

Catalogues are GNU gettext's, found by ``config.add_translation_dirs("shoptrack_wishlist:locale")``.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from pyramid.i18n import Localizer, TranslationString, make_localizer
from pyramid.interfaces import ILocalizer, ITranslationDirectories

LANGUAGES = ("en", "ja")


class Message(str):
    """An English text that keeps its translation string.

    ``original`` is Pyramid's translation string, which a localizer translates into another language.
    """

    original: TranslationString

    def __new__(cls, original: TranslationString):
        """Create the English text of a translation string."""
        message = super().__new__(cls, original.interpolate())
        message.original = original
        return message


class MessageFactory:
    """Marks the texts of one catalogue for translation. By convention its name is ``_``, which Babel looks for.

    :param domain: name of the catalogue, which is the package's name
    """

    def __init__(self, domain: str):
        self.domain = domain

    def __call__(self, text: str, /, **values: Any) -> Message:
        """Return a message; ``${name}`` in its text is replaced by one of the values."""
        return Message(TranslationString(text, domain=self.domain, mapping=values or None))


def translate(localizer, text: str, *domains: str) -> str:
    """Return a text in a localizer's language, or in English if no catalogue has it.

    :param domains: catalogues to search for a text that does not name its own
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


def make_translator(registry: Any, language: str) -> Callable[[str], str]:
    """Return a function that translates messages into a language, with all catalogues of an application.

    :param language: one of ``LANGUAGES``
    """
    return partial(translate, _get_localizer(registry, language))


def get_preferred_localizer(request: Any) -> Localizer:
    """Return the localizer of the language that the client prefers, of English by default. Pages have another."""
    registry = request.registry
    folders = registry.queryUtility(ITranslationDirectories, default=[])
    languages = {folder.name for path in folders for folder in Path(path).iterdir()} | {"en"}
    language = request.accept_language.lookup(sorted(languages), default="en")
    return _get_localizer(registry, language)


def _get_localizer(registry: Any, language: str) -> Localizer:
    localizer = registry.queryUtility(ILocalizer, name=language)
    if localizer is None:
        folders = registry.queryUtility(ITranslationDirectories, default=[])
        localizer = make_localizer(language, folders)
        # As Pyramid keeps those of requests: reading the catalogues takes milliseconds.
        registry.registerUtility(localizer, ILocalizer, name=language)
    return localizer


_ = MessageFactory("shoptrack")
