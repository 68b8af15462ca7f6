"""Templates: Jinja2, which escapes whatever a template does not mark as HTML."""

from datetime import datetime

from jinja2 import pass_context

from shoptrack.i18n.formatting import format_money, format_number
from shoptrack.settings import Settings
from shoptrack_admin.devices import device
from shoptrack_admin.translation import TemplateTexts, say


@pass_context
def translated(context, text: str) -> str:
    """Return a text that was marked in the reader's language, and any other as it is.

    It is escaped like any value: sentences about a form may repeat what was sent.
    """
    return say(context["request"], text)


@pass_context
def instant(context, at: datetime) -> str:
    """Return a point in time as the clock of the household's time zone shows it."""
    zone = Settings.of(context["request"].registry).time_zone
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def begun(text: str) -> str:
    """Return a name as it begins a line: with a capital letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def includeme(config):
    """Render ``.jinja2`` templates, and give them the filters."""
    config.add_settings(
        {
            "jinja2.i18n.gettext": TemplateTexts,
            "jinja2.newstyle": True,
            "jinja2.undefined": "strict",
            "jinja2.trim_blocks": True,
            "jinja2.lstrip_blocks": True,
            "jinja2.filters": {
                "translated": translated,
                "instant": instant,
                "begun": begun,
                "number": format_number,
                "money": format_money,
                "device": device,
            },
        }
    )
    config.include("pyramid_jinja2")
