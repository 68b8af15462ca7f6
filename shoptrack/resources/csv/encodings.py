"""The encodings and separators of CSV files, and texts that an encoding cannot represent.

The encoding cp932 of Japanese Windows lacks many characters. A file has these as character references, such as
``&#128512;``, as browsers send them. An ampersand that begins such a reference in a text becomes a reference, too. So
each text can be restored exactly.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from shoptrack.resources.fields import InvalidValue

BYTE_ORDER_MARK = "\ufeff"
ENCODINGS = ("utf-8-sig", "utf-8", "cp932")
DELIMITERS = {",": ",", ";": ";", "tab": "\t"}
# IANA's name of cp932, which browsers and Python know.
CHARSETS = {"cp932": "windows-31j"}
REFERENCE = re.compile(r"&#([0-9]{1,7});")
# Python encodes these in cp932 as characters that only look alike: the wave dash as the full-width tilde.
UNLIKE = str.maketrans({character: f"&#{ord(character)};" for character in "¢£¬‖−〜"})


@dataclass(frozen=True)
class CsvFormat:
    """How a CSV file is written.

    :param encoding: one of ``ENCODINGS``; ``utf-8-sig`` begins with a byte order mark, without which Excel expects an
        older encoding
    :param delimiter: the character between two cells
    """

    encoding: str = "utf-8-sig"
    delimiter: str = ","

    @property
    def charset(self) -> str:
        """Return the encoding's name in a media type."""
        return CHARSETS.get(self.encoding, "utf-8")

    @cached_property
    def is_unicode(self) -> bool:
        """Return whether the encoding represents all characters."""
        return self.encoding.startswith("utf-8")


def parse_delimiter(text: str) -> str:
    """Return the delimiter of a parameter: ``,``, ``;`` or ``tab``.

    :raises InvalidValue: it is another one
    """
    if text not in DELIMITERS:
        raise InvalidValue("Must be one of: , ; tab. In a URL, write ; as %3B.")
    return DELIMITERS[text]


def add_references(text: str, encoding: str = "cp932") -> str:
    """Return a text of which an encoding can represent each character."""
    if "&#" in text:
        text = REFERENCE.sub(r"&#38;#\1;", text)
    if text.isascii():
        return text
    return text.translate(UNLIKE).encode(encoding, "xmlcharrefreplace").decode(encoding)


def resolve_references(text: str) -> str:
    """Return the text of which ``add_references`` made this one."""
    return REFERENCE.sub(_resolve, text)


def _resolve(match: re.Match[str]) -> str:
    number = int(match[1])
    is_character = number < 0x110000 and not 0xD800 <= number < 0xE000
    return chr(number) if is_character else match[0]
