"""SVG elements and valid text for them."""

import re
from unicodedata import east_asian_width
from xml.etree.ElementTree import Element, SubElement

# Characters that XML does not allow, though a name may contain them.
INVALID_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def add_element(parent: Element, tag: str, **attributes: str) -> Element:
    """Add an SVG element to another."""
    return SubElement(parent, tag, attributes)


def add_text(parent: Element, text: str, tag: str = "text", **attributes: str) -> None:
    """Add an element with text, in the colour of the surrounding text."""
    if tag == "text":
        attributes.setdefault("fill", "currentColor")
    SubElement(parent, tag, attributes).text = remove_invalid_characters(text)


def remove_invalid_characters(text: str) -> str:
    """Replace the characters that XML does not allow."""
    return INVALID_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def truncate(text: str, room: int) -> str:
    """Return a text, cut off with an ellipsis if it is too wide.

    :param room: width in narrow letters; East Asian wide letters count twice
    """
    for position, letter in enumerate(text):
        room -= 2 if east_asian_width(letter) in "WF" else 1
        if room < 0:
            return f"{text[:position]}…"
    return text


def format_percent(share: float) -> str:
    """Format a percentage of the parent's size."""
    return f"{round(share, 2):g}%"
