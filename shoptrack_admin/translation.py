"""The catalogue of this plugin's texts, and how pages find those of all plugins.

In Python texts are marked by ``_``, in templates by ``_`` or ``{% trans %}``. What is only known when a page is made,
such as the names of resources or the sentences about a form, passes the filter ``translated``.
"""

from pathlib import Path

from pyramid.i18n import TranslationString
from pyramid.interfaces import ITranslationDirectories
from pyramid.threadlocal import get_current_request

from shoptrack.i18n.translation import Message, MessageFactory, translate

DOMAIN = "shoptrack_admin"
AFTER_ALL_DIRECTORIES = 1000  # the order of a configuration action
_ = MessageFactory(DOMAIN)


class Domains(tuple[str, ...]):
    """The names of the application's catalogues, this plugin's first."""


def say(request, text: str) -> str:
    """Return a text that was marked in the language of a request's page, and any other as it is.

    What somebody called a row is nobody's to translate, though a catalogue may have the same word.
    """
    if isinstance(text, Message | TranslationString):
        return translate(request.localizer, text, *request.registry[Domains])
    return text


class TemplateTexts:
    """How templates find the texts that they mark, their plugin's own catalogue included.

    It is pyramid_jinja2 that makes it.
    """

    def __init__(self, domain: str):
        self.domain = domain

    def gettext(self, message: str) -> str:
        """Return a text in the language of the current page."""
        request = get_current_request()
        return translate(request.localizer, message, *request.registry[Domains])

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """Return the one of two texts that suits a count, in the language of the current page."""
        request = get_current_request()
        for domain in request.registry[Domains]:
            text = request.localizer.pluralize(singular, plural, count, domain)
            if text not in (singular, plural):
                return text
        return singular if count == 1 else plural


def includeme(config):
    """Find the catalogues when all plugins have brought theirs."""
    config.add_translation_dirs("shoptrack_admin:locale")

    def find():
        folders = config.registry.queryUtility(ITranslationDirectories, default=[])
        found = {
            file.stem for folder in folders for file in Path(folder).glob("*/LC_MESSAGES/*.mo")
        }
        config.registry[Domains] = Domains((DOMAIN, *sorted(found - {DOMAIN})))

    config.action(None, find, order=AFTER_ALL_DIRECTORIES)
