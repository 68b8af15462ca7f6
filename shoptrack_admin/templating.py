"""Jinja2 with automatic escaping, and the filters of templates."""

from datetime import datetime
from decimal import Decimal

from jinja2 import pass_context

from shoptrack.settings import Settings
from shoptrack_admin.translation import TemplateTranslations, translate_for_request

# The first match wins: Edge also claims to be Chrome, and Chrome to be Safari.
PROGRAMS = {
    "Edg/": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def describe_device(user_agent: str) -> str:
    """Return a short name such as "Firefox, Windows"; of another client, its first word.

    :param user_agent: the header ``User-Agent``, which may be anything
    """
    program = next((name for part, name in PROGRAMS.items() if part in user_agent), None)
    system = next((name for part, name in SYSTEMS.items() if part in user_agent), None)
    if program and system:
        return f"{program}, {system}"
    return user_agent.partition(" ")[0]


@pass_context
def translate(context, text: str) -> str:
    """Translate a message into the reader's language; return other text unchanged.

    The result is escaped, since error messages may quote form data.
    """
    return translate_for_request(context["request"], text)


def format_instant(request, at: datetime) -> str:
    """Format a time in the household's time zone."""
    zone = Settings.of(request.registry).time_zone
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


@pass_context
def format_datetime(context, at: datetime) -> str:
    """Format a time in the household's time zone."""
    return format_instant(context["request"], at)


@pass_context
def format_number(context, value: int | Decimal) -> str:
    """Format a number in the reader's language."""
    return context["request"].number_format.format_number(value)


@pass_context
def format_money(context, amount: int | Decimal | str, is_short: bool = False) -> str:
    """Format an amount of the currency's smallest unit in the reader's language.

    :param is_short: whether to leave out decimals that are all zero
    """
    return context["request"].number_format.format_amount(Decimal(amount), is_short=is_short)


def capfirst(text: str) -> str:
    """Capitalize the first letter, as Django's filter of this name does."""
    return text[:1].upper() + text[1:]


def includeme(config):
    """Set up ``.jinja2`` templates and their filters."""
    config.add_settings(
        {
            "jinja2.i18n.gettext": TemplateTranslations,
            "jinja2.newstyle": True,
            "jinja2.undefined": "strict",
            "jinja2.trim_blocks": True,
            "jinja2.lstrip_blocks": True,
            "jinja2.filters": {
                "translate": translate,
                "format_datetime": format_datetime,
                "capfirst": capfirst,
                "number": format_number,
                "money": format_money,
                "describe_device": describe_device,
            },
        }
    )
    config.include("pyramid_jinja2")
