"""Folded text, by which names are searched and ordered.

``ｷﾞｭｳﾆｭｳ``, ``ギュウニュウ`` and ``ぎゅうにゅう`` fold to the same text, as do ``Milk`` and ``ＭＩＬＫ``. Databases fold
text differently or not at all. So the application folds it, and stores the result in a second column.

Folded text keeps dashes, minus signs, long-vowel marks and tildes distinct, so they affect the order of names.
Searches treat lookalikes as equal: the keyboard and the system determine which one is typed.
"""

import unicodedata
from typing import Any

from sqlalchemy import String, event, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, Mapper, mapped_column
from sqlalchemy.sql.functions import FunctionElement

from shoptrack.db.base import Base

# The compatibility form of one character can have 18 characters. A PostgreSQL B-tree index accepts up to
# 2,700 bytes, so the stored text is truncated.
MAX_FOLDED_LENGTH = 400

_HIRAGANA = {katakana: katakana - 0x60 for katakana in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}

# No letters, even if they look like a dash. Characters that NFKC replaces are needed for text that is not folded.
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
# The last two arguments of the databases' `translate`.
LOOKALIKES = DASHES + TILDES, LONG_VOWEL_MARK * len(DASHES) + TILDE * len(TILDES)


def fold(text: str) -> str:
    """Return text without differences of width, case, and katakana or hiragana."""
    compatible = unicodedata.normalize("NFKC", text)
    return unicodedata.normalize("NFKC", compatible.casefold()).translate(_HIRAGANA)


def fold_lookalikes(text: str) -> str:
    """Return text with lookalike dashes, minus signs and long-vowel marks unified, and tildes as well."""
    return text.translate(str.maketrans(*LOOKALIKES))


def translate_lookalikes(column: Any) -> Any:
    """Return an SQL expression that does for a column what ``fold_lookalikes`` does for a text."""
    return func.translate(column, *LOOKALIKES, type_=String())


def folded_column(source: str) -> Mapped[str]:
    """Return a column that stores another column's text folded; its name is ``<source>_folded``.

    It is set on every write through SQLAlchemy, by the session or by an insert.

    :param source: name of the other column
    """

    def default(context) -> str:
        return fold_and_truncate(context.get_current_parameters().get(source))

    return mapped_column(
        # Both databases compare this column by code points, so they order it identically.
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
    """Return the folded text as a column stores it."""
    return fold(text or "")[:MAX_FOLDED_LENGTH]


class by_code_points(FunctionElement[str]):  # noqa: N801 - it reads as the function that it is
    """A text that is ordered and lowercased identically, whatever the collation of PostgreSQL's database."""

    type = String()
    inherit_cache = True


@compiles(by_code_points, "postgresql")
def _on_postgresql(element: by_code_points, compiler: Any, **options: Any) -> str:
    return f'({compiler.process(element.clauses, **options)} COLLATE "C")'


@compiles(by_code_points, "sqlite")
def _on_sqlite(element: by_code_points, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)})"
