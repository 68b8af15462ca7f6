"""Elements of SVG, and what may stand in them."""

import re
from unicodedata import east_asian_width
from xml.etree.ElementTree import Element, SubElement

# What XML cannot hold, though a name may.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def add(parent: Element, tag: str, **attributes: str) -> Element:
    """Add an element to another."""
    return SubElement(parent, tag, attributes)


def text(parent: Element, text: str, tag: str = "text", **attributes: str) -> None:
    """Add an element that holds a text; letters have the colour of whatever is around."""
    if tag == "text":
        attributes.setdefault("fill", "currentColor")
    SubElement(parent, tag, attributes).text = plain(text)


def plain(text: str) -> str:
    """Return a text as XML can hold it."""
    return UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def shortened(text: str, room: int) -> str:
    """Return a text, or as much of its beginning as there is room for.

    :param room: in narrow letters; those of East Asia are twice as wide
    """
    for position, letter in enumerate(text):
        room -= 2 if east_asian_width(letter) in "WF" else 1
        if room < 0:
            return f"{text[:position]}…"
    return text


def percent(share: float) -> str:
    """Return a share of the parent's size as attributes have it."""
    return f"{round(share, 2):g}%"
