"""Finding rows by a piece of their texts: in one of them, or in all, with those of what they refer to."""

from typing import Any

from sqlalchemy import String, and_, bindparam, or_, true

from shoptrack.api.clauses import Clause, behind
from shoptrack.api.fields import Reference, Refused, Text
from shoptrack.api.resource import Resource
from shoptrack.folding import fold
from shoptrack.translation import _

MAX_TEXT = 200  # characters; no name is longer
MAX_WORDS = 10
ESCAPE = "/"  # makes the next character of a pattern a plain one


def search(resource: type[Resource] | Resource, words: int) -> Clause:
    """Return the condition that every word occurs in a text of a row, or of a row that it refers to.

    :param words: how many; ``search_values`` has their values
    """
    return and_(true(), *(_occurs(resource, f"search_{n}") for n in range(words)))


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
    if "\0" in text:
        raise Refused(_("Null characters are not allowed."))
    if len(text) > MAX_TEXT:
        raise Refused(_("Ensure this value has no more than ${limit} characters.", limit=MAX_TEXT))
    return text.strip()


def holds(folded: Any, name: str) -> Clause:
    """Return the condition that a column of folded text holds a piece.

    :param name: of the placeholder, for which ``pattern`` of the piece is put in
    """
    return folded.like(bindparam(name, type_=String()), escape=ESCAPE)


def pattern(folded: str) -> str:
    """Return the pattern that finds a folded text anywhere; what is special in patterns is plain in it."""
    for special in (ESCAPE, "%", "_"):
        folded = folded.replace(special, ESCAPE + special)
    return f"%{folded}%"


def _occurs(resource: type[Resource] | Resource, name: str) -> Clause:
    clauses = []
    for field in resource.fields:
        if isinstance(field, Text):
            clauses.append(holds(field.folded(resource.model), name))
        elif isinstance(field, Reference):
            clauses.append(behind(resource, field)(_occurs(field.resource, name)))
    return or_(*clauses)
