"""Searching a part of a text in a column of folded text.

SQLite reads every row. PostgreSQL gets conditions that can use the indexes of `shoptrack.db.search_indexes`.
"""

from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    bindparam,
    case,
    false,
    func,
    not_,
    or_,
    select,
    true,
)

from shoptrack.db.folding import (
    LONG_VOWEL_MARK,
    TILDE,
    fold,
    fold_lookalikes,
    translate_lookalikes,
)
from shoptrack.db.search_indexes import make_character_array
from shoptrack.i18n.text_input import InvalidText, check_text
from shoptrack.i18n.translation import _
from shoptrack.resources.conditions import Condition, dialect_condition

MAX_SEARCH_LENGTH = 200  # characters; no name is longer
MAX_WORDS = 10
ESCAPE = "/"  # escapes the next character of a pattern
AMBIGUOUS = LONG_VOWEL_MARK + TILDE  # the replacements of all lookalikes


def parse_search(text: str) -> dict[str, str]:
    """Return the values of a search's placeholders: a pattern for each word.

    :raises InvalidText: the text is too long; ``args`` are the messages
    """
    words = fold(parse_search_text(text)).split()
    if len(words) > MAX_WORDS:
        raise InvalidText(_("Search for at most ${limit} words.", limit=MAX_WORDS))
    return {f"search_{n}": make_like_pattern(word) for n, word in enumerate(words)}


def parse_search_text(text: str) -> str:
    """Return a text to search for.

    :raises InvalidText: it is too long, or has characters that no database stores
    """
    return check_text(text, MAX_SEARCH_LENGTH).strip()


def contains_condition(folded: Any, name: str) -> Condition:
    """Return the condition that a column of folded text contains a part.

    :param name: of the placeholder, whose value is ``make_like_pattern`` of the part
    """
    piece = bindparam(name, type_=String())
    # A wildcard replaces characters with lookalikes: most rows then need no exact comparison, nor do most patterns.
    rough = func.translate(piece, AMBIGUOUS, "_" * len(AMBIGUOUS), type_=String())
    once = select(rough).scalar_subquery()  # not computed again for each row
    is_exact, like = once == piece, partial(folded.like, escape=ESCAPE)
    closer = translate_lookalikes(folded).like(piece, escape=ESCAPE)
    # SQLite may evaluate both sides of `AND` and `OR`.
    on_sqlite = case((not_(like(once)), false()), (is_exact, true()), else_=closer)
    plain = func.translate(piece, f"%_{ESCAPE}{AMBIGUOUS}", "")
    has_characters = make_character_array(folded).bool_op("@>")(make_character_array(plain))
    return dialect_condition(on_sqlite, and_(like(rough), or_(is_exact, closer), has_characters))


def begins_condition(folded: Any, name: str) -> ColumnElement[bool]:
    """Return the condition that a column of folded text begins with a part, for the order of results.

    :param name: of the placeholder, whose value is ``make_like_pattern`` of the part
    """
    without_wildcard = func.substr(bindparam(name, type_=String()), 2, type_=String())
    return folded.like(without_wildcard, escape=ESCAPE)


def make_like_pattern(folded: str) -> str:
    """Return the pattern that finds a folded text or a lookalike anywhere. Special characters are escaped."""
    folded = fold_lookalikes(folded)
    for special in (ESCAPE, "%", "_"):
        folded = folded.replace(special, ESCAPE + special)
    return f"%{folded}%"
