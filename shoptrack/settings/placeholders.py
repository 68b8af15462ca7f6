"""Telling a value from a text that only says where a value belongs."""

import re

_BRACKETS = re.compile(r"<.*>|\$?\{.*\}|\[[a-zA-Z_ -]+\]|%\(.*\)s|\$[A-Z_]+", re.DOTALL)
_CAPITALS = re.compile(r"(DB_?)?(USER|USERNAME|PASS|PASSWORD|HOST|HOSTNAME|PORT|NAME|DATABASE)")
_YOURS = re.compile(
    r"your([-_ .]|user|pass|host|server|db|name|database|domain).*",
    re.IGNORECASE,
)
_CHANGE_ME = re.compile(
    r"(change|replace)[-_ ]?(me|it|this)|host|hostname|placeholder|x{3,}|\.{3}", re.IGNORECASE
)


def is_placeholder(text: str, password: bool = False) -> bool:
    """Tell whether nobody has filled in a part of an address: ``<host>``, ``USER``, ``your_db``.

    :param password: be lenient, since ``changeme`` opens many a real database
    """
    shapes = [_BRACKETS, _CAPITALS, _YOURS, *([] if password else [_CHANGE_ME])]
    return any(shape.fullmatch(text) for shape in shapes)
