"""The message catalogue of this package, and those of all plugins for pages.

Python code marks messages by ``_``, templates by ``_`` or ``{% trans %}``. Messages in variables, such as names of
resources or errors of a form, need the filter ``translate``.
"""

from pathlib import Path

from pyramid.i18n import TranslationString
from pyramid.interfaces import ITranslationDirectories
from pyramid.threadlocal import get_current_request

from shoptrack.i18n import Message, MessageFactory, translate
from shoptrack_admin.wording import find_words

DOMAIN = "shoptrack_admin"
AFTER_ALL_DIRECTORIES = 1000  # the order of a configuration action
_ = MessageFactory(DOMAIN)


class TranslationDomains(tuple[str, ...]):
    """The names of the application's catalogues, this package's first."""


def translate_for_request(request, text: str) -> str:
    """Translate a message into the language of a request's page; return other text unchanged.

    Sentences of the API become those of `shoptrack_admin.wording`. Names of rows are never translated, even if a
    catalogue has the same word.
    """
    if isinstance(text, Message):
        text = find_words(text)
    if isinstance(text, Message | TranslationString):
        return translate(request.localizer, text, *request.registry[TranslationDomains])
    return text


class TemplateTranslations:
    """Finds the messages of templates in the catalogues of all plugins.

    pyramid_jinja2 creates it, one for an application. A message is looked up once in each language: templates have a
    few hundred, and a page asks for dozens of them in every catalogue.
    """

    def __init__(self, domain: str):
        self.domain = domain
        self._found: dict[tuple[str, str], str] = {}

    def gettext(self, message: str) -> str:
        """Translate a message into the language of the current page."""
        request = get_current_request()
        key = (request.localizer.locale_name, message)
        found = self._found.get(key)
        if found is None:
            domains = request.registry[TranslationDomains]
            found = self._found[key] = translate(request.localizer, message, *domains)
        return found

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """Translate a message with a count into the language of the current page."""
        request = get_current_request()
        for domain in request.registry[TranslationDomains]:
            text = request.localizer.pluralize(singular, plural, count, domain)
            if text not in (singular, plural):
                return text
        return singular if count == 1 else plural


def includeme(config):
    """Find the catalogues after all plugins have added theirs."""
    config.add_translation_dirs("shoptrack_admin:locale")

    def find():
        folders = config.registry.queryUtility(ITranslationDirectories, default=[])
        found = {
            file.stem for folder in folders for file in Path(folder).glob("*/LC_MESSAGES/*.mo")
        }
        config.registry[TranslationDomains] = TranslationDomains(
            (DOMAIN, *sorted(found - {DOMAIN}))
        )

    config.action(None, find, order=AFTER_ALL_DIRECTORIES)
