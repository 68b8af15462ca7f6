"""Finding rows by a piece of their texts: in one of them, or in all, with those of what they refer to.

SQLite looks at every row. PostgreSQL is asked so that it can use the indexes of `shoptrack.db.search_indexes`.
"""

from functools import partial
from typing import Any

from sqlalchemy import (
    String,
    and_,
    any_,
    bindparam,
    case,
    false,
    func,
    not_,
    or_,
    select,
    true,
    union_all,
)

from shoptrack.db.folding import (
    LONG_VOWEL_MARK,
    TILDE,
    fold,
    fold_lookalikes,
    translate_lookalikes,
)
from shoptrack.db.search_indexes import characters
from shoptrack.i18n.text_input import InvalidText, check_text
from shoptrack.i18n.translation import _
from shoptrack.resources.conditions import Clause, behind, by_database
from shoptrack.resources.fields import Reference, Refused, Text
from shoptrack.resources.resource import Resource
from shoptrack.resources.visibility import SHOW_ALL, Hidden

MAX_TEXT = 200  # characters; no name is longer
MAX_WORDS = 10
ESCAPE = "/"  # makes the next character of a pattern a plain one
AMBIGUOUS = LONG_VOWEL_MARK + TILDE  # what all that looks alike becomes


def search(resource: type[Resource] | Resource, words: int, hidden: Hidden = SHOW_ALL) -> Clause:
    """Return the condition that every word occurs in a text of a row, or of a row that it refers to.

    :param words: how many; ``search_values`` has their values
    :param hidden: permissions that the caller lacks; rows behind them are not looked at
    """
    return and_(true(), *(_occurs(resource, f"search_{n}", hidden) for n in range(words)))


def searched_permissions(resource: type[Resource] | Resource) -> frozenset[str]:
    """Return the permissions to view all rows that a search looks at."""
    has_text = any(isinstance(field, Text) for field in resource.fields)
    nested = [searched_permissions(field.resource) for field in resource.references()]
    if not has_text and not any(nested):
        return frozenset()
    return frozenset({resource.permission("view")}).union(*nested)


def search_values(text: str) -> dict[str, str]:
    """Return what to put in for the words of a search.

    :raises Refused: the text is too long
    """
    words = fold(plain_text(text)).split()
    if len(words) > MAX_WORDS:
        raise Refused(_("Search for at most ${limit} words.", limit=MAX_WORDS))
    return {f"search_{n}": pattern(word) for n, word in enumerate(words)}


def plain_text(text: str) -> str:
    """Return a text that can be searched for.

    :raises Refused: it is too long, or holds what no database's text can
    """
    try:
        return check_text(text, MAX_TEXT).strip()
    except InvalidText as error:
        raise Refused(*error.args) from None


def holds(folded: Any, name: str) -> Clause:
    """Return the condition that a column of folded text holds a piece.

    :param name: of the placeholder, for which ``pattern`` of the piece is put in
    """
    piece = bindparam(name, type_=String())
    # Any character in place of those that have lookalikes: most rows need no closer look then, and most pieces none.
    rough = func.translate(piece, AMBIGUOUS, "_" * len(AMBIGUOUS), type_=String())
    once = select(rough).scalar_subquery()  # where it would be made again for each row
    is_exact, like = once == piece, partial(folded.like, escape=ESCAPE)
    closer = translate_lookalikes(folded).like(piece, escape=ESCAPE)
    # Of `AND` and `OR` SQLite may evaluate both sides.
    on_sqlite = case((not_(like(once)), false()), (is_exact, true()), else_=closer)
    plain = func.translate(piece, f"%_{ESCAPE}{AMBIGUOUS}", "")
    has_characters = characters(folded).bool_op("@>")(characters(plain))
    return by_database(on_sqlite, and_(like(rough), or_(is_exact, closer), has_characters))


def pattern(folded: str) -> str:
    """Return the pattern that finds a folded text, or one that looks alike, anywhere.

    What is special in patterns is plain in it.
    """
    folded = fold_lookalikes(folded)
    for special in (ESCAPE, "%", "_"):
        folded = folded.replace(special, ESCAPE + special)
    return f"%{folded}%"


def _occurs(resource: type[Resource] | Resource, name: str, hidden: Hidden) -> Clause:
    """Return the condition that a word occurs in a text of a row, or of a row that it refers to."""
    model = resource.model
    texts = [
        holds(field.folded(model), name) for field in resource.fields if isinstance(field, Text)
    ]
    references = [
        (field, _occurs(field.resource, name, hidden))
        for field in resource.references()
        if field.resource.permission("view") not in hidden
    ]
    lifted = [behind(resource, field)(clause) for field, clause in references]
    anywhere = or_(*texts, *lifted)
    if not references:
        return anywhere
    if not texts:
        return by_database(anywhere, or_(*(_among(model, *each) for each in references)))
    # One subquery for all of them: PostgreSQL takes half the rows for found otherwise, and reads all.
    ways = [select(model.id).where(way).correlate(None) for way in (or_(*texts), *lifted)]
    return by_database(anywhere, model.id.in_(union_all(*ways)))


def _among(model: Any, field: Reference, clause: Clause) -> Clause:
    """Return the condition that a field refers to one of the rows that meet another, for PostgreSQL.

    It has them as an array before it plans to look each up in the index of the field; told by ``IN`` and ``OR``, it
    would go through all rows instead.
    """
    target = field.resource.model
    found = select(target.id).where(clause).correlate(None).scalar_subquery()
    return getattr(model, field.key) == any_(func.array(found))
