"""Queries of the history: filters, and the statement of the matching entries."""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Select, literal, select, true

from shoptrack.db.folding import fold, fold_lookalikes
from shoptrack.history.models import ActionSource, HistoryEntry
from shoptrack.i18n.text_input import check_text

MAX_TEXT_LENGTH = 200  # characters

Condition = ColumnElement[bool]


class Filters:
    """Filters of the history's list.

    :param paths: of resources, whose rows the entries may be about
    :param actions: all known actions
    :param zone: the household's time zone, in which days begin and end
    :param hidden: paths of resources whose rows' labels are not searched
    """

    def __init__(
        self,
        paths: Iterable[str],
        actions: Iterable[str],
        zone: ZoneInfo,
        hidden: Collection[str] = (),
    ):
        self._hidden = hidden
        self._zone = zone
        self._paths = set(paths)
        self._actions = set(actions)
        self._parsers: dict[str, Callable[[Any, str], Condition]] = {
            "action": lambda entry, text: entry.action == _choose(text, self._actions),
            "way": lambda entry, text: entry.way == ActionSource(text),
            "path": lambda entry, text: entry.path == _choose(text, self._paths),
            "row": lambda entry, text: entry.row_id == literal(_parse_number(text), BigInteger),
            "user": lambda entry, text: entry.username == _clean(text),
            "label": self._label,
            "from": lambda entry, text: entry.at >= self._get_start(text),
            "to": lambda entry, text: entry.at < self._get_start(text, days=1),
            "before": lambda entry, text: entry.id < literal(_parse_number(text), BigInteger),
        }

    def make_conditions(
        self, params: dict[str, str], entry: Any = HistoryEntry
    ) -> tuple[list[Condition], list[str]]:
        """Return the conditions for entries, and the names of invalid filters.

        A database cannot fold labels, so `LabelSearch` compares those of the entries that meet the conditions.

        :param entry: an alias of the entries
        """
        conditions, invalid = [], []
        for name, text in params.items():
            try:
                conditions.append(self._parsers[name](entry, text.strip()))
            except (LookupError, ValueError, OverflowError):
                invalid.append(name)
        return conditions, invalid

    def _label(self, entry: Any, text: str) -> Condition:
        LabelSearch(text)
        return entry.path.not_in(self._hidden) if self._hidden else true()

    def _get_start(self, text: str, days: int = 0) -> datetime:
        day = date.fromisoformat(text) + timedelta(days=days)
        return datetime.combine(day, time(), self._zone).astimezone(UTC)


class LabelSearch:
    """The words of a search, which finds labels as other searches find names: whatever their width, case and kana.

    :raises ValueError: the text is too long, or has characters that no database stores
    """

    def __init__(self, text: str):
        self._words = [fold_lookalikes(word) for word in fold(_clean(text)).split()]

    def matches(self, label: str) -> bool:
        """Return whether a label has all words."""
        folded = fold_lookalikes(fold(label))
        return all(word in folded for word in self._words)


def select_entries(*conditions: Condition) -> Select[Any]:
    """Return the statement of the entries that meet the conditions, newest first."""
    return (
        select(*HistoryEntry.__table__.columns).where(*conditions).order_by(HistoryEntry.id.desc())
    )


def _choose(text: str, known: Collection[str]) -> str:
    if text not in known:
        raise ValueError(text)
    return text


def _parse_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise ValueError(text)
    return int(text)


def _clean(text: str) -> str:
    return check_text(text, MAX_TEXT_LENGTH)
