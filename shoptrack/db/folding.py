"""Folded text: what names are searched and ordered by.

``ｷﾞｭｳﾆｭｳ``, ``ギュウニュウ`` and ``ぎゅうにゅう`` fold to the same text, as do ``Milk`` and
``ＭＩＬＫ``. Databases fold each in its own way or not at all, so the application does it and keeps the
result in a column beside the text.

Dashes, minus signs and long-vowel marks stay what they are there, as do tildes, so that the order of names is theirs.
Searches take those that look alike for one: which is typed depends on keyboard and system.
"""

import unicodedata
from typing import Any

from sqlalchemy import String, event, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, Mapper, mapped_column
from sqlalchemy.sql.functions import FunctionElement

from shoptrack.db.base import Base

# Compatible forms of single characters can be 18 characters long. A tree index of PostgreSQL takes
# up to 2,700 bytes, so what is kept ends before.
MAX_FOLDED_LENGTH = 400

_HIRAGANA = {katakana: katakana - 0x60 for katakana in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}

# Letters are left out, however much they look like a dash. What NFKC replaces is here for texts that are not folded.
DASHES = (
    "-"  # hyphen-minus
    "\u2010\u2011"  # hyphen, non-breaking hyphen
    "\u2012\u2013\u2014\u2015"  # figure dash, en dash, em dash, horizontal bar
    "\u2043"  # hyphen bullet
    "\u2212\u02d7\u2796"  # minus, as modifier letter, heavy
    "\u2500\u2501"  # lines of boxes
    "\u2e3a\u2e3b"  # two-em and three-em dash
    "\ufe58\ufe63\uff0d"  # small em dash, small and full-width hyphen
    "\u207b\u208b"  # superscript and subscript minus
    "\uff70"  # half-width long-vowel mark
)
LONG_VOWEL_MARK = "\u30fc"
TILDES = (
    "\uff5e"  # full-width tilde
    "\u301c\u3030"  # wave dash, wavy dash
    "\u223c"  # tilde operator
    "\u2053"  # swung dash
)
TILDE = "~"
# The first and the second argument of the databases' `translate`.
LOOKALIKES = DASHES + TILDES, LONG_VOWEL_MARK * len(DASHES) + TILDE * len(TILDES)


def fold(text: str) -> str:
    """Return text without the differences of width, case, and katakana or hiragana."""
    compatible = unicodedata.normalize("NFKC", text)
    return unicodedata.normalize("NFKC", compatible.casefold()).translate(_HIRAGANA)


def fold_lookalikes(text: str) -> str:
    """Return text without the differences of dashes, minus signs and long-vowel marks, and of tildes."""
    return text.translate(str.maketrans(*LOOKALIKES))


def translate_lookalikes(column: Any) -> Any:
    """Return the expression of a column's text as ``fold_lookalikes`` has it."""
    return func.translate(column, *LOOKALIKES, type_=String())


def folded_column(source: str) -> Mapped[str]:
    """Return the column that keeps another column's text folded; its name is ``<source>_folded``.

    It is filled whenever a row is written through SQLAlchemy, by the session or by an insert.

    :param source: the other column's name
    """

    def default(context) -> str:
        return fold_and_truncate(context.get_current_parameters().get(source))

    return mapped_column(
        # Both databases compare this by code points, so they order it alike.
        String(MAX_FOLDED_LENGTH).with_variant(
            String(MAX_FOLDED_LENGTH, collation="C"), "postgresql"
        ),
        default=default,
        server_default="",
        index=True,
        info={"folds": source},
    )


@event.listens_for(Base, "before_update", propagate=True)
def _refold(mapper: Mapper[Any], connection, row: Any) -> None:
    for column in mapper.columns:
        source = column.info.get("folds")
        if source is not None:
            setattr(
                row,
                mapper.get_property_by_column(column).key,
                fold_and_truncate(getattr(row, source)),
            )


def fold_and_truncate(text: str | None) -> str:
    """Return what a column keeps of a text folded."""
    return fold(text or "")[:MAX_FOLDED_LENGTH]


class by_code_points(FunctionElement[str]):  # noqa: N801 - it reads as the function that it is
    """Return a text that is ordered and lowered alike, whatever collation PostgreSQL's database has."""

    type = String()
    inherit_cache = True


@compiles(by_code_points, "postgresql")
def _on_postgresql(element: by_code_points, compiler: Any, **options: Any) -> str:
    return f'({compiler.process(element.clauses, **options)} COLLATE "C")'


@compiles(by_code_points, "sqlite")
def _on_sqlite(element: by_code_points, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)})"
